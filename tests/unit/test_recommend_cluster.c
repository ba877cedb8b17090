#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "built_in_book.h"
#include "map_text.h"
#include "near.h"
#include "pricing/catalogue.h"
#include "recommend/cluster_plan.h"
#include "recommend/recommend.h"

static struct layer_map *map;
static struct advice advice;

extern const struct recommender recommender_cluster;

/* What logs would have told of the phases; NULL: nothing. */
static void (*measured)(struct estate *estate);

/* "recommend:" of the configuration; NULL: none. */
static const struct node *parameters;

static struct set_aside aside; /* no id: nothing is */

static void advise(const char *clusters)
{
    struct err err = ERR_INIT;
    char text[65536];
    snprintf(
        text, sizeof text,
        "layer_map: 1\nregions: [{code: us-east-1}]\nlayers:\n  compute:\n    clusters:\n%s\n",
        clusters);
    map = map_of_text(text, &err);
    if (!map)
        fail_msg("%s", err.text);
    struct recommend_options options = recommend_defaults();
    options.parameters = parameters;
    options.set_aside = &aside;
    options.set_aside_count = aside.id != NULL;
    struct recommend_input in = {map->estate, book, &options};
    if (measured)
        measured(map->estate);
    estate_index(map->estate);
    advice_init(&advice, map->estate);
    assert_true(recommender_cluster.run(&advice, &in, &err));
}

static int clear(void **state)
{
    (void)state;
    advice_release(&advice);
    layer_map_free(map);
    map = NULL;
    measured = NULL;
    return 0;
}

static const struct recommendation *found(const char *kind)
{
    for (size_t i = 0; i < advice.recommendations.count; i++)
        if (!strcmp(advice.recommendations.at[i].kind, kind))
            return &advice.recommendations.at[i];
    return NULL;
}

static const char *declined(const char *kind)
{
    for (size_t i = 0; i < advice.declined.count; i++)
        if (!strcmp(advice.declined.at[i].kind, kind))
            return advice.declined.at[i].reason;
    return "";
}

static double saving(const struct recommendation *r)
{
    return money_double(recommendation_list_saving(r).expected);
}

/* 3 nodes x 0.76 DBU x (0.55 - 0.15) x 100 hours, all of it scheduled. */
static void jobs_leave_all_purpose_compute(void **state)
{
    (void)state;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.xlarge, workers: 2, "
           "hours_month: 100,\n"
           "       phases: [{name: n, class: etl}]}");
    const struct recommendation *r = found("cluster.jobs");
    assert_non_null(r);
    assert_near(saving(r), 3 * 0.76 * 0.40 * 100, 1e-6);
    assert_true(r->evidence.count >= 8); /* work, and both prices in their parts */
    assert_int_equal(r->artefacts.count, 2);
}

static void people_stay_on_theirs(void **state)
{
    (void)state;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.xlarge, workers: 2, "
           "hours_month: 100,\n"
           "       phases: [{name: n, class: interactive}]}");
    assert_null(found("cluster.jobs"));
    assert_null(found("cluster.spot"));
    assert_non_null(strstr(declined("cluster.spot"), "people work on it"));
}

/* It works 20 x 60 minutes of 400 hours; 20 x (30 to wait + 5 to start) minutes stay. */
static void idle_hours_end(void **state)
{
    (void)state;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.xlarge, workers: 2, "
           "hours_month: 400,\n"
           "       autotermination_min: 0,\n"
           "       phases: [{name: n, class: interactive, minutes: 60, runs_per_month: 20}]}");
    const struct recommendation *r = found("cluster.idle");
    assert_non_null(r);
    double hourly = 3 * (0.192 + 0.76 * 0.55);
    assert_near(saving(r), (400 - 20 - 20 * 35 / 60.0) * hourly, 1e-6);
    assert_int_equal(r->action, ACTION_SCHEDULE);
}

