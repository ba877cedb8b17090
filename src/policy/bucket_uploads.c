#include <string.h>

#include "checks.h"

static bool aborts(const struct node *rule)
{
    const struct node *block = node_get(rule, "abort_incomplete_multipart_upload");
    const struct node *days = node_get(rule, "abort_incomplete_multipart_upload_days");
    bool enabled = strcmp(node_text(node_get(rule, "status"), "Enabled"), "Disabled") != 0 &&
                   node_bool(node_get(rule, "enabled"), true);
    return enabled &&
           (node_number(days, 0) > 0 || node_is(days, NODE_UNKNOWN) ||
            (!node_absent(block) && (node_is(block, NODE_UNKNOWN) || block->count)));
}

/* The rules of a configuration, or of a bucket that has them in itself; NULL: neither. */
static const struct node *rules_of(const struct resource *r)
{
    if (r->type && !strcmp(r->type, "aws_s3_bucket_lifecycle_configuration"))
        return node_get(r->attrs, "rule");
    const struct node *own = node_get(r->attrs, "lifecycle_rule");
    return r->type && !strcmp(r->type, "aws_s3_bucket") && own && own->count ? own : NULL;
}

/* One rule that does it is enough; a rule that is switched off does nothing. */
static bool run(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const struct node *rules = rules_of(r);
        bool aborted = false;
        if (!rules)
            continue;
        if (node_is(rules, NODE_UNKNOWN)) {
            finding_note(out, self, r, "its rules are known only after apply");
            continue;
        }
        for (size_t k = 0; node_is(rules, NODE_LIST) && k < rules->count && !aborted; k++)
            aborted = aborts(rules->items[k]);
        if (!aborted)
            finding_add(out, self, estate, i,
                        "Add abort_incomplete_multipart_upload { days_after_initiation = 7 }.",
                        "none of its rules aborts incomplete multipart uploads");
    }
    return true;
}

extern const struct policy policy_bucket_uploads;
const struct policy policy_bucket_uploads = {"S3-002", SEVERITY_LOW,
                                             "incomplete uploads are aborted", NULL, run};
