#include "estate/phase.h"

#include <math.h>

#include "estate/resource.h"

struct phase phase_unknown(void)
{
    return (struct phase){
        .tenant = NOTHING, .cluster = NOTHING, .workers = NAN, .minutes = NAN,
        .runs_per_month = NAN, .input_gb = NAN, .max_minutes = NAN, .share = NAN,
        .slot_use = NAN,
        .demand = {NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN},
    };
}

void phase_release(struct phase *phase)
{
    VEC_FREE(&phase->allowed_types);
    VEC_FREE(&phase->match);
}

struct run run_unknown(void)
{
    return (struct run){.input_gb = NAN, .workers = NAN, .minutes = NAN, .cpu_pct = NAN,
                        .memory_peak_gib = NAN, .shuffle_gb = NAN, .spill_gb = NAN,
                        .cached_gb = NAN};
}
