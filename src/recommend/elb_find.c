#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "elb.h"

static const char *const kind_names[] = {"application", "network", "gateway", "classic"};

static bool kind_named(enum elb_kind *out, const char *name)
{
    for (int k = 0; k < 4; k++)
        if (name && strcmp(name, kind_names[k]) == 0) {
            *out = (enum elb_kind)k;
            return true;
        }
    return false;
}

/* "arn:...:loadbalancer/app/web/50dc"; a Classic one has only its name behind the slash. */
static bool kind_of_arn(enum elb_kind *out, const char *arn)
{
    static const char mark[] = ":loadbalancer/";
    const char *tail = arn ? strstr(arn, mark) : NULL;
    if (!tail)
        return false;
    tail += strlen(mark);
    *out = strncmp(tail, "app/", 4) == 0   ? ELB_APPLICATION
           : strncmp(tail, "net/", 4) == 0 ? ELB_NETWORK
           : strncmp(tail, "gwy/", 4) == 0 ? ELB_GATEWAY
                                           : ELB_CLASSIC;
    return true;
}

static bool kind_of(enum elb_kind *out, const struct resource *r)
{
    bool modern = r->type && (!strcmp(r->type, "aws_lb") || !strcmp(r->type, "aws_alb"));
    if (r->type && !strcmp(r->type, "aws_elb")) {
        *out = ELB_CLASSIC;
        return true;
    }
    if (r->type && !modern)
        return false;
    if (kind_named(out, node_text(node_get(r->attrs, "load_balancer_type"), NULL)))
        return true;
    if (kind_of_arn(out, r->key) || kind_of_arn(out, r->id))
        return true;
    *out = ELB_APPLICATION; /* the provider's default */
    return modern;
}

static double count_of(const struct node *list)
{
    return node_is(list, NODE_LIST) && list->count ? (double)list->count : NAN;
}

static double zones_of(const struct resource *r)
{
    static const char *const lists[] = {"subnets", "subnet_mapping", "availability_zones"};
    struct range declared;
    if (range_read(&declared, node_get(r->usage, "azs")))
        return declared.expected;
    for (size_t i = 0; i < 3; i++) {
        double zones = count_of(node_get(r->attrs, lists[i]));
        if (!isnan(zones))
            return zones;
    }
    return NAN;
}

static enum tristate facing_of(const struct resource *r)
{
    const struct node *internal = node_get(r->attrs, "internal");
    const char *scheme = node_text(node_get(r->attrs, "scheme"), NULL);
    if (scheme)
        return strcmp(scheme, "internal") == 0 ? TRI_NO : TRI_YES;
    if (node_absent(internal))
        return TRI_UNKNOWN;
    return node_bool(internal, false) ? TRI_NO : TRI_YES;
}

static const char *region_of(const struct estate *estate, uint32_t resource)
{
    const char *region = estate->resources.at[resource].region;
    size_t count;
    const struct cost_line *lines = estate_lines(estate, resource, &count);
    for (size_t i = 0; i < count && !region; i++)
        region = estate->skus.at[lines[i].sku].region;
    return region;
}

static double measure_of(const struct recommend_input *in, uint32_t resource,
                         const char *measure)
{
    struct money ignored;
    double quantity;
    return estate_monthly_measure(&ignored, &quantity, in->estate, resource, measure,
                                  BASIS_UNBLENDED)
               ? quantity
               : NAN;
}

static void read_bill(struct balancer *b, const struct recommend_input *in)
{
    b->monthly_hours = measure_of(in, b->resource, "LoadBalancerUsage");
    b->monthly_units = measure_of(in, b->resource, "LCUUsage");
    b->monthly_gb = measure_of(in, b->resource, "DataProcessing-Bytes");
    b->billed = !isnan(b->monthly_hours);
    if (!b->billed)
        b->monthly_hours = in->estate->hours_per_month;
    else if (isnan(b->monthly_units) && b->kind != ELB_CLASSIC)
        b->monthly_units = 0;
}