static struct cluster_life life_of(const int64_t *gaps_ms, size_t count, double hours)
{
    return (struct cluster_life){.cluster = 0,
                                 .up_ms = (int64_t)(hours * 3.6e6),
                                 .gaps_ms = gaps_ms,
                                 .gap_count = count,
                                 .source = "log"};
}

/* Two logs of 10 hours: gaps of 5, 12, 12 and 240 minutes, a tail of 60. */
static void long_gaps_in_logs(struct estate *estate)
{
    static const int64_t first[] = {5 * 60000, 240 * 60000},
                         second[] = {12 * 60000, 12 * 60000};
    VEC_ADD(&estate->lives, life_of(first, 2, 10));
    VEC_ADD(&estate->lives, life_of(second, 2, 10));
    estate->lives.at[1].tail_ms = 60 * 60000;
}

/* 329 of 1200 minutes waited. 10: 5 + 4 x 10 + 3 restarts of 5 = 60, saves 269; 15: 5 + 12 +
 * 12 + 15 + 15 + one restart = 64, saves 265 (98.5 %); 20 saves 255 (94.8 %). */
static void gaps_of_logs_choose_the_limit(void **state)
{
    (void)state;
    measured = long_gaps_in_logs;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.xlarge, workers: 2, "
           "hours_month: 400}");
    const struct recommendation *r = found("cluster.idle");
    assert_non_null(r);
    assert_string_equal(r->title, "Let a end after 15 idle minutes");
    double hourly = 3 * (0.192 + 0.76 * 0.55);
    assert_near(saving(r), 265 / 1200.0 * 400 * hourly, 1e-6);
    assert_int_equal(r->alternatives.count, 9);
    assert_int_equal(r->confidence, LEVEL_MEDIUM);
}

static void one_gap_that_a_restart_costs_as_much(struct estate *estate)
{
    static const int64_t gaps[] = {14 * 60000};
    VEC_ADD(&estate->lives, life_of(gaps, 1, 10));
}

static void never_idle(struct estate *estate)
{
    VEC_ADD(&estate->lives, life_of(NULL, 0, 10));
}

static void logs_without_long_gaps_save_nothing(void **state)
{
    static const char cluster[] = "    - {id: a, kind: all_purpose, worker_type: m6i.xlarge, "
                                  "workers: 2, hours_month: 400}";
    measured = one_gap_that_a_restart_costs_as_much;
    advise(cluster);
    assert_null(found("cluster.idle"));
    assert_non_null(strstr(declined("cluster.idle"), "0.00 USD"));
    clear(state);
    measured = never_idle;
    advise(cluster);
    assert_non_null(strstr(declined("cluster.idle"), "no idle minute"));
}

static void idle_time_that_nobody_saw(void **state)
{
    (void)state;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.xlarge, workers: 2, "
           "hours_month: 400}");
    assert_null(found("cluster.idle"));
    assert_non_null(strstr(declined("cluster.idle"), "at most"));
}

/* Seven of ten workers at a fifth of the price, less the work that is done again. */
static void spot_for_jobs(void **state)
{
    (void)state;
    advise("    - {id: a, kind: job, worker_type: m6i.xlarge, workers: 10, hours_month: 100,\n"
           "       spot_discount: 0.8}");
    const struct recommendation *r = found("cluster.spot");
    assert_non_null(r);
    double best = 7 * 0.192 * 0.8 * 100;
    assert_true(saving(r) < best && saving(r) > 0.8 * best);
    assert_string_equal(r->risk_dimension, "interruption");
    assert_true(r->risk >= 1);
    assert_non_null(strstr(r->artefacts.at[0].text, "SPOT_WITH_FALLBACK"));
}

