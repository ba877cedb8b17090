#include "estate/spend.h"

#include "spend_parts.h"

struct spend_options spend_defaults(void)
{
    return (struct spend_options){BASIS_AMORTIZED, "dbu_share"};
}

const char *mover_cause_name(enum mover_cause cause)
{
    static const char *const names[] = {"new", "gone", "usage", "price"};
    return names[cause];
}

static void reconcile(struct spend_run *run)
{
    struct spend_reconciliation *r = &run->out->reconciliation;
    for (size_t i = 0; i < run->estate->bills.count; i++) {
        const struct bill_file *file = &run->estate->bills.at[i];
        r->bad_rows += file->bad_rows;
        if (!in_currency(run->estate, file->currency)) /* kept apart, and said in a note */
            continue;
        add_bases(r->stated, file->total);
        r->rows += file->rows;
        r->rounded += file->rounded;
    }
    for (int b = 0; b < BASIS_COUNT; b++)
        r->exact[b] = money_cmp(r->stated[b], r->summed[b]) == 0;
}

void spend_compute(struct spend *out, const struct estate *estate,
                   const struct spend_options *options)
{
    *out = (struct spend){0};
    struct spend_run run = {
        .out = out, .estate = estate, .options = options ? *options : spend_defaults()};
    if (!run.options.shared_by)
        run.options.shared_by = spend_defaults().shared_by;
    spend_spans_make(&run);
    spend_find_months(&run);
    spend_totals(&run);
    reconcile(&run);
    spend_tenants(&run);
    spend_phases(&run);
    spend_movers(&run);
    spend_anomalies(&run);
    spend_spans_release(&run);
}

bool spend_beside_usage(struct money out[BASIS_COUNT], const struct spend *spend)
{
    bool any = false;
    for (int b = 0; b < BASIS_COUNT; b++) {
        out[b] = spend->total[b];
        for (int l = 0; l < LAYER_COUNT; l++)
            out[b] = money_sub(out[b], spend->layers[l].total[b]);
        any = any || !money_is_zero(out[b]);
    }
    return any;
}

void spend_release(struct spend *spend)
{
    VEC_FREE(&spend->months);
    VEC_FREE(&spend->services);
    VEC_FREE(&spend->accounts);
    VEC_FREE(&spend->regions);
    VEC_FREE(&spend->tenants);
    VEC_FREE(&spend->phases);
    VEC_FREE(&spend->movers);
    VEC_FREE(&spend->anomalies);
    VEC_FREE(&spend->currencies);
    arena_release(&spend->arena);
}
