#include "ingest/change.h"

#include <string.h>

#include "bundle.h"
#include "cfn.h"
#include "cluster_spec.h"
#include "io/doc.h"
#include "terraform.h"

/* Readers that know two states, or take a region; by the name of the format. */
struct change_format {
    const char *name;
    bool (*read)(struct change *change, const struct node *document, const char *path,
                 const char *region, struct err *err);
};

static bool read_state(struct change *change, const struct node *document, const char *path,
                       const char *region, struct err *err)
{
    return terraform_state_read(change->after, document, path, region, err);
}

static bool read_template(struct change *change, const struct node *document, const char *path,
                          const char *region, struct err *err)
{
    return cfn_template_read(change->after, document, path, region, err);
}

static bool read_bundle(struct change *change, const struct node *document, const char *path,
                        const char *region, struct err *err)
{
    return bundle_read(change->after, document, path, region, err);
}

static bool read_cluster_spec(struct change *change, const struct node *document,
                              const char *path, const char *region, struct err *err)
{
    return cluster_spec_read(change->after, document, path, region, err);
}

static const struct change_format formats[] = {
    {"terraform plan", terraform_plan_read},
    {"terraform state", read_state},
    {"cloudformation template", read_template},
    {"cloudformation change set", cfn_change_set_read},
    {"databricks bundle", read_bundle},
    {"databricks cluster", read_cluster_spec},
};

/* Other lines may stand before it, so its form is told from the document itself. */
static bool read_standard_input(struct change *change, const char *region, struct err *err)
{
    static const struct {
        const char *key, *format;
    } marks[] = {
        {"planned_values", "terraform plan"},     {"resource_changes", "terraform plan"},
        {"Resources", "cloudformation template"}, {"Changes", "cloudformation change set"},
        {"bundle", "databricks bundle"},          {"terraform_version", "terraform state"},
        {"node_type_id", "databricks cluster"},   {"new_cluster", "databricks cluster"},
        {"job_clusters", "databricks cluster"},   {"clusters", "databricks cluster"}};
    const struct node *document;
    if (!infrastructure_document(&document, &change->after->arena, "-", err))
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        for (size_t k = 0; k < sizeof formats / sizeof *formats; k++)
            if (node_get(document, marks[i].key) && !strcmp(formats[k].name, marks[i].format))
                return formats[k].read(change, document, "standard input", region, err);
    return err_set(err,
                   "standard input is neither a plan, a state, a template, a change set, a "
                   "bundle nor a cluster");
}

static bool read_document(const struct node **out, struct arena *arena, const char *format,
                          const char *path, struct err *err)
{
    return strncmp(format, "terraform", 9) ? doc_read(out, arena, path, err)
                                           : terraform_document(out, arena, path, err);
}

bool change_read(struct change *change, const char *path, const char *default_region,
                 const struct ingest_options *options, struct err *err)
{
    const struct ingest_format *format;
    if (!strcmp(path, "-"))
        return read_standard_input(change, default_region, err);
    if (!ingest_detect(&format, path, err))
        return false;
    for (size_t i = 0; format && i < sizeof formats / sizeof *formats; i++) {
        const struct node *document;
        if (!strcmp(formats[i].name, format->name))
            return read_document(&document, &change->after->arena, format->name, path, err) &&
                   formats[i].read(change, document, path, default_region, err);
    }
    return ingest_path(change->after, path, options, err);
}