/* Seventy per cent of four workers are two whole ones; of one worker none. */
static void spot_counts_whole_workers(void **state)
{
    advise("    - {id: a, kind: job, worker_type: m6i.xlarge, workers: 4, hours_month: 100,\n"
           "       spot_discount: 0.8}");
    const struct recommendation *r = found("cluster.spot");
    assert_non_null(r);
    assert_string_equal(r->title, "Let all but 2 workers of a be spot, with fallback");
    double best = 2 * 0.192 * 0.8 * 100;
    assert_true(saving(r) < best && saving(r) > 0.8 * best);
    assert_non_null(strstr(r->artefacts.at[0].text, "\"first_on_demand\": 3"));
    clear(state);
    advise("    - {id: a, kind: job, worker_type: m6i.xlarge, workers: 1, hours_month: 100}");
    assert_null(found("cluster.spot"));
    assert_non_null(strstr(declined("cluster.spot"), "with 1 worker none can be spot"));
}

/* What is pasted last must not take back what was pasted before, unless that is set aside. */
static void what_is_pasted_goes_on_from_other_advice(void **state)
{
    static const char cluster[] = "    - {id: a, kind: job, worker_type: m5.2xlarge, workers: 4,\n"
                                  "       hours_month: 300, spot_discount: 0.8}";
    advise(cluster);
    const struct recommendation *type = found("cluster.type"), *spot = found("cluster.spot");
    assert_non_null(type);
    assert_non_null(spot);
    const char *nodes = node_text(node_get(type->proposed, "node_type_id"), "");
    static char id[32];
    snprintf(id, sizeof id, "%s", type->id);
    assert_non_null(strstr(spot->artefacts.at[0].text, nodes));
    assert_null(strstr(spot->artefacts.at[0].text, "m5.2xlarge"));
    assert_non_null(strstr(type->artefacts.at[0].text, "ON_DEMAND"));
    clear(state);
    aside = (struct set_aside){id, "rejected"};
    advise(cluster);
    assert_non_null(strstr(found("cluster.spot")->artefacts.at[0].text, "m5.2xlarge"));
    aside = (struct set_aside){NULL, NULL};
}

static void spot_already(void **state)
{
    (void)state;
    advise("    - {id: a, kind: job, worker_type: m6i.xlarge, workers: 10, hours_month: 100,\n"
           "       availability: SPOT_WITH_FALLBACK}");
    assert_null(found("cluster.spot"));
}

/* Whatever it is: a node with as many vCPUs and as much memory, and cheaper. */
static void other_nodes(void **state)
{
    (void)state;
    advise("    - {id: a, kind: job, worker_type: m5.2xlarge, workers: 4, hours_month: 300}");
    const struct recommendation *r = found("cluster.type");
    assert_non_null(r);
    assert_true(saving(r) > 0);
    assert_int_equal(r->confidence, LEVEL_LOW);
}

/* Nothing is proposed that the configuration's list does not allow. */
static void nodes_of_the_allow_list(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct node *all = node_new(&arena, NODE_MAP), *cluster = node_new(&arena, NODE_MAP);
    node_add(&arena, all, "cluster", cluster);
    node_add(&arena, cluster, "types", node_string(&arena, "m6g.*"));
    parameters = all;
    advise("    - {id: a, kind: job, worker_type: m5.2xlarge, workers: 4, hours_month: 300}");
    const struct recommendation *r = found("cluster.type");
    assert_non_null(r);
    assert_non_null(strstr(r->title, "to m6g.2xlarge"));
    parameters = NULL;
    arena_release(&arena);
}

/* With one run to learn from there is either advice with what lost, or the reason for none. */
static void sizes_by_the_model(void **state)
{
    (void)state;
    advise("    - {id: a, kind: job, worker_type: m5d.2xlarge, workers: 8, hours_month: 300,\n"
           "       phases: [{name: n, class: etl, input_gb: 100, minutes: 60, runs_per_month: "
           "300}]}");
    const struct recommendation *r = found("cluster.size");
    const char *why = declined("cluster.size");
    assert_true(r || *why);
    if (r)
        assert_true(r->alternatives.count > 0 && r->evidence.count >= 5);
    assert_null(found("cluster.type")); /* one of the two looks at a cluster */
}

