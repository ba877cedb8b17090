#include "combine.h"

#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "base/map.h"

/* Per resource: what share of its cost the advice so far leaves. */
struct remainder {
    double share;
    sym by; /* the id that took the largest part */
    enum action action;
};

static int by_order_and_saving(const void *a, const void *b)
{
    const struct recommendation *x = *(const struct recommendation *const *)a;
    const struct recommendation *y = *(const struct recommendation *const *)b;
    if (x->action != y->action)
        return x->action < y->action ? -1 : 1;
    int order = money_cmp(recommendation_saving(y).expected, recommendation_saving(x).expected);
    return order ? order : strcmp(x->id, y->id);
}

/* What has been counted so far, as indexes into the sorted list. */
struct taken {
    struct map by_id;
    struct map against; /* id -> the first one that cannot be applied together with it */
};

static void note_taken(struct taken *taken, const struct recommendation *r, size_t at)
{
    size_t first;
    map_put(&taken->by_id, r->id, strlen(r->id), at);
    for (size_t i = 0; i < r->conflicts.count; i++) {
        sym other = r->conflicts.at[i];
        if (!map_get(&taken->against, other, strlen(other), &first))
            map_put(&taken->against, other, strlen(other), at);
    }
}

/* The first that r cannot be applied together with, or NULL. */
static const struct recommendation *counted_conflict(struct recommendation *const *sorted,
                                                     const struct taken *taken,
                                                     const struct recommendation *r)
{
    size_t first = SIZE_MAX, at;
    if (map_get(&taken->against, r->id, strlen(r->id), &at))
        first = at;
    for (size_t i = 0; i < r->conflicts.count; i++) {
        sym other = r->conflicts.at[i];
        if (map_get(&taken->by_id, other, strlen(other), &at) && at < first)
            first = at;
    }
    return first == SIZE_MAX ? NULL : sorted[first];
}

/* The part of r's resource that is left, and why nothing is when the same step was taken. */
static double share_left(const struct recommendation *r, const struct remainder *left)
{
    double share = 1;
    for (size_t i = 0; i < r->resources.count; i++) {
        const struct remainder *m = &left[r->resources.at[i]];
        double here = m->by && m->action == r->action ? 0 : m->share;
        share = here < share ? here : share;
    }
    return share;
}

static struct money_range in_cents(struct money_range m)
{
    return (struct money_range){money_round(m.low, 2), money_round(m.expected, 2),
                                money_round(m.high, 2)};
}

static void round_to_cents(struct recommendation *r)
{
    struct money_range *amounts[] = {&r->list.now, &r->list.after, &r->net.now, &r->net.after,
                                     &r->one_off};
    for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++)
        *amounts[i] = in_cents(*amounts[i]);
    r->stranded = money_round(r->stranded, 2);
}

static const char *why_less(struct advice *advice, const struct recommendation *r,
                            const struct remainder *left, double share)
{
    sym by = left[r->resources.at[0]].by;
    return share >= 1 || !by
               ? NULL
               : arena_printf(&advice->arena,
                              "%s comes before it and leaves %.6g of what it works on", by, share);
}

static void take(struct advice *advice, struct recommendation *r, struct remainder *left,
                 double share)
{
    r->counted = true;
    r->counted_saving = in_cents(money_range_times(recommendation_saving(r), share));
    r->counted_why = why_less(advice, r, left, share);
    if (r->action == ACTION_COMMIT || r->separate)
        return; /* it is reckoned on what the other advice leaves, or apart from it */
    double now = money_double(r->net.now.expected), after = money_double(r->net.after.expected);
    double rest = now > 0 && after < now ? after / now : 1;
    for (size_t i = 0; i < r->resources.count; i++) {
        struct remainder *m = &left[r->resources.at[i]];
        m->share *= rest > 0 ? rest : 0;
        m->by = r->id;
        m->action = r->action;
    }
}

const char *advice_set_aside(const struct recommend_options *options, const char *id)
{
    for (size_t i = 0; options && i < options->set_aside_count; i++)
        if (!strcmp(options->set_aside[i].id, id))
            return options->set_aside[i].why;
    return NULL;
}

static void consider(struct advice *advice, const struct recommend_options *options,
                     struct recommendation **sorted, size_t at, struct taken *taken,
                     struct remainder *left)
{
    struct recommendation *r = sorted[at];
    const struct recommendation *other = counted_conflict(sorted, taken, r);
    double share = r->action == ACTION_COMMIT || r->separate ? 1 : share_left(r, left);
    const char *aside = advice_set_aside(options, r->id);
    if (aside) {
        r->not_counted_why = arena_strdup(&advice->arena, aside);
    } else if (recommendation_saving(r).expected.atto <= 0) {
        r->not_counted_why = "it costs money: it is proposed for safety, not for saving";
    } else if (other) {
        r->not_counted_why =
            arena_printf(&advice->arena, "an alternative to %s, which saves more", other->id);
    } else if (share <= 0) {
        r->not_counted_why = arena_printf(&advice->arena, "%s already covers this resource",
                                          left[r->resources.at[0]].by);
    } else {
        take(advice, r, left, share);
        note_taken(taken, r, at);
    }
}

static int by_counted_saving(const void *a, const void *b)
{
    const struct recommendation *x = a, *y = b;
    if (x->counted != y->counted)
        return x->counted ? -1 : 1;
    int order = x->counted ? money_cmp(y->counted_saving.expected, x->counted_saving.expected)
                           : money_cmp(recommendation_saving(y).expected,
                                       recommendation_saving(x).expected);
    return order ? order : strcmp(x->id, y->id);
}

static void combine(struct advice *advice, const struct recommend_input *in)
{
    const struct estate *estate = in->estate;
    size_t n = advice->recommendations.count;
    struct recommendation *at = advice->recommendations.at;
    struct taken taken = {MAP_INIT, MAP_INIT};
    struct recommendation **sorted = ARENA_ARRAY(&advice->arena, struct recommendation *, n);
    struct remainder *left =
        ARENA_ARRAY(&advice->arena, struct remainder, estate->resources.count);
    for (size_t i = 0; i < estate->resources.count; i++)
        left[i].share = 1;
    for (size_t i = 0; i < n; i++) {
        round_to_cents(&at[i]);
        find_way_back(&at[i]);
        sorted[i] = &at[i];
    }
    if (n)
        qsort(sorted, n, sizeof *sorted, by_order_and_saving);
    for (size_t i = 0; i < n; i++)
        consider(advice, in->options, sorted, i, &taken, left);
    map_release(&taken.by_id);
    map_release(&taken.against);
    if (n)
        qsort(at, n, sizeof *at, by_counted_saving);
}

/* Prices are in US dollars: held against a bill in another currency they say nothing. */
static bool is_comparable(struct advice *out, const struct estate *estate)
{
    if (!estate->bills.count || !estate->currency || !strcmp(estate->currency, "USD"))
        return true;
    out->refused = arena_printf(&out->arena,
                                "The bills are in %s and the prices in USD: nothing is advised, "
                                "since no amount of one can be held against the other.",
                                estate->currency);
    advice_note(out, NOTE_UNPRICED, "%s", out->refused);
    return false;
}

bool recommend_all(struct advice *out, const struct recommend_input *in, struct err *err)
{
    if (!is_comparable(out, in->estate))
        return true;
    for (size_t i = 0; recommenders[i]; i++)
        if (!recommenders[i]->run(out, in, err))
            return err_within(err, "%s advice", recommenders[i]->name);
    combine(out, in);
    return true;
}
