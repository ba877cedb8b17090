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
                            const struct cost_line *first, const struct cost_line *end)
{
    const char *volume = volume_type(sku->measure);
    if (!volume)
        return;
    if (end[-1].hour >= out->volume_hour) {
        out->volume_type = volume;
        out->volume_hour = end[-1].hour;
    }
    for (const struct cost_line *line = first; line < end; line++) {
        double gb = line->hours > 1 ? held_gb(line) : 0;
        out->volume_gb = gb > out->volume_gb ? gb : out->volume_gb;
    }
}

void find_in_run(struct fill *f, size_t first, size_t end)
{
    const struct cost_line *lines = f->into->lines.at;
    const struct sku *sku = &f->into->skus.at[lines[first].sku];
    const struct resource *r = &f->into->resources.at[lines[first].resource];
    struct findings *out = &f->findings.at[lines[first].resource];
    out->any = true;
    if (!r->type && !out->type)
        out->type = identify_type(r->key, sku->service ? sku->service : "");
    if (sku->region && !out->region && charge_is_usage(sku->charge))
        out->region = sku->region;
    if (sku->instance_type && lines[end - 1].hour >= out->instance_hour) {
        out->instance_type = sku->instance_type;
        out->instance_hour = lines[end - 1].hour;
    }
    look_for_volume(out, sku, lines + first, lines + end);
}