/* As a log gives it: beside the phase its run, in the workload's name. */
static void the_run_of_the_log(struct estate *estate)
{
    struct run run = run_unknown();
    run.workload = estate->phases.at[0].workload;
    run.instance_type = estate->phases.at[0].instance_type;
    run.workers = 8;
    run.minutes = 60.0001;
    run.input_gb = 100;
    VEC_ADD(&estate->runs, run);
}

static void a_phase_and_its_run_are_one_observation(void **state)
{
    (void)state;
    measured = the_run_of_the_log;
    advise("    - {id: a, kind: job, worker_type: i3.2xlarge, workers: 8, hours_month: 300,\n"
           "       phases: [{name: n, class: etl, input_gb: 100, minutes: 60, runs_per_month: "
           "300}]}");
    const struct recommendation *r = found("cluster.size");
    if (r)
        assert_string_equal(r->confidence_why, "1 run of its own");
    else
        assert_non_null(strstr(declined("cluster.size"), "with 1 run of its own"));
}

/* However many they are: those beyond the dearest only teach the others nothing. */
static void all_clusters_are_sized(void **state)
{
    enum { CLUSTERS = 130 };
    (void)state;
    struct buf clusters = BUF_INIT;
    for (int i = 0; i < CLUSTERS; i++)
        buf_printf(&clusters,
                   "    - {id: c%d, kind: job, worker_type: m5d.2xlarge, workers: 8, "
                   "hours_month: %d,\n       phases: [{name: p%d, class: etl, input_gb: %d, "
                   "minutes: 60, runs_per_month: 300}]}\n",
                   i, 100 + i, i, 20 + i);
    advise(buf_text(&clusters));
    size_t sized = 0;
    for (size_t i = 0; i < advice.recommendations.count; i++)
        sized += !strcmp(advice.recommendations.at[i].kind, "cluster.size");
    for (size_t i = 0; i < advice.declined.count; i++)
        sized += !strcmp(advice.declined.at[i].kind, "cluster.size");
    assert_int_equal(sized, CLUSTERS);
    assert_null(found("cluster.type"));
    buf_release(&clusters);
}

static void holds(const struct recommendation *r, size_t artefact, const char *text)
{
    assert_true(r && r->artefacts.count > artefact);
    if (!strstr(r->artefacts.at[artefact].text, text))
        fail_msg("'%s' is not in:\n%s", text, r->artefacts.at[artefact].text);
}

/* What is pasted keeps what does not change, in the words of the API and the provider. */
static void artefacts_of_a_job(void **state)
{
    (void)state;
    advise("    - {id: a, name: 'say \"${x}\"', kind: job, worker_type: m5.2xlarge, "
           "min_workers: 4,\n"
           "       max_workers: 8, hours_month: 300, spark_version: 13.3.x-photon-scala2.12,\n"
           "       runtime_engine: PHOTON}");
    const struct recommendation *r = found("cluster.type");
    holds(r, 0, "\"new_cluster\": {");
    holds(r, 0, "\"min_workers\": 4");
    holds(r, 0, "\"max_workers\": 8");
    holds(r, 1,
          "resource \"databricks_job\" \"say____x__\" {\n  name = \"say \\\"$${x}\\\"\"");
    holds(r, 1, "      autoscale {\n        min_workers = 4");
    bool arm = strstr(r->title, "g.2xlarge") != NULL;
    holds(r, 0, arm ? "\"13.3.x-aarch64-scala2.12\"" : "\"13.3.x-scala2.12\"");
    holds(r, 0, "\"runtime_engine\": \"PHOTON\"");
    assert_null(strstr(r->artefacts.at[0].text, "autotermination"));
}

static void with_init_scripts(struct estate *estate)
{
    struct node *attrs = (struct node *)(uintptr_t)estate->resources.at[0].attrs;
    struct node *list = node_add(&estate->arena, attrs, "init_scripts",
                                 node_new(&estate->arena, NODE_LIST));
    node_add(&estate->arena, list, NULL, node_new(&estate->arena, NODE_MAP));
    node_add(&estate->arena, attrs, "instance_pool_id", node_string(&estate->arena, "pool-1"));
    node_add(&estate->arena, attrs, "spark_env_vars", node_new(&estate->arena, NODE_MAP));
}

