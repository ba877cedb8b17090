#include "bundle.h"

#include <string.h>

#include "ingest/ingest.h"
#include "io/doc.h"
#include "io/files.h"
#include "terraform.h"

/* What the API writes in the plural, the Terraform provider writes as repeated blocks. */
static const struct node *renamed(struct arena *arena, const char *kind,
                                  const struct node *value)
{
    static const struct {
        const char *kind, *from, *to;
    } names[] = {
        {"jobs", "tasks", "task"},
        {"jobs", "job_clusters", "job_cluster"},
        {"jobs", "environments", "environment"},
        {"pipelines", "clusters", "cluster"},
        {"pipelines", "libraries", "library"},
    };
    struct node *out = node_new(arena, NODE_MAP);
    for (size_t i = 0; i < value->count; i++) {
        struct node *item = ARENA_NEW(arena, struct node);
        const char *key = value->items[i]->key;
        *item = *value->items[i];
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (!strcmp(names[k].kind, kind) && !strcmp(names[k].from, key))
                key = names[k].to;
        node_add(arena, out, key, item);
    }
    return out;
}

static void add_resource(struct estate *estate, const char *kind, const struct node *value,
                         const char *path, const char *region)
{
    struct arena *arena = &estate->arena;
    const char *type = bundle_type(arena, kind);
    uint32_t i = estate_resource(estate, arena_printf(arena, "%s.%s", type, value->key));
    struct resource *r = &estate->resources.at[i];
    r->type = intern(estate->symbols, type);
    r->address = r->key;
    r->attrs = renamed(arena, kind, value);
    r->source = arena_strdup(arena, path);
    r->line = value->line;
    if (region)
        r->region = intern(estate->symbols, region);
    terraform_describe(estate, i, NULL);
}

static void add_resources(struct estate *estate, const struct node *resources,
                          const struct bundle_variables *variables, const char *path,
                          const char *region)
{
    for (size_t k = 0; node_is(resources, NODE_MAP) && k < resources->count; k++) {
        const struct node *kind = resources->items[k];
        for (size_t i = 0; node_is(kind, NODE_MAP) && i < kind->count; i++) {
            const struct node *value = bundle_fill(&estate->arena, variables, kind->items[i]);
            if (!node_is(value, NODE_MAP)) {
                estate_note(estate, NOTE_UNREAD, path, "%s.%s is not a map of settings",
                            kind->key, kind->items[i]->key);
                continue;
            }
            struct node *named = (struct node *)value;
            named->key = kind->items[i]->key;
            named->line = kind->items[i]->line;
            add_resource(estate, kind->key, named, path, region);
        }
    }
}

/* The target that is marked default, or the only one; NULL and a note where nobody chose. */
static const struct node *target_of(struct estate *estate, const struct node *document,
                                    const char *path)
{
    const struct node *targets = node_get(document, "targets");
    if (!targets)
        targets = node_get(document, "environments");
    if (!node_is(targets, NODE_MAP) || !targets->count)
        return NULL;
    const struct node *chosen = targets->count == 1 ? targets->items[0] : NULL;
    for (size_t i = 0; i < targets->count; i++)
        if (node_bool(node_get(targets->items[i], "default"), false))
            chosen = targets->items[i];
    if (chosen)
        estate_note(estate, NOTE_INFO, path, "read for target %s", chosen->key);
    else
        estate_note(estate, NOTE_WARNING, path,
                    "%zu targets and none is the default: read without any; databricks bundle "
                    "validate -t TARGET --output json gives one target's",
                    targets->count);
    return chosen;
}

static const struct node *with_included(struct estate *estate, const struct node *document,
                                        const char *path, struct err *err)
{
    struct arena *arena = &estate->arena;
    const struct node *include = node_get(document, "include");
    const struct node *whole = document;
    const char *folder = path_folder(arena, path);
    for (size_t i = 0; node_is(include, NODE_LIST) && i < include->count; i++) {
        struct path_list list = {0};
        struct err missing = ERR_INIT;
        const char *pattern = node_text(include->items[i], "");
        if (!files_expand(&list, arena, path_join(arena, folder, pattern), &missing))
            estate_note(estate, NOTE_WARNING, path, "include %s: %s", pattern, missing.text);
        for (size_t k = 0; k < list.paths.count && whole; k++) {
            const struct node *part;
            whole = doc_read(&part, arena, list.paths.at[k], err)
                        ? bundle_merge(arena, whole, part)
                        : NULL;
        }
        path_list_release(&list);
        if (!whole)
            return NULL;
    }
    return whole;
}

bool bundle_read(struct estate *estate, const struct node *document, const char *path,
                 const char *region, struct err *err)
{
    struct arena *arena = &estate->arena;
    if (!node_is(document, NODE_MAP))
        return err_set(err, "%s: not a bundle: it is not a map", path);
    const struct node *whole = with_included(estate, document, path, err);
    if (!whole)
        return false;
    const struct node *target = target_of(estate, whole, path);
    const struct node *resources =
        bundle_merge(arena, node_get(whole, "resources"), node_get(target, "resources"));
    struct bundle_variables variables = {node_get(whole, "variables"),
                                         node_get(target, "variables")};
    add_resources(estate, resources, &variables, path, region);
    return true;
}

static bool line_begins(const struct probe *probe, const char *text)
{
    size_t n = strlen(text);
    for (const char *at = probe->bytes, *end = at + probe->length; at && at < end;) {
        if ((size_t)(end - at) >= n && !memcmp(at, text, n))
            return true;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    return false;
}

static int matches(const struct probe *probe)
{
    if (line_begins(probe, "bundle:"))
        return 2;
    if (line_begins(probe, "resources:")) /* a part that a bundle includes */
        return 1;
    return probe_holds(probe, "\"bundle\"") && probe_holds(probe, "\"resources\"") &&
           !probe_holds(probe, "\"planned_values\"");
}

static bool read(struct estate *into, const char *path, const struct ingest_options *options,
                 struct err *err)
{
    (void)options;
    const struct node *document;
    return doc_read(&document, &into->arena, path, err) &&
           bundle_read(into, document, path, NULL, err);
}

extern const struct ingest_format ingest_bundle;
const struct ingest_format ingest_bundle = {
    .name = "databricks bundle",
    .summary = "Databricks Asset Bundle, databricks.yml or its resolved JSON",
    .matches = matches,
    .read = read,
};
