#include "s3.h"

#include <math.h>
#include <string.h>

/*
 * The constraints of PutBucketLifecycleConfiguration (S3 user guide, "Lifecycle
 * configuration elements" and "Transitioning objects using Amazon S3 Lifecycle").
 */
enum { RULES_MAX = 1000, ID_MAX = 255, NEWER_MAX = 100 };

static const char *id_of(const struct node *rule)
{
    return node_text(node_get(rule, "ID"), "without an ID");
}

static bool whole(double *out, const struct node *n, double least)
{
    *out = node_number(n, NAN);
    return *out >= least && floor(*out) == *out && *out < 2147483648.0;
}

static bool check_filter(const struct node *rule, struct err *err)
{
    const struct node *filter = node_get(rule, "Filter"), *and = node_get(filter, "And");
    const struct node *in = and? and : filter;
    if (!filter == !node_get(rule, "Prefix"))
        return err_set(err, "rule %s needs either a Filter or a Prefix", id_of(rule));
    if (filter && filter->count > 1)
        return err_set(err, "rule %s: a Filter holds one condition; several go into And",
                       id_of(rule));
    if (and&&and->count < 2 && !(node_get(and, "Tags") && node_get(and, "Tags")->count > 1))
        return err_set(err, "rule %s: And joins at least two conditions", id_of(rule));
    double greater = node_number(node_get(in, "ObjectSizeGreaterThan"), -1);
    double less = node_number(node_get(in, "ObjectSizeLessThan"), INFINITY);
    if (greater >= less)
        return err_set(err, "rule %s: no object is above %.0f and below %.0f bytes",
                       id_of(rule), greater, less);
    return true;
}

static bool filters_by(const struct node *rule, const char *const *keys)
{
    const struct node *filter = node_get(rule, "Filter"), *and = node_get(filter, "And");
    for (; *keys; keys++)
        if (node_get(and? and : filter, *keys))
            return true;
    return false;
}

static const char *const tag_keys[] = {"Tag", "Tags", NULL};
static const char *const tag_and_size_keys[] = {"Tag", "Tags", "ObjectSizeGreaterThan",
                                                "ObjectSizeLessThan", NULL};

/* Steps with `key` days (or dates) and classes; yields the last day, -1 without one. */
static bool check_steps(double *last, const struct node *rule, const char *list,
                        const char *key, double least, struct err *err)
{
    const struct node *steps = node_get(rule, list);
    struct lifecycle_policy policy = {0};
    size_t dated = 0;
    *last = -1;
    for (size_t i = 0; steps && i < steps->count; i++) {
        const struct node *step = steps->items[i];
        const char *class = node_text(node_get(step, "StorageClass"), "");
        dated += node_get(step, "Date") != NULL;
        if (!node_get(step, key) == !node_get(step, "Date"))
            return err_set(err, "rule %s: a transition needs either %s or a Date", id_of(rule),
                           key);
        struct lifecycle_step next = {0};
        double days = 0;
        if (policy.steps == LIFECYCLE_STEPS_MAX || !lifecycle_class_named(&next.to, class))
            return err_set(err, "rule %s: '%.40s' is no class to move to", id_of(rule), class);
        if (node_get(step, key) && !whole(&days, node_get(step, key), least))
            return err_set(err, "rule %s: %s is not a whole number from %.0f on", id_of(rule),
                           key, least);
        next.day = (int)days;
        *last = fmax(*last, days);
        lifecycle_policy_add(&policy, next);
    }
    if (dated > 0 && dated < steps->count)
        return err_set(err, "rule %s mixes days and dates", id_of(rule));
    struct err why = ERR_INIT;
    if (dated == 0 && !lifecycle_policy_check(&policy, &why))
        return err_set(err, "rule %s: %s", id_of(rule), why.text);
    return true;
}

static bool check_expiration(const struct node *rule, double last, struct err *err)
{
    const struct node *expiration = node_get(rule, "Expiration");
    double days = INFINITY;
    if (!expiration)
        return true;
    if (expiration->count != 1)
        return err_set(err,
                       "rule %s: Expiration takes one of Days, Date and "
                       "ExpiredObjectDeleteMarker",
                       id_of(rule));
    if (node_get(expiration, "ExpiredObjectDeleteMarker") && filters_by(rule, tag_keys))
        return err_set(err, "rule %s: delete markers have no tags to filter by", id_of(rule));
    if (node_get(expiration, "Days") && !whole(&days, node_get(expiration, "Days"), 1))
        return err_set(err, "rule %s: Expiration Days is not a whole number from 1 on",
                       id_of(rule));
    if (days <= last)
        return err_set(err, "rule %s deletes at %.0f days, before its last transition at %.0f",
                       id_of(rule), days, last);
    return true;
}

