#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "change_fixture.h"
#include "ingest/bundle.h"
#include "ingest/cfn.h"
#include "io/doc.h"

static const struct node *yaml(const char *text)
{
    const struct node *n;
    if (!doc_parse_yaml(&n, &change.after->arena, "test", text, strlen(text), &err))
        fail_msg("%s", err.text);
    return n;
}

static void read_template(const char *text)
{
    if (!cfn_template_read(change.after, yaml(text), "t.yaml", "eu-west-1", &err))
        fail_msg("%s", err.text);
}

static const char *text_at(const char *key, const char *path)
{
    return node_text(node_at(after(key)->attrs, path), "(none)");
}

static void names_and_shapes_are_those_of_terraform(void **state)
{
    (void)state;
    read_template(
        "Resources:\n"
        "  Disk: {Type: AWS::EC2::Volume, Properties: {VolumeType: gp3, Size: 20}}\n"
        "  Db:\n    Type: AWS::RDS::DBInstance\n    Properties:\n"
        "      DBInstanceClass: db.t3.large\n      MultiAZ: true\n"
        "      Tags: [{Key: Owner, Value: data}]\n"
        "  Web:\n    Type: AWS::EC2::Instance\n    Properties:\n"
        "      InstanceType: m5.large\n      BlockDeviceMappings:\n"
        "        - {DeviceName: /dev/xvda, Ebs: {VolumeSize: 30}}\n"
        "        - {DeviceName: /dev/sdb, Ebs: {VolumeSize: 100, VolumeType: st1}}\n");
    assert_string_equal(after("Disk")->type, "aws_ebs_volume");
    assert_string_equal(text_at("Disk", "type"), "gp3");
    assert_string_equal(text_at("Db", "instance_class"), "db.t3.large");
    assert_string_equal(resource_tag(after("Db"), "Owner"), "data");
    assert_string_equal(text_at("Web", "root_block_device.volume_size"), "30");
    assert_string_equal(text_at("Web", "ebs_block_device.0.volume_type"), "st1");
    assert_string_equal(after("Web")->region, "eu-west-1");
}

static void functions_come_to_their_values(void **state)
{
    (void)state;
    read_template("Parameters:\n  Kind: {Type: String, Default: m5.large}\n"
                  "  Stage: {Type: String, Default: dev}\n  Open: {Type: String}\n"
                  "Mappings:\n  Sizes: {dev: {gb: 10}, prod: {gb: 500}}\n"
                  "Conditions:\n  IsProd: !Equals [!Ref Stage, prod]\n"
                  "  NotProd: !Not [!Condition IsProd]\n  Asked: !Equals [!Ref Open, 'yes']\n"
                  "Resources:\n"
                  "  A:\n    Type: AWS::EC2::Instance\n    Properties:\n"
                  "      InstanceType: !Ref Kind\n"
                  "      Name: !Sub '${Stage}-${AWS::Region}'\n"
                  "      Joined: !Join ['/', [a, !Ref Stage]]\n"
                  "      Home: !Sub '${Stage}/${!aws:username}/'\n"
                  "      LaunchTemplate: {LaunchTemplateId: !Ref B}\n"
                  "      Gone: !If [IsProd, x, !Ref 'AWS::NoValue']\n"
                  "  B: {Type: AWS::EC2::LaunchTemplate}\n"
                  "  C:\n    Type: AWS::EC2::Volume\n    Properties:\n"
                  "      Size: !FindInMap [Sizes, !Ref Stage, gb]\n"
                  "      Iops: !If [Asked, 3000, 6000]\n"
                  "  D: {Type: AWS::EC2::EIP, Condition: IsProd}\n"
                  "  E: {Type: AWS::EC2::EIP, Condition: NotProd}\n");
    assert_string_equal(text_at("A", "instance_type"), "m5.large");
    assert_string_equal(text_at("A", "name"), "dev-eu-west-1");
    assert_string_equal(text_at("A", "joined"), "a/dev");
    assert_string_equal(text_at("A", "home"), "dev/${aws:username}/");
    assert_string_equal(node_at(after("A")->attrs, "launch_template.id")->text, "B");
    assert_null(node_get(after("A")->attrs, "gone"));
    assert_string_equal(text_at("C", "size"), "10");
    struct range iops;
    assert_true(range_read(&iops, node_get(after("C")->attrs, "iops")));
    assert_float_equal(iops.low, 3000, 0);
    assert_float_equal(iops.high, 6000, 0);
    assert_int_equal(estate_find(change.after, "D"), NOTHING);
    assert_int_not_equal(estate_find(change.after, "E"), NOTHING);
}

