#include "sarif.h"

#include "review_parts.h"

static struct node *map_in(struct report *report, struct node *parent, const char *key)
{
    return node_add(&report->arena, parent, key, node_new(&report->arena, NODE_MAP));
}

static struct node *list_in(struct report *report, struct node *parent, const char *key)
{
    return node_add(&report->arena, parent, key, node_new(&report->arena, NODE_LIST));
}

static const char *level_of(enum severity severity)
{
    static const char *const levels[] = {"note", "warning", "error"};
    return levels[severity];
}

static void put_rule(struct report *report, struct node *rules, const struct policy_text *policy)
{
    struct node *rule = map_in(report, rules, NULL);
    result_text(report, rule, "id", policy->id);
    result_text(report, map_in(report, rule, "shortDescription"), "text", policy->title);
    result_text(report, map_in(report, rule, "defaultConfiguration"), "level",
                level_of(policy->severity));
}

static void put_place(struct report *report, struct node *result, const struct finding *f)
{
    struct node *location = map_in(report, list_in(report, result, "locations"), NULL);
    if (f->source) {
        struct node *physical = map_in(report, location, "physicalLocation");
        result_text(report, map_in(report, physical, "artifactLocation"), "uri", f->source);
        result_number(report, map_in(report, physical, "region"), "startLine",
                      f->line ? f->line : 1);
    }
    if (f->subject) {
        struct node *logical = map_in(report, list_in(report, location, "logicalLocations"), NULL);
        result_text(report, logical, "fullyQualifiedName", f->subject);
        result_text(report, logical, "kind", "resource");
    }
}

static void put_result(struct report *report, struct node *results, const struct finding *f)
{
    struct node *result = map_in(report, results, NULL);
    result_text(report, result, "ruleId", f->policy);
    result_text(report, result, "level", level_of(f->severity));
    const char *text = arena_printf(&report->arena, "%s%s%s. %s", f->subject ? f->subject : "",
                                    f->subject ? ": " : "", f->reason, f->fix);
    result_text(report, map_in(report, result, "message"), "text", text);
    put_place(report, result, f);
    struct node *prints = map_in(report, result, "partialFingerprints");
    result_text(report, prints, "advisor/v1",
                arena_printf(&report->arena, "%s/%s", f->policy, f->subject ? f->subject : ""));
    if (f->waived_by) {
        struct node *waiver = map_in(report, list_in(report, result, "suppressions"), NULL);
        result_text(report, waiver, "kind", "external");
        result_text(report, waiver, "justification", f->waived_by);
    }
}

struct node *sarif_of(struct report *report, const struct findings *findings,
                      const struct policy_text *policies, size_t policy_count)
{
    struct node *top = node_new(&report->arena, NODE_MAP);
    result_text(report, top, "$schema",
                "https://json.schemastore.org/sarif-2.1.0.json");
    result_text(report, top, "version", "2.1.0");
    struct node *run = map_in(report, list_in(report, top, "runs"), NULL);
    struct node *driver = map_in(report, map_in(report, run, "tool"), "driver");
    result_text(report, driver, "name", "advisor");
    struct node *rules = list_in(report, driver, "rules");
    for (size_t i = 0; i < policy_count; i++)
        put_rule(report, rules, &policies[i]);
    struct node *results = list_in(report, run, "results");
    for (size_t i = 0; i < findings->all.count; i++)
        put_result(report, results, &findings->all.at[i]);
    return top;
}
