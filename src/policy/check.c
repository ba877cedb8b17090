#include <string.h>

#include "checks.h"
#include "glob.h"

static bool is_expired(const struct inspection *in, const struct node *waiver)
{
    const struct node *until = node_get(waiver, "until");
    day last;
    return until && in->reporting_day && day_parse(&last, until->text, until->length) &&
           last < in->reporting_day;
}

static void waive(struct findings *out, const struct inspection *in,
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
static bool set_severity(const struct inspection *in, struct finding *f, struct err *err)
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

static bool inspect(struct findings *out, const struct inspection *in, struct err *err)
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
    VEC_SORT(&out->all, order);
    VEC_UNIQUE(&out->all, order);
    VEC_SORT(&out->notes, note_order);
    VEC_UNIQUE(&out->notes, note_order);
    return true;
}

bool policy_check(struct findings *out, const struct policy_input *input, struct err *err)
{
    struct companions_cache companions = {0};
    struct inspection in = {
        .map = input->map,
        .actual = input->actual,
        .judged = input->actual ? input->actual : input->map,
        .book = input->book,
        .parameters = input->parameters,
        .reporting_day = input->reporting_day,
        .companions = &companions,
    };
    names_open(&in.names, in.judged);
    names_open(&in.map_names, in.map);
    iam_grants_open(&in.grants, &in.names);
    bool ok = inspect(out, &in, err);
    companions_release(&companions);
    iam_grants_release(&in.grants);
    names_release(&in.names);
    names_release(&in.map_names);
    return ok;
}