/* An edit replaces the whole specification. */
static void what_is_pasted_says_what_it_leaves_out(void **state)
{
    (void)state;
    measured = with_init_scripts;
    advise("    - {id: a, kind: job, worker_type: m5.2xlarge, workers: 4, hours_month: 300,\n"
           "       spark_version: 15.4.x-scala2.12}");
    const struct recommendation *r = found("cluster.type");
    const char *said = "";
    for (size_t i = 0; r && i < r->evidence.count; i++)
        if (!strcmp(r->evidence.at[i].label, "Settings to keep"))
            said = r->evidence.at[i].value;
    assert_string_equal(said, "not in what is pasted: instance_pool_id, init_scripts");
}

static void artefacts_of_one_node(void **state)
{
    (void)state;
    advise("    - {id: a, kind: all_purpose, worker_type: m5.2xlarge, workers: 0, "
           "hours_month: 300,\n"
           "       spark_version: 15.4.x-scala2.12, autotermination_min: 60}");
    const struct recommendation *r = found("cluster.type");
    holds(r, 0, "\"num_workers\": 0");
    holds(r, 0, "\"spark.master\": \"local[*]\"");
    holds(r, 0, "\"ResourceClass\": \"SingleNode\"");
    holds(r, 0, "\"autotermination_minutes\": 60");
    holds(r, 0, "\"spark_version\": \"15.4.x-scala2.12\"");
    holds(r, 1, "resource \"databricks_cluster\" \"a\" {");
}

/* 16 cores and 64 GiB of a driver become 8 and 64: half of its cores, all of its memory. */
static void drivers_keep_their_memory(void **state)
{
    (void)state;
    advise("    - {id: a, kind: job, worker_type: r5.2xlarge, driver_type: m6i.4xlarge, "
           "workers: 4,\n"
           "       hours_month: 300}");
    const struct recommendation *r = found("cluster.driver");
    if (!r) /* then its workers change, and the driver with them */
        r = found("cluster.type");
    assert_non_null(r);
    const char *driver = node_text(node_get(r->proposed, "driver_node_type_id"), "");
    const struct instance_type *t = catalogue_find(book, driver);
    assert_non_null(t);
    assert_true(t->memory_gib >= 64 && t->vcpus >= 8 && t->vcpus < 16);
    holds(r, 0, driver);
}

static void drivers_of_people_stay(void **state)
{
    (void)state;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.2xlarge, driver_type: "
           "m6i.4xlarge,\n"
           "       workers: 4, hours_month: 300}");
    assert_null(found("cluster.driver"));
    assert_non_null(strstr(declined("cluster.driver"), "people's own code"));
}

static void set_phase(struct estate *estate, size_t phase, bool photon, double minutes)
{
    struct phase *p = &estate->phases.at[phase];
    p->workload = intern(estate->symbols, "w");
    p->instance_type = intern(estate->symbols, "m6i.2xlarge");
    p->workers = 4;
    p->minutes = minutes;
    p->input_gb = 100;
    p->photon = photon;
}

static void with_photon_twice_as_fast(struct estate *estate)
{
    set_phase(estate, 0, false, 60);
    set_phase(estate, 1, true, 24);
}

static void with_photon_hardly_faster(struct estate *estate)
{
    set_phase(estate, 0, false, 60);
    set_phase(estate, 1, true, 55);
}

static const char both_ways[] =
    "    - {id: a, kind: job, worker_type: m6i.2xlarge, workers: 4, hours_month: 300,\n"
    "       phases: [{name: n, class: etl}]}\n"
    "    - {id: b, kind: job, worker_type: m6i.2xlarge, workers: 4, hours_month: 1,\n"
    "       runtime_engine: PHOTON, phases: [{name: n, class: etl}]}";

