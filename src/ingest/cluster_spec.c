#include "cluster_spec.h"

#include <ctype.h>

#include "bundle.h"
#include "ingest/ingest.h"
#include "io/doc.h"

/* The keys that name a resource, and what it is called without any of them. */
struct spec_kind {
    const char *kind, *names[3], *otherwise;
};

static const struct spec_kind a_cluster = {
    "clusters", {"cluster_name", "cluster_id", NULL}, "cluster"};
static const struct spec_kind a_job = {"jobs", {"name", "job_id", NULL}, "job"};

static const char *name_of(struct arena *arena, const struct spec_kind *kind,
                           const struct node *spec, const struct node *taken)
{
    const char *name = kind->otherwise;
    for (size_t i = 0; kind->names[i]; i++) {
        const struct node *n = node_get(spec, kind->names[i]);
        if (n && n->text && *n->text && !node_get(taken, n->text))
            return n->text;
    }
    for (size_t i = 2; node_get(taken, name); i++)
        name = arena_printf(arena, "%s %zu", kind->otherwise, i);
    return name;
}

static void put(struct arena *arena, struct node *resources, const struct spec_kind *kind,
                const struct node *spec)
{
    struct node *all = (struct node *)node_get(resources, kind->kind);
    if (!node_is(spec, NODE_MAP))
        return;
    if (!all)
        all = node_add(arena, resources, kind->kind, node_new(arena, NODE_MAP));
    struct node *copy = node_copy(arena, spec);
    copy->line = spec->line;
    node_add(arena, all, name_of(arena, kind, spec, all), copy);
}

/* A job's own settings stand one step below what the API wraps around them. */
static void put_job(struct arena *arena, struct node *resources, const struct node *job)
{
    const struct node *settings = node_get(job, "settings");
    put(arena, resources, &a_job, settings ? settings : job);
}

static bool is_job(const struct node *n)
{
    return node_get(n, "new_cluster") || node_get(n, "job_clusters") || node_get(n, "tasks") ||
           node_get(n, "settings");
}

/* Other answers of the API hold clusters too, which are not theirs to be read as. */
static bool is_cluster(const struct node *n)
{
    return node_get(n, "node_type_id") || node_get(n, "instance_pool_id");
}

static void put_any(struct arena *arena, struct node *resources, const struct node *n)
{
    if (is_job(n))
        put_job(arena, resources, n);
    else if (is_cluster(n))
        put(arena, resources, &a_cluster, n);
}

bool cluster_spec_read(struct estate *estate, const struct node *document, const char *path,
                       const char *region, struct err *err)
{
    static const char *const lists[] = {"clusters", "jobs"};
    struct arena *arena = &estate->arena;
    struct node *bundle = node_new(arena, NODE_MAP);
    struct node *resources = node_add(arena, bundle, "resources", node_new(arena, NODE_MAP));
    bool listed = node_is(document, NODE_LIST);
    for (size_t i = 0; listed && i < document->count; i++)
        put_any(arena, resources, document->items[i]);
    for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
        const struct node *list = node_get(document, lists[l]);
        listed = listed || node_is(list, NODE_LIST);
        for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++)
            put_any(arena, resources, list->items[i]);
    }
    if (!listed)
        put_any(arena, resources, document);
    if (!resources->count)
        return err_set(err, "%s: neither a cluster nor a job with its settings", path);
    return bundle_read(estate, bundle, path, region, err);
}

static bool begins_like_json(const struct probe *probe)
{
    size_t i = 0;
    while (i < probe->length && isspace((unsigned char)probe->bytes[i]))
        i++;
    return i < probe->length && (probe->bytes[i] == '{' || probe->bytes[i] == '[');
}

static int matches(const struct probe *probe)
{
    static const char *const sizes[] = {"\"num_workers\"", "\"autoscale\"", "\"spark_version\""};
    static const char *const others[] = {"\"planned_values\"", "\"resource_changes\"",
                                         "\"terraform_version\"", "\"resources\"", "\"Event\""};
    bool sized = false, other = false;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        sized = sized || probe_holds(probe, sizes[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        other = other || probe_holds(probe, others[i]);
    return begins_like_json(probe) && sized && !other &&
           (probe_holds(probe, "\"node_type_id\"") || probe_holds(probe, "\"instance_pool_id\""));
}

static bool read(struct estate *into, const char *path, const struct ingest_options *options,
                 struct err *err)
{
    (void)options;
    const struct node *document;
    return doc_read(&document, &into->arena, path, err) &&
           cluster_spec_read(into, document, path, NULL, err);
}

extern const struct ingest_format ingest_cluster_spec;
const struct ingest_format ingest_cluster_spec = {
    .name = "databricks cluster",
    .summary = "Databricks cluster or job, JSON of the API or the UI",
    .matches = matches,
    .read = read,
};
