#include "s3.h"

#include <math.h>

#include "base/buf.h"

double s3_saving(const struct s3_effect *effect, enum s3_scenario scenario)
{
    return effect->now[scenario] - effect->after[scenario];
}

const char *s3_bytes_text(struct arena *arena, double bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t u = 0;
    while (bytes >= 1024 && u < 5) {
        bytes /= 1024;
        u++;
    }
    return arena_printf(arena, bytes < 10 && u > 0 ? "%.1f %s" : "%.0f %s", bytes, units[u]);
}

const char *s3_policy_text(struct arena *arena, const struct lifecycle_policy *policy)
{
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < policy->steps; i++)
        buf_printf(&text, "%s%s after %d days", i > 0 ? ", " : "",
                   lifecycle_rules(policy->step[i].to)->name, policy->step[i].day);
    if (policy->steps == 0)
        buf_add(&text, "stay where they are");
    if (policy->steps > 0 && policy->larger_than_bytes > 0)
        buf_printf(&text, ", above %s", s3_bytes_text(arena, policy->larger_than_bytes));
    if (policy->expire_day > 0)
        buf_printf(&text, ", deleted after %d days", policy->expire_day);
    const char *kept = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return kept;
}

void s3_set_saving(struct recommendation *r, const struct recommend_input *in, double now,
                   const double saving[S3_SCENARIOS])
{
    struct money_range after = {money_of(now - saving[S3_HIGH]),
                                money_of(now - saving[S3_EXPECTED]),
                                money_of(now - saving[S3_LOW])};
    after.low = money_min(after.low, after.expected);
    after.high = money_max(after.high, after.expected);
    saving_set(r, in, money_range_of(money_of(now)), after);
}

static bool cost_of(struct lifecycle_bill *out, const struct s3_bucket *bucket,
                    const struct lifecycle_population *population,
                    const struct lifecycle_policy *policy, struct err *err)
{
    struct lifecycle_model *model = NULL;
    bool ok = lifecycle_open(&model, population, &bucket->prices, err) &&
              lifecycle_cost(out, model, policy, err);
    lifecycle_free(model);
    return ok;
}

/* A policy on everything that the rule acts on, each part with its own rates. */
static bool effect_of(struct s3_effect *out, const struct s3_rule *rule,
                      const struct s3_bucket *bucket, const struct lifecycle_policy *policy,
                      struct err *err)
{
    double months = S3_HORIZON_DAYS / LIFECYCLE_DAYS_PER_MONTH;
    *out = (struct s3_effect){.one_off = 0};
    for (size_t i = 0; i < rule->parts * S3_SCENARIOS; i++) {
        enum s3_scenario s = (enum s3_scenario)(i % S3_SCENARIOS);
        const struct s3_population *p = &rule->part[i / S3_SCENARIOS]->population;
        struct lifecycle_bill now, after;
        if (!cost_of(&now, bucket, &p->scenario[s], &rule->before, err) ||
            !cost_of(&after, bucket, &p->scenario[s], policy, err))
            return false;
        out->now[s] += lifecycle_running(&now) / months;
        out->after[s] += lifecycle_running(&after) / months;
        if (s != S3_EXPECTED)
            continue;
        out->one_off += fmax(0, after.usd[LC_TRANSITION_NOW] - now.usd[LC_TRANSITION_NOW]);
        for (int item = 0; item < LC_ITEMS; item++) {
            out->bill_now.usd[item] += now.usd[item] / months;
            out->bill_after.usd[item] += after.usd[item] / months;
        }
    }
    return true;
}

static unsigned classes_allowed(const struct s3_bucket *bucket)
{
    unsigned classes =
        1u << LC_STANDARD_IA | 1u << LC_INTELLIGENT_TIERING | 1u << LC_GLACIER_IR;
    if (bucket->in->options->archive_ok)
        classes |= 1u << LC_GLACIER | 1u << LC_DEEP_ARCHIVE;
    if (node_bool(node_get(bucket->in->options->parameters, "one_zone_ok"), false))
        classes |= 1u << LC_ONEZONE_IA;
    return classes;
}

/* The border between two size bins, so that the rule says what was reckoned. */
static double round_to_bin(double bytes)
{
    for (int s = 0; s < SIZE_BINS - 1; s++)
        if (bytes < object_size_bound_bytes[s])
            return object_size_bound_bytes[s] - 1;
    return bytes;
}

enum { SPREAD_FROM_DAYS = 30 };