/* 300 hours at the Photon rate, two fifths of them. */
static void photon_where_both_ran(void **state)
{
    (void)state;
    measured = with_photon_twice_as_fast;
    advise(both_ways);
    const struct recommendation *r = found("cluster.photon");
    assert_non_null(r);
    double now = money_double(r->list.now.expected),
           then = money_double(r->list.after.expected);
    assert_true(then < now && then > 0.4 * now);
    holds(r, 0, "\"runtime_engine\": \"PHOTON\"");
}

static void photon_that_does_not_pay(void **state)
{
    (void)state;
    measured = with_photon_hardly_faster;
    advise(both_ways);
    for (size_t i = 0; i < advice.recommendations.count; i++)
        if (!strcmp(advice.recommendations.at[i].kind, "cluster.photon"))
            assert_string_equal(advice.recommendations.at[i].title, "Run b without Photon");
    assert_non_null(strstr(declined("cluster.photon"), "0.92 times as long"));
}

static void one_busy_and_one_idle(struct estate *estate)
{
    set_phase(estate, 0, false, 60);
    set_phase(estate, 1, false, 60);
    estate->phases.at[0].workers = estate->phases.at[1].workers = 10;
    estate->phases.at[0].slot_use = 0.9;
    estate->phases.at[1].slot_use = 0.18;
}

/* Ten workers for one hour and two for the other: six on the mean, and the driver. */
static void ranges_from_slots_in_use(void **state)
{
    (void)state;
    measured = one_busy_and_one_idle;
    advise("    - {id: a, kind: all_purpose, worker_type: m6i.2xlarge, workers: 10, "
           "hours_month: 300,\n"
           "       phases: [{name: n, class: etl}, {name: o, class: etl}]}");
    const struct recommendation *r = found("cluster.autoscale");
    if (!r) { /* the model found a shape that saves more */
        assert_non_null(found("cluster.size"));
        return;
    }
    double now = money_double(r->list.now.expected),
           then = money_double(r->list.after.expected);
    assert_near(then / now, 7.0 / 11, 1e-6);
    holds(r, 0, "\"min_workers\": 2");
    holds(r, 0, "\"max_workers\": 10");
}

static void what_is_missing(void **state)
{
    (void)state;
    advise("    - {id: a, kind: job, workers: 2, hours_month: 10}\n"
           "    - {id: b, kind: job, worker_type: m6i.xlarge, workers: 2}");
    assert_int_equal(advice.recommendations.count, 0);
    assert_int_equal(advice.declined.count, 2);
    assert_non_null(strstr(advice.declined.at[0].reason, "instance type"));
    assert_non_null(strstr(advice.declined.at[1].reason, "how long"));
}

/* Work without nodes: the model's choice becomes the declared one, and its doubt the hours'.
 */
static void nodes_for_declared_work(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct recommend_options options = recommend_defaults();
    advise("    - {id: a, kind: job, workers: 4,\n"
           "       phases: [{name: n, class: etl, input_gb: 100, runs_per_month: 30,\n"
           "                 allowed_types: 'r5*'}]}");
    assert_true(cluster_plan(map->estate, book, &options, &err));
    const struct resource *r = &map->estate->resources.at[0];
    struct range hours;
    assert_int_equal(strncmp(node_text(node_get(r->attrs, "node_type_id"), ""), "r5", 2), 0);
    assert_near(node_number(node_get(r->attrs, "num_workers"), 0), 4, 0);
    assert_true(range_read(&hours, node_get(r->usage, "monthly_hours")));
    assert_true(hours.low > 0 && hours.low < hours.expected && hours.expected < hours.high);
    assert_int_equal(map->estate->notes.count, 1);
}

static double sum_of_minutes(const struct estate *estate)
{
    double sum = 0;
    for (size_t i = 0; i < estate->phases.count; i++)
        sum += estate->phases.at[i].minutes * estate->phases.at[i].runs_per_month;
    return sum;
}

