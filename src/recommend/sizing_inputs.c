#include "recommend/sizing_inputs.h"

#include <math.h>

static double known(double figure)
{
    return figure > 0 ? figure : NAN;
}

struct sizing_hardware sizing_hardware_of(const struct instance_type *t)
{
    if (!t)
        return (struct sizing_hardware){.vcpus = NAN,
                                        .memory_gib = NAN,
                                        .clock_ghz = NAN,
                                        .network_gbps = NAN,
                                        .disk_mb_per_s = NAN,
                                        .local_storage_gb = NAN};
    return (struct sizing_hardware){.vcpus = known(t->vcpus),
                                    .memory_gib = known(t->memory_gib),
                                    .clock_ghz = known(t->clock_ghz),
                                    .network_gbps = known(t->network_gbps),
                                    .disk_mb_per_s = known(t->ebs_mb_per_s),
                                    .local_storage_gb = known(t->local_gb)};
}

const char *sizing_class_text(enum workload_class class)
{
    return class == CLASS_UNKNOWN ? NULL : class_name(class);
}

int sizing_iterative(enum tristate iterative)
{
    return iterative == TRI_UNKNOWN ? -1 : iterative == TRI_YES;
}

struct sizing_run sizing_run_of(const struct book *book, const struct run *r)
{
    static const enum sizing_status statuses[] = {
        [RUN_OK] = SIZING_OK, [RUN_FAILED] = SIZING_FAILED, [RUN_OUT_OF_MEMORY] = SIZING_OOM};
    const struct instance_type *type =
        r->instance_type ? catalogue_find(book, r->instance_type) : NULL;
    return (struct sizing_run){.workload = r->workload,
                               .algorithm = r->algorithm,
                               .class_name = sizing_class_text(r->class),
                               .iterative = sizing_iterative(r->iterative),
                               .input_gb = r->input_gb,
                               .instance_type = r->instance_type,
                               .workers = r->workers,
                               .minutes = r->minutes,
                               .status = statuses[r->status],
                               .cpu_pct = r->cpu_pct,
                               .memory_peak_gib = r->memory_peak_gib,
                               .shuffle_gb = r->shuffle_gb,
                               .spill_gb = r->spill_gb,
                               .cached_gb = r->cached_gb,
                               .hardware = sizing_hardware_of(type)};
}

bool sizing_can_work(const struct instance_type *t)
{
    return !t->burstable && !t->bare_metal && !t->gone && t->gpus <= 0 && !t->accelerators;
}