/* Where reads are only known on average, the first weeks surely have more than their share. */
static void leave_the_young(struct lifecycle_choice *choice)
{
    int ages[LIFECYCLE_AGES_MAX];
    size_t n = lifecycle_default_ages(ages);
    for (size_t i = 0; i < n; i++)
        if (ages[i] >= SPREAD_FROM_DAYS)
            choice->age[choice->ages++] = ages[i];
}

static bool optimise(struct lifecycle_policy *best, struct lifecycle_policy *single,
                     const struct s3_bucket *bucket, const struct s3_population *population,
                     enum s3_scenario scenario, int expire_day, struct err *err)
{
    struct lifecycle_population years = population->scenario[scenario];
    struct lifecycle_choice choice = {.classes = classes_allowed(bucket),
                                      .larger_than_bytes = S3_SMALL_BYTES - 1,
                                      .size_filter = true,
                                      .expire_day = expire_day};
    struct lifecycle_model *model = NULL;
    struct lifecycle_optimum found;
    years.horizon_days = S3_DECISION_DAYS;
    if (population->access != S3_ACCESS_MEASURED)
        leave_the_young(&choice);
    bool ok = lifecycle_open(&model, &years, &bucket->prices, err) &&
              lifecycle_optimise(&found, model, &choice, err);
    lifecycle_free(model);
    if (!ok)
        return false;
    *best = found.best;
    *single = found.single;
    best->larger_than_bytes =
        fmax(choice.larger_than_bytes, round_to_bin(best->larger_than_bytes));
    single->larger_than_bytes =
        fmax(choice.larger_than_bytes, round_to_bin(single->larger_than_bytes));
    return true;
}

/* Worth more when expected, and never a loss even when reads and deletes are at their worst.
 */
static bool is_better(const struct s3_effect *a, const struct s3_effect *than)
{
    return s3_saving(a, S3_LOW) >= 0 &&
           s3_saving(a, S3_EXPECTED) > s3_saving(than, S3_EXPECTED);
}

/* One transition is what people really apply: more steps must earn at least a twentieth more.
 */
static bool consider(struct s3_rule *rule, const struct s3_bucket *bucket,
                     const struct lifecycle_policy *policy, struct err *err)
{
    struct s3_effect effect, reduced;
    if (!effect_of(&effect, rule, bucket, policy, err))
        return false;
    reduced = effect;
    if (policy->steps > rule->policy.steps && rule->policy.steps > 0)
        reduced.after[S3_EXPECTED] += 0.05 * fabs(s3_saving(&rule->effect, S3_EXPECTED));
    if (is_better(&reduced, &rule->effect)) {
        rule->policy = *policy;
        rule->effect = effect;
    }
    return true;
}

static struct lifecycle_policy tiering_policy(int expire_day)
{
    return (struct lifecycle_policy){
        S3_SMALL_BYTES - 1, 1, {{0, LC_INTELLIGENT_TIERING}}, expire_day};
}

static bool compare(struct s3_rule *rule, const struct s3_bucket *bucket, struct err *err)
{
    int expire = rule->before.expire_day;
    struct lifecycle_policy tiering = tiering_policy(expire);
    struct lifecycle_policy habit = {
        S3_SMALL_BYTES - 1, 2, {{30, LC_STANDARD_IA}, {90, LC_GLACIER}}, expire};
    if (expire > 0 && expire <= 90)
        habit.steps = expire <= 30 ? 0 : 1;
    return effect_of(&rule->tiering, rule, bucket, &tiering, err) &&
           effect_of(&rule->habit, rule, bucket, &habit, err) &&
           effect_of(&rule->waterfall, rule, bucket, &rule->waterfall_policy, err);
}

bool s3_part_optimise(struct s3_part *part, const struct s3_bucket *bucket, int expire_day,
                      struct err *err)
{
    for (int s = 0; s < S3_SCENARIOS; s++)
        if (!optimise(&part->candidate[2 * s + 1], &part->candidate[2 * s], bucket,
                      &part->population, (enum s3_scenario)s, expire_day, err))
            return false;
    part->waterfall = part->candidate[2 * S3_EXPECTED + 1];
    part->candidate[S3_CANDIDATES - 1] = tiering_policy(expire_day);
    return true;
}

static bool same_policy(const struct lifecycle_policy *a, const struct lifecycle_policy *b)
{
    if (a->steps != b->steps || a->larger_than_bytes < b->larger_than_bytes ||
        a->larger_than_bytes > b->larger_than_bytes || a->expire_day != b->expire_day)
        return false;
    for (size_t i = 0; i < a->steps; i++)
        if (a->step[i].day != b->step[i].day || a->step[i].to != b->step[i].to)
            return false;
    return true;
}

