#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "glob.h"

static bool is_expired(const struct policy_input *in, const struct node *waiver)
{
    const struct node *until = node_get(waiver, "until");
    day last;
    return until && in->reporting_day && day_parse(&last, until->text, until->length) &&
           last < in->reporting_day;
}

static void waive(struct findings *out, const struct policy_input *in,
                  const struct node *waivers, struct finding *f)
{
    for (size_t i = 0; node_is(waivers, NODE_LIST) && i < waivers->count; i++) {
        const struct node *w = waivers->items[i];
        if (!glob_matches(node_text(node_get(w, "id"), ""), f->policy, false) ||
            !glob_matches(node_text(node_get(w, "resource"), "*"),
                          f->subject ? f->subject : "", false))
            continue;
        if (is_expired(in, w)) {
            finding_note_text(out, f->policy, f->subject ? f->subject : "(all)",
                              arena_printf(&out->arena, "its waiver ended on %s",
                                           node_text(node_get(w, "until"), "")));
            continue;
        }
        f->waived_by = arena_printf(&out->arena, "%s: %s, until %s",
                                    node_text(node_get(w, "owner"), "nobody"),
                                    node_text(node_get(w, "reason"), "no reason"),
                                    node_text(node_get(w, "until"), "-"));
        return;
    }
}

/* "severities: {DBX-004: high}" under checks.params. */
static bool set_severity(const struct policy_input *in, struct finding *f, struct err *err)
{
    const struct node *n = node_get(node_at(in->parameters, "params.severities"), f->policy);
    return !n || severity_read(&f->severity, n, err);
}

static int order(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    if (x->severity != y->severity)
        return x->severity > y->severity ? -1 : 1;
    int by = strcmp(x->policy, y->policy);
    by = by ? by : strcmp(x->subject ? x->subject : "", y->subject ? y->subject : "");
    return by ? by : strcmp(x->reason, y->reason);
}

static int note_order(const void *a, const void *b)
{
    return strcmp(((const struct note *)a)->text, ((const struct note *)b)->text);
}

static void sort_unique(struct findings *out)
{
    size_t kept = 0;
    if (out->all.count)
        qsort(out->all.at, out->all.count, sizeof *out->all.at, order);
    for (size_t i = 0; i < out->all.count; i++)
        if (!kept || order(&out->all.at[kept - 1], &out->all.at[i]) != 0)
            out->all.at[kept++] = out->all.at[i];
    out->all.count = kept;
    if (out->notes.count)
        qsort(out->notes.at, out->notes.count, sizeof *out->notes.at, note_order);
}

bool policy_check(struct findings *out, const struct policy_input *in, struct err *err)
{
    for (size_t i = 0; policies[i]; i++)
        if (!policy_is_off(in, policies[i]->id) &&
            !policies[i]->run(out, policies[i], in, err))
            return err_within(err, "policy %s", policies[i]->id);
    if (!policy_run_custom(out, in, err))
        return false;
    for (size_t i = 0; i < out->all.count; i++) {
        if (!set_severity(in, &out->all.at[i], err))
            return false;
        waive(out, in, node_get(in->parameters, "waivers"), &out->all.at[i]);
    }
    sort_unique(out);
    return true;
}
