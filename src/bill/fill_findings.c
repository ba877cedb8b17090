#include <string.h>

#include "base/when.h"
#include "fill.h"
#include "identify.h"

/* "EBS:VolumeUsage.gp3" -> "gp3"; the oldest types are spelled otherwise in the API. */
static const char *volume_type(const char *measure)
{
    static const char usage[] = "EBS:VolumeUsage";
    if (!measure || strncmp(measure, usage, sizeof usage - 1))
        return NULL;
    const char *suffix = measure + sizeof usage - 1;
    if (!*suffix)
        return "standard";
    return !strcmp(suffix, ".piops") ? "io1" : suffix + 1;
}

/* Gigabytes held all through the line's span, from its part of a GB-month. */
static double held_gb(const struct cost_line *line)
{
    day d = line->hour / 24;
    return money_double(line->quantity) * month_days(month_of(d)) * 24 / line->hours;
}

void findings_grow(struct fill *f)
{
    while (f->findings.count < f->into->resources.count)
        VEC_PUSH(&f->findings);
}

static void look_for_volume(struct findings *out, const struct sku *sku,
                            const struct cost_line *line)
{
    const char *volume = volume_type(sku->measure);
    if (!volume)
        return;
    if (line->hour >= out->volume_hour) {
        out->volume_type = volume;
        out->volume_hour = line->hour;
    }
    double gb = line->hours > 1 ? held_gb(line) : 0;
    if (gb > out->volume_gb)
        out->volume_gb = gb;
}

static void look_at_line(struct findings *out, const struct resource *r, const struct sku *sku,
                         const struct cost_line *line)
{
    out->any = true;
    if (!r->type && !out->type)
        out->type = identify_type(r->key, sku->service ? sku->service : "");
    if (sku->region && !out->region && charge_is_usage(sku->charge))
        out->region = sku->region;
    if (sku->instance_type && line->hour >= out->instance_hour) {
        out->instance_type = sku->instance_type;
        out->instance_hour = line->hour;
    }
    look_for_volume(out, sku, line);
}

void find_in_lines(struct fill *f, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const struct cost_line *line = &f->into->lines.at[i];
        look_at_line(&f->findings.at[line->resource], &f->into->resources.at[line->resource],
                     &f->into->skus.at[line->sku], line);
    }
}
