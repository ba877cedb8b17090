#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "elb.h"

/* Share of what a dimension alone costs that mending it is expected to win back. */
#define MENDED_LOW      0.25
#define MENDED_EXPECTED 0.5

static const struct hygiene {
    enum lcu_dimension dimension;
    const char *kind, *begin, *end, *how, *loss, *risk;
} cures[] = {
    {LCU_RULES, "elb.rules", "Have", "evaluate fewer rules for each request",
     "put the rules that match most first, merge host and path lists, drop rules that never "
     "match",
     "a rule moved before another may take its requests: keep the order of overlapping ones",
     "routing"},
    {LCU_NEW, "elb.connections", "Have the clients of", "keep their connections open",
     "keep-alive or HTTP/2 at the clients, a longer idle timeout, connection pools",
     "open connections hold memory at targets and drain longer on a deployment", "memory"},
};

struct rule_hits {
    int rule;
    double requests;
};

static int by_rule(const void *a, const void *b)
{
    return ((const struct rule_hits *)a)->rule - ((const struct rule_hits *)b)->rule;
}

static int by_hits(const void *a, const void *b)
{
    double x = ((const struct rule_hits *)a)->requests,
           y = ((const struct rule_hits *)b)->requests;
    return (x < y) - (x > y);
}

static double mean_position(const struct rule_hits *hits, size_t n)
{
    double sum = 0, all = 0;
    for (size_t i = 0; i < n; i++) {
        sum += hits[i].requests * (double)(i + 1);
        all += hits[i].requests;
    }
    return all > 0 ? sum / all : 0;
}

enum { MOST_RULES = 200 };

/* Requests by the rule that took them, from access logs; the default rule is left out. */
static size_t read_hits(struct rule_hits hits[MOST_RULES], const struct recommend_input *in,
                        uint32_t resource)
{
    size_t count, n = 0;
    const struct metric_series *s = estate_series(in->estate, resource, &count);
    for (size_t i = 0; i < count && n < MOST_RULES; i++) {
        const char *mark = strstr(sym_or_empty(s[i].subject), ";rule ");
        int rule = mark ? atoi(mark + strlen(";rule ")) : 0;
        if (rule <= 0 || s[i].count == 0)
            continue;
        hits[n++] = (struct rule_hits){rule, s[i].values[0]};
    }
    return n;
}

/* What reordering wins by the logs: positions among the rules that matched at all. */
static void add_rule_evidence(struct advice *out, const struct recommend_input *in,
                              struct recommendation *r, uint32_t resource)
{
    struct rule_hits hits[MOST_RULES];
    size_t n = read_hits(hits, in, resource);
    if (n < 2)
        return;
    qsort(hits, n, sizeof *hits, by_rule);
    double now = mean_position(hits, n);
    qsort(hits, n, sizeof *hits, by_hits);
    evidence_add(out, r, EVIDENCE_MODEL, "access logs", "Rules passed by a request",
                 "%.1f on average in today's order of the %zu rules that match, %.1f with the "
                 "most used first (rule %d first)",
                 now, n, mean_position(hits, n), hits[0].rule);
}

static double scale_to_month(const struct balancer *b)
{
    return b->shares.units > 0 ? b->monthly_units / b->shares.units : 0;
}

static void advise(struct advice *out, const struct recommend_input *in,
                   const struct balancer *b, const struct hygiene *cure, double avoidable)
{
    const struct lcu_shares *s = &b->shares;
    double low = avoidable * MENDED_LOW, mid = avoidable * MENDED_EXPECTED;
    struct recommendation *r = elb_advise(out, in, b, cure->kind, ACTION_RESIZE,
                                          elb_units_saved(b, low, mid, avoidable));
    r->title = arena_printf(&out->arena, "%s %s %s", cure->begin, b->label, cure->end);
    r->effort = LEVEL_MEDIUM;
    r->risk = 1;
    r->risk_dimension = cure->risk;
    evidence_add(
        out, r, EVIDENCE_INPUT, NULL, "Units by the dimension that bound",
        "new connections %.0f %%, active connections %.0f %%, bytes %.0f %%, rules %.0f %%",
        100 * s->units_by[LCU_NEW] / s->units, 100 * s->units_by[LCU_ACTIVE] / s->units,
        100 * s->units_by[LCU_BYTES] / s->units, 100 * s->units_by[LCU_RULES] / s->units);
    evidence_add(out, r, EVIDENCE_FORMULA, NULL, "Over the next dimension",
                 "%.1f LCU-hours a month x %.4f = %.2f USD for %s alone; expected: half of it",
                 avoidable, elb_usd(&b->unit_price), avoidable * elb_usd(&b->unit_price),
                 lcu_dimension_name(cure->dimension));
    if (cure->dimension == LCU_RULES)
        add_rule_evidence(out, in, r, b->resource);
    alternative_add(out, r, money_range_of(MONEY_ZERO), "Leave it", cure->loss);
    artefact_add(out, r, "text", "what-to-change.txt",
                 arena_printf(&out->arena, "%s: %s\n", b->label, cure->how));
}

void elb_judge_binding(struct advice *out, const struct recommend_input *in,
                       struct balancer *b)
{
    if (b->kind != ELB_APPLICATION || b->shares.units <= 0 || isnan(b->monthly_units))
        return;
    for (size_t i = 0; i < sizeof cures / sizeof *cures; i++) {
        double avoidable = b->shares.avoidable_by[cures[i].dimension] * scale_to_month(b);
        double usd = avoidable * elb_usd(&b->unit_price);
        if (usd * MENDED_EXPECTED >= in->options->min_monthly_usd)
            advise(out, in, b, &cures[i], avoidable);
        else if (usd < 0.005)
            advice_decline(out, cures[i].kind, b->resource,
                           "%s are never what is paid for: fewer would save nothing",
                           lcu_dimension_name(cures[i].dimension));
        else
            advice_decline(out, cures[i].kind, b->resource,
                           "%s cost only %.2f USD a month more than the next dimension",
                           lcu_dimension_name(cures[i].dimension), usd);
    }
}