/* All phases make the hours, not only the first; a type that is stated stays. */
static void nodes_for_all_phases(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct recommend_options options = recommend_defaults();
    advise("    - {id: a, kind: job, worker_type: r5d.2xlarge,\n"
           "       phases: [{name: n, class: ingest, input_gb: 300, runs_per_month: 30},\n"
           "                {name: o, class: etl, input_gb: 100, runs_per_month: 4}]}");
    assert_true(cluster_plan(map->estate, book, &options, &err));
    const struct resource *r = &map->estate->resources.at[0];
    struct range hours;
    assert_string_equal(node_text(node_get(r->attrs, "node_type_id"), ""), "r5d.2xlarge");
    const struct instance_type *driver =
        catalogue_find(book, node_text(node_get(r->attrs, "driver_node_type_id"), ""));
    assert_true(driver && driver->memory_gib >= 64);
    assert_true(range_read(&hours, node_get(r->usage, "monthly_hours")));
    assert_near(hours.expected, sum_of_minutes(map->estate) / 60, 1e-9);
    assert_true(map->estate->phases.at[0].minutes > 0 &&
                map->estate->phases.at[1].minutes > 0);
    assert_non_null(strstr(map->estate->notes.at[0].text, "n "));
    assert_non_null(strstr(map->estate->notes.at[0].text, "; o "));
}

static void a_driver_without_a_price_is_said(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct recommend_options options = recommend_defaults();
    advise("    - {id: a, kind: job, driver_type: zz.large,\n"
           "       phases: [{name: n, class: etl, input_gb: 100, runs_per_month: 30}]}");
    assert_true(cluster_plan(map->estate, book, &options, &err));
    assert_non_null(strstr(map->estate->notes.at[0].text, "price not known"));
    assert_null(strstr(map->estate->notes.at[0].text, "nan"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(nodes_for_declared_work, clear),
        cmocka_unit_test_teardown(nodes_for_all_phases, clear),
        cmocka_unit_test_teardown(a_driver_without_a_price_is_said, clear),
        cmocka_unit_test_teardown(jobs_leave_all_purpose_compute, clear),
        cmocka_unit_test_teardown(people_stay_on_theirs, clear),
        cmocka_unit_test_teardown(idle_hours_end, clear),
        cmocka_unit_test_teardown(gaps_of_logs_choose_the_limit, clear),
        cmocka_unit_test_teardown(logs_without_long_gaps_save_nothing, clear),
        cmocka_unit_test_teardown(idle_time_that_nobody_saw, clear),
        cmocka_unit_test_teardown(spot_for_jobs, clear),
        cmocka_unit_test_teardown(spot_counts_whole_workers, clear),
        cmocka_unit_test_teardown(what_is_pasted_goes_on_from_other_advice, clear),
        cmocka_unit_test_teardown(spot_already, clear),
        cmocka_unit_test_teardown(other_nodes, clear),
        cmocka_unit_test_teardown(nodes_of_the_allow_list, clear),
        cmocka_unit_test_teardown(sizes_by_the_model, clear),
        cmocka_unit_test_teardown(a_phase_and_its_run_are_one_observation, clear),
        cmocka_unit_test_teardown(all_clusters_are_sized, clear),
        cmocka_unit_test_teardown(artefacts_of_a_job, clear),
        cmocka_unit_test_teardown(what_is_pasted_says_what_it_leaves_out, clear),
        cmocka_unit_test_teardown(artefacts_of_one_node, clear),
        cmocka_unit_test_teardown(drivers_keep_their_memory, clear),
        cmocka_unit_test_teardown(drivers_of_people_stay, clear),
        cmocka_unit_test_teardown(photon_where_both_ran, clear),
        cmocka_unit_test_teardown(photon_that_does_not_pay, clear),
        cmocka_unit_test_teardown(ranges_from_slots_in_use, clear),
        cmocka_unit_test_teardown(what_is_missing, clear),
    };
    return cmocka_run_group_tests(tests, open_book, close_book);
}