static void read_prices(struct balancer *b, const struct recommend_input *in)
{
    const char *unit = b->kind == ELB_CLASSIC ? "gb_processed" : "lcu_hour";
    b->priced = b->region &&
                elb_price(&b->hour_price, in->book, b->kind_name, "hour", b->region) &&
                elb_price(&b->unit_price, in->book, b->kind_name, unit, b->region);
}

/* From metrics where the bill does not say; days of evidence; the band of the next quarter. */
static void read_load(struct balancer *b, const struct recommend_input *in)
{
    double month = in->estate->hours_per_month;
    if (isnan(b->monthly_units) && b->measured_hours > 0 && b->kind != ELB_CLASSIC)
        b->monthly_units = b->shares.units / b->measured_hours * month;
    if (isnan(b->monthly_gb) && b->kind == ELB_CLASSIC) {
        double bytes = elb_total(in, b->resource, "EstimatedProcessedBytes");
        if (!isnan(bytes) && b->measured_hours > 0)
            b->monthly_gb = bytes / LCU_BINARY_GB / b->measured_hours * month;
    }
    b->days = b->measured_hours > 0 ? b->measured_hours / 24
              : b->billed           ? estate_window_hours(in->estate) / 24
                                    : 0;
    b->units_low = b->units_high = b->monthly_units;
}

/* Units by the day, whole days only, for the forecast; NaN where hours are missing. */
static double day_units(const struct balancer *b, size_t first)
{
    double sum = 0;
    for (size_t h = first; h < first + 24; h++) {
        const struct elb_hour *hour = &b->hours[h];
        if (!hour->billed && !hour->measured)
            return NAN;
        sum += hour->billed ? hour->billed_units : hour->units.units;
    }
    return sum;
}

static void read_band(struct balancer *b)
{
    size_t start = (size_t)((24 - b->first_hour % 24) % 24);
    size_t days = b->hour_count >= start ? (b->hour_count - start) / 24 : 0;
    if (days < 3 || !(b->monthly_units > 0))
        return;
    double *daily = calloc(days, sizeof *daily);
    for (size_t d = 0; daily && d < days; d++)
        daily[d] = day_units(b, start + d * 24);
    int64_t first_day = (b->first_hour + (int64_t)start) / 24;
    struct forecast f;
    if (daily &&
        forecast_daily(&f, daily, days, (int)((first_day + 3) % 7), FORECAST_QUARTER_DAYS,
                       NULL) &&
        f.recent > 0) {
        b->units_low = b->monthly_units * fmin(1, f.low / f.recent);
        b->units_high = b->monthly_units * fmax(1, f.high / f.recent);
    }
    free(daily);
}

/* Every rule is passed by a request that matches none: the most, where nothing else is known.
 */
static void read_parts(struct balancer *b, const struct elb_parts *parts,
                       const struct resource *r)
{
    b->parts = elb_counts_of(parts, b->resource);
    b->parts.mutual_tls |= node_bool(node_get(r->attrs, "mutual_tls"), false);
    if (b->parts.listeners && isnan(b->rules))
        b->rules = (double)b->parts.most_rules;
    b->without_listener = !b->parts.listeners && parts->any_listener && r->address != NULL &&
                          b->kind != ELB_CLASSIC;
}

bool balancer_init(struct balancer *b, const struct recommend_input *in,
                   const struct elb_parts *parts, uint32_t resource)
{
    const struct resource *r = &in->estate->resources.at[resource];
    enum elb_kind kind;
    struct range rules;
    if (!kind_of(&kind, r))
        return false;
    *b = (struct balancer){
        .resource = resource,
        .kind = kind,
        .kind_name = kind_names[kind],
        .region = region_of(in->estate, resource),
        .label = resource_label(r),
        .zones = zones_of(r),
        .facing = facing_of(r),
        .rules = range_read(&rules, node_get(r->usage, "rules")) ? rules.expected : NAN,
    };
    read_parts(b, parts, r);
    read_bill(b, in);
    read_prices(b, in);
    elb_read_hours(b, in);
    if (!b->hours && !b->billed) {
        elb_read_declared(b, in);
        b->days = b->declared ? in->options->min_days : 0;
        return true;
    }
    read_load(b, in);
    read_band(b);
    return true;
}

void balancer_release(struct balancer *b)
{
    free(b->hours);
}