static void loops_are_unrolled(void **state)
{
    (void)state;
    read_template(
        "Parameters:\n  Names: {Type: CommaDelimitedList, Default: 'a, b'}\n"
        "Resources:\n  Fn::ForEach::Disks:\n    - Name\n    - !Ref Names\n"
        "    - Disk${Name}:\n        Type: AWS::EC2::Volume\n"
        "        Properties: {Size: 8, Label: !Sub 'disk-${Name}'}\n"
        "  Fn::ForEach::Open: [X, !Ref Missing, {'Y${X}': {Type: AWS::EC2::EIP}}]\n");
    assert_int_equal(change.after->resources.count, 2);
    assert_string_equal(text_at("Diskb", "label"), "disk-b");
    assert_int_equal(change.after->notes.count, 1);
}

static void change_sets_hold_both_sides(void **state)
{
    (void)state;
    const struct node *set =
        yaml("{\"Changes\": [{\"ResourceChange\": {\"Action\": \"Modify\", "
             "\"LogicalResourceId\": \"V\","
             "\"ResourceType\": \"AWS::EC2::Volume\", \"Replacement\": \"True\","
             "\"BeforeContext\": \"{\\\"Properties\\\":{\\\"Size\\\":\\\"10\\\"}}\","
             "\"AfterContext\": \"{\\\"Properties\\\":{\\\"Size\\\":\\\"20\\\"}}\"}},"
             "{\"ResourceChange\": {\"Action\": \"Add\", \"LogicalResourceId\": \"N\","
             "\"ResourceType\": \"AWS::EC2::NatGateway\"}}]}");
    assert_true(cfn_change_set_read(&change, set, "set.json", NULL, &err));
    assert_string_equal(text_at("V", "size"), "20");
    assert_string_equal(node_text(node_get(change.before->resources.at[0].attrs, "size"), ""),
                        "10");
    assert_int_equal(change.actions.at[0].kind, CHANGE_REPLACED);
    assert_int_equal(change.before->resources.count, 1);
    assert_int_equal(change.after->notes.count, 1);
}

static void read_bundle(const char *text)
{
    if (!bundle_read(change.after, yaml(text), "databricks.yml", "us-east-1", &err))
        fail_msg("%s", err.text);
}

/* The default target's cluster lies on the job's by its key; variables keep their kind. */
static void a_bundle_is_read_for_its_default_target(void **state)
{
    (void)state;
    read_bundle("bundle: {name: b}\n"
                "variables:\n  n: {default: 2}\n  node: {default: i3.xlarge}\n"
                "resources:\n  jobs:\n    etl:\n      job_clusters:\n"
                "        - job_cluster_key: main\n          new_cluster:\n"
                "            spark_version: 15.4.x\n            num_workers: ${var.n}\n"
                "      tasks:\n        - {task_key: t, existing_cluster_id: "
                "'${resources.clusters.shared.id}'}\n"
                "  clusters:\n    shared: {node_type_id: '${var.node}', num_workers: 1}\n"
                "targets:\n  dev: {}\n  prod:\n    default: true\n"
                "    variables: {n: 8}\n    resources:\n      jobs:\n        etl:\n"
                "          job_clusters:\n            - job_cluster_key: main\n"
                "              new_cluster: {node_type_id: m5.large}\n");
    const struct node *job = after("databricks_job.etl")->attrs;
    assert_float_equal(node_number(node_at(job, "job_cluster.new_cluster.num_workers"), 0), 8,
                       0);
    assert_string_equal(node_text(node_at(job, "job_cluster.new_cluster.node_type_id"), ""),
                        "m5.large");
    assert_string_equal(node_text(node_at(job, "job_cluster.new_cluster.spark_version"), ""),
                        "15.4.x");
    assert_string_equal(node_at(job, "task.existing_cluster_id")->text,
                        "databricks_cluster.shared");
    assert_string_equal(text_at("databricks_cluster.shared", "node_type_id"), "i3.xlarge");
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_change, release_change)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(names_and_shapes_are_those_of_terraform),
        T(functions_come_to_their_values),
        T(loops_are_unrolled),
        T(change_sets_hold_both_sides),
        T(a_bundle_is_read_for_its_default_target),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
