#include "cmd_phases.h"
#include "report/result.h"

/* used[i]: some phase of a log is label i. */
static void count_named(size_t *named, size_t *all, bool *used, const struct phases_input *in)
{
    for (size_t i = 0; i < in->sources.at.count; i++)
        for (size_t k = 0; in->logs[i] && k < in->phases[i].at.count; k++) {
            const struct spark_phase *p = &in->phases[i].at.at[k];
            *all += !p->idle;
            *named += p->declared != NULL;
            for (size_t l = 0; p->declared && l < spark_labels_count(in->labels); l++)
                used[l] |= spark_labels_phase(in->labels, l) == p->declared;
        }
}

static const char *unused_ids(struct report *report, struct node *list, const bool *used,
                              const struct spark_labels *labels)
{
    const char *ids = NULL;
    for (size_t l = 0; l < spark_labels_count(labels); l++) {
        const char *id = spark_labels_phase(labels, l)->id;
        if (used[l])
            continue;
        node_add(&report->arena, list, NULL, node_string(&report->arena, id));
        ids = ids ? arena_printf(&report->arena, "%s, %s", ids, id) : id;
    }
    return ids;
}

void phases_put_labels(struct report *report, const struct phases_input *in)
{
    size_t named = 0, all = 0, labels = spark_labels_count(in->labels);
    if (!in->map)
        return;
    bool *used = ARENA_ARRAY(&report->arena, bool, labels + 1);
    count_named(&named, &all, used, in);
    struct node *json =
        node_add(&report->arena, report->json, "names", node_new(&report->arena, NODE_MAP));
    struct node *list = node_new(&report->arena, NODE_LIST);
    const char *ids = unused_ids(report, list, used, in->labels);
    result_text(report, json, "map", in->map->path);
    result_number(report, json, "named", (double)named);
    result_number(report, json, "unnamed", (double)(all - named));
    node_add(&report->arena, json, "unused", list);
    struct section *s = report_section(report, "names", "Names of the layer map");
    if (!labels)
        section_text(report, s,
                     "No phase of %s has a match: nothing tells which work is which phase.",
                     in->map->path);
    else
        section_text(report, s, "%s names %zu of %zu phases%s.%s%s%s", in->map->path, named,
                     all, named < all ? "; the others keep the names of their classes" : "",
                     ids ? " No work is " : "", ids ? ids : "", ids ? "." : "");
}