enum { TRIED_MAX = 24 };

/* Tries what is best for some part under some scenario; keeps what pays under all. */
static bool search(struct s3_rule *rule, const struct s3_bucket *bucket, struct err *err)
{
    struct lifecycle_policy tried[TRIED_MAX];
    size_t n = 0;
    for (size_t i = 0; i < rule->parts * S3_CANDIDATES && n < TRIED_MAX; i++) {
        struct lifecycle_policy policy =
            rule->part[i / S3_CANDIDATES]->candidate[i % S3_CANDIDATES];
        bool known = policy.expire_day != rule->before.expire_day;
        for (size_t k = 0; k < n && !known; k++)
            known = same_policy(&tried[k], &policy);
        if (known)
            continue;
        tried[n++] = policy;
        if (!consider(rule, bucket, &policy, err))
            return false;
    }
    return true;
}

static void describe(struct s3_rule *rule)
{
    struct s3_population *total = &rule->total;
    const struct s3_part *largest = rule->part[0];
    *total = (struct s3_population){.access = S3_ACCESS_MEASURED, .access_days = INFINITY};
    for (size_t i = 0; i < rule->parts; i++) {
        const struct s3_population *p = &rule->part[i]->population;
        if (p->access < total->access || !total->access_source)
            total->access_source = p->access_source;
        total->access = p->access < total->access ? p->access : total->access;
        total->access_days = fmin(total->access_days, p->access_days);
        total->declared |= p->declared;
        total->objects += p->objects;
        total->bytes += p->bytes;
        total->small_objects += p->small_objects;
        total->young_bytes += p->young_bytes;
        if (p->bytes > largest->population.bytes)
            largest = rule->part[i];
    }
    rule->waterfall_policy = largest->waterfall;
}

static const char *why_not(struct arena *arena, const struct s3_rule *rule,
                           const struct s3_bucket *bucket)
{
    const struct s3_population *p = &rule->total;
    const struct s3_effect *w = &rule->waterfall;
    double least = bucket->in->options->min_monthly_usd;
    double expected = s3_saving(&rule->effect, S3_EXPECTED);
    if (p->access == S3_ACCESS_NONE && expected >= least)
        return arena_printf(
            arena,
            "nobody says how often it is read: at most %.2f USD a month if nothing is; server "
            "access logs or Storage Class Analysis (%.2f USD a month for these objects) would "
            "tell",
            s3_saving(&rule->effect, S3_HIGH), p->objects * 0.1 / 1e6);
    if (expected >= least)
        return NULL;
    if (p->small_objects > 0.5 * p->objects && p->bytes / p->objects < S3_SMALL_BYTES)
        return arena_printf(
            arena,
            "%.0f %% of its objects are below 128 KiB (mean %s): colder classes "
            "bill them as 128 KiB or charge more to move than they save; at best "
            "%.2f USD a month",
            100 * p->small_objects / p->objects, s3_bytes_text(arena, p->bytes / p->objects),
            expected);
    if (p->young_bytes > 0.9 * p->bytes)
        return arena_printf(
            arena,
            "%.0f %% of its bytes are younger than 30 days: deleted before a "
            "colder class earns its minimum duration; at best %.2f USD a month",
            100 * p->young_bytes / p->bytes, expected);
    if (expected <= 0 && s3_saving(w, S3_EXPECTED) > least)
        return arena_printf(
            arena,
            "it is read too much: '%s' would save %.2f USD a month as expected, "
            "but lose %.2f when reads are as high as the evidence allows",
            s3_policy_text(arena, &rule->waterfall_policy), s3_saving(w, S3_EXPECTED),
            -s3_saving(w, S3_LOW));
    if (expected < 0.005)
        return arena_printf(arena, "leaving its %s where they are costs less than any rule",
                            s3_bytes_text(arena, p->bytes));
    return arena_printf(arena, "no policy saves more than %.2f USD a month on %s", expected,
                        s3_bytes_text(arena, p->bytes));
}

bool s3_rule_find(struct s3_rule *out, struct advice *advice, const struct s3_bucket *bucket,
                  struct err *err)
{
    out->policy = out->before;
    describe(out);
    if (!effect_of(&out->effect, out, bucket, &out->before, err) ||
        !search(out, bucket, err) || !compare(out, bucket, err))
        return false;
    out->declined = why_not(&advice->arena, out, bucket);
    return true;
}
