#include "models/lifecycle.h"

#include <math.h>
#include <string.h>

#define KIB 1024.0

static const struct lifecycle_class_rules rules[LC_CLASSES] = {
    [LC_STANDARD] = {.name = "STANDARD"},
    [LC_STANDARD_IA] = {.name = "STANDARD_IA",
                        .min_days = 30,
                        .min_billable_bytes = 128 * KIB},
    [LC_INTELLIGENT_TIERING] = {.name = "INTELLIGENT_TIERING"},
    [LC_ONEZONE_IA] = {.name = "ONEZONE_IA", .min_days = 30, .min_billable_bytes = 128 * KIB},
    [LC_GLACIER_IR] = {.name = "GLACIER_IR", .min_days = 90, .min_billable_bytes = 128 * KIB},
    [LC_GLACIER] = {.name = "GLACIER",
                    .min_days = 90,
                    .overhead_bytes = 32 * KIB,
                    .standard_overhead_bytes = 8 * KIB,
                    .archive = true},
    [LC_DEEP_ARCHIVE] = {.name = "DEEP_ARCHIVE",
                         .min_days = 180,
                         .overhead_bytes = 32 * KIB,
                         .standard_overhead_bytes = 8 * KIB,
                         .archive = true},
};

const struct lifecycle_class_rules *lifecycle_rules(enum lifecycle_class class)
{
    return &rules[class];
}

bool lifecycle_class_named(enum lifecycle_class *out, const char *name)
{
    for (int c = 0; c < LC_CLASSES; c++)
        if (strcmp(rules[c].name, name) == 0) {
            *out = (enum lifecycle_class)c;
            return true;
        }
    return false;
}

/* The enum is in waterfall order; One Zone-IA to Glacier IR is the one step left out. */
bool lifecycle_allows(enum lifecycle_class from, enum lifecycle_class to)
{
    return to > from && !(from == LC_ONEZONE_IA && to == LC_GLACIER_IR);
}

static bool infrequent_access(enum lifecycle_class class)
{
    return class == LC_STANDARD_IA || class == LC_ONEZONE_IA;
}

static bool step_check(const struct lifecycle_policy *policy, size_t i, struct err *err)
{
    struct lifecycle_step step = policy->step[i];
    if (step.day < 0)
        return err_set(err, "a transition at %d days lies before the upload", step.day);
    if (infrequent_access(step.to) && step.day < 30)
        return err_set(err, "%s takes objects from 30 days on, not at %d", rules[step.to].name,
                       step.day);
    if (i == 0)
        return step.to != LC_STANDARD || err_set(err, "nothing moves to STANDARD by a rule");
    struct lifecycle_step before = policy->step[i - 1];
    if (step.day <= before.day)
        return err_set(err, "%s at %d days does not come after %s at %d", rules[step.to].name,
                       step.day, rules[before.to].name, before.day);
    if (!lifecycle_allows(before.to, step.to))
        return err_set(err, "a lifecycle rule cannot move objects from %s to %s",
                       rules[before.to].name, rules[step.to].name);
    if (infrequent_access(before.to) && step.day < before.day + 30)
        return err_set(err, "objects stay in %s for 30 days before they move to %s",
                       rules[before.to].name, rules[step.to].name);
    return true;
}

void lifecycle_policy_add(struct lifecycle_policy *policy, struct lifecycle_step step)
{
    size_t at = policy->steps++;
    for (; at > 0 && policy->step[at - 1].day > step.day; at--)
        policy->step[at] = policy->step[at - 1];
    policy->step[at] = step;
}

bool lifecycle_policy_check(const struct lifecycle_policy *policy, struct err *err)
{
    if (policy->steps > LIFECYCLE_STEPS_MAX)
        return err_set(err, "a waterfall has at most %d steps", LIFECYCLE_STEPS_MAX);
    for (size_t i = 0; i < policy->steps; i++)
        if (!step_check(policy, i, err))
            return false;
    if (policy->expire_day < 0)
        return err_set(err, "an expiry at %d days lies before the upload", policy->expire_day);
    if (policy->expire_day > 0 && policy->steps > 0 &&
        policy->expire_day <= policy->step[policy->steps - 1].day)
        return err_set(err,
                       "the expiry at %d days does not come after the last transition at %d",
                       policy->expire_day, policy->step[policy->steps - 1].day);
    return true;
}

double lifecycle_storage_month(const struct lifecycle_prices *prices, double bytes,
                               enum lifecycle_class class)
{
    const struct lifecycle_class_rules *r = &rules[class];
    double own = fmax(bytes, r->min_billable_bytes) + r->overhead_bytes;
    return (own * prices->class[class].storage_gb_month +
            r->standard_overhead_bytes * prices->class[LC_STANDARD].storage_gb_month) /
           LIFECYCLE_GB;
}

/* A floor decides where the class has one; an overhead that grows with nothing elsewhere. */
double lifecycle_breakeven_bytes(const struct lifecycle_prices *prices,
                                 enum lifecycle_class to)
{
    const struct lifecycle_class_rules *r = &rules[to];
    double standard = prices->class[LC_STANDARD].storage_gb_month;
    double own = prices->class[to].storage_gb_month;
    double floor = r->min_billable_bytes * own / standard;
    double overhead =
        (r->overhead_bytes * own + r->standard_overhead_bytes * standard) / (standard - own);
    return standard > own ? fmax(floor, overhead) : INFINITY;
}

double lifecycle_tiering_bytes(const struct lifecycle_prices *prices, double infrequent_share)
{
    double saved = (prices->class[LC_INTELLIGENT_TIERING].storage_gb_month -
                    prices->infrequent_gb_month) *
                   infrequent_share;
    return saved > 0 ? prices->monitoring_per_1000_month / 1000 * LIFECYCLE_GB / saved
                     : INFINITY;
}