static bool check_newer(const struct node *rule, const struct node *action, struct err *err)
{
    const struct node *newer = node_get(action, "NewerNoncurrentVersions");
    double n;
    if (newer &&
        (!whole(&n, newer, 1) || n > NEWER_MAX || !node_get(action, "NoncurrentDays")))
        return err_set(err,
                       "rule %s: NewerNoncurrentVersions is 1 to %d and needs NoncurrentDays",
                       id_of(rule), NEWER_MAX);
    return true;
}

static bool check_noncurrent(const struct node *rule, double last, struct err *err)
{
    const struct node *expiration = node_get(rule, "NoncurrentVersionExpiration");
    const struct node *steps = node_get(rule, "NoncurrentVersionTransitions");
    double days;
    for (size_t i = 0; steps && i < steps->count; i++)
        if (!check_newer(rule, steps->items[i], err))
            return false;
    if (!expiration)
        return true;
    if (!whole(&days, node_get(expiration, "NoncurrentDays"), 1) || days <= last)
        return err_set(err,
                       "rule %s: noncurrent versions are deleted after a whole number of "
                       "days, later than they move",
                       id_of(rule));
    return check_newer(rule, expiration, err);
}

static bool check_abort(const struct node *rule, struct err *err)
{
    const struct node *abort = node_get(rule, "AbortIncompleteMultipartUpload");
    double days;
    if (!abort)
        return true;
    if (!whole(&days, node_get(abort, "DaysAfterInitiation"), 1))
        return err_set(err, "rule %s: DaysAfterInitiation is not a whole number from 1 on",
                       id_of(rule));
    if (filters_by(rule, tag_and_size_keys))
        return err_set(err, "rule %s: incomplete uploads cannot be chosen by tag or size",
                       id_of(rule));
    return true;
}

static bool check_actions(const struct node *rule, struct err *err)
{
    static const char *const actions[] = {
        "Transitions", "Expiration", "NoncurrentVersionTransitions",
        "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        const struct node *action = node_get(rule, actions[i]);
        if (action && action->count > 0)
            return true;
    }
    return err_set(err, "rule %s has no action", id_of(rule));
}

static bool check_rule(const struct node *rule, struct err *err)
{
    const char *status = node_text(node_get(rule, "Status"), "");
    double last, noncurrent;
    if (strlen(node_text(node_get(rule, "ID"), "")) > ID_MAX)
        return err_set(err, "rule %.40s...: an ID has at most %d characters", id_of(rule),
                       ID_MAX);
    if (strcmp(status, "Enabled") != 0 && strcmp(status, "Disabled") != 0)
        return err_set(err, "rule %s: its Status is neither Enabled nor Disabled",
                       id_of(rule));
    return check_actions(rule, err) && check_filter(rule, err) &&
           check_steps(&last, rule, "Transitions", "Days", 0, err) &&
           check_expiration(rule, last, err) &&
           check_steps(&noncurrent, rule, "NoncurrentVersionTransitions", "NoncurrentDays", 0,
                       err) &&
           check_noncurrent(rule, noncurrent, err) && check_abort(rule, err);
}

static bool check_ids(const struct node *rules, struct err *err)
{
    for (size_t i = 0; i < rules->count; i++)
        for (size_t k = 0; k < i; k++) {
            const char *id = node_text(node_get(rules->items[i], "ID"), "");
            if (id[0] && strcmp(id, node_text(node_get(rules->items[k], "ID"), "")) == 0)
                return err_set(err, "two rules have the ID %s", id);
        }
    return true;
}

bool s3_configuration_check(const struct node *configuration, struct err *err)
{
    const struct node *rules = node_get(configuration, "Rules");
    const char *size = node_text(node_get(configuration, "TransitionDefaultMinimumObjectSize"),
                                 "all_storage_classes_128K");
    if (strcmp(size, "all_storage_classes_128K") != 0 &&
        strcmp(size, "varies_by_storage_class") != 0)
        return err_set(err, "TransitionDefaultMinimumObjectSize cannot be '%.40s'", size);
    if (!node_is(rules, NODE_LIST) || rules->count == 0 || rules->count > RULES_MAX)
        return err_set(err, "a configuration has 1 to %d rules", RULES_MAX);
    for (size_t i = 0; i < rules->count; i++)
        if (!check_rule(rules->items[i], err))
            return false;
    return check_ids(rules, err);
}
