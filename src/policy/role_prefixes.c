#include <string.h>

#include "iam.h"
#include "iam_condition.h"
#include "reach.h"

/* Concrete objects that the Allow statements let through, wildcards filled in. */
static const char *filled(struct arena *arena, const char *pattern)
{
    struct buf text = BUF_INIT;
    for (; *pattern; pattern++) {
        if (*pattern == '*')
            buf_add(&text, S3_PROBE_KEY);
        else
            buf_add_char(&text, *pattern == '?' ? 'x' : *pattern);
    }
    const char *copy = arena_strdup(arena, buf_text(&text));
    buf_release(&text);
    return copy;
}

static void judge_pattern(struct findings *out, const struct policy *self,
                          const struct estate *estate, const struct iam_set *set,
                          const struct iam_statement *s, const struct node *pattern,
                          const struct node *prefixes)
{
    const char *text = node_text(pattern, "");
    const char *arn = !strcmp(text, "*") ? "arn:aws:s3:::" S3_PROBE_KEY "/" S3_PROBE_KEY
                                         : filled(&out->arena, text);
    if (strncmp(arn, "arn:aws:s3:::", 13) != 0 || !strchr(arn + 13, '/') ||
        within_any(&out->arena, prefixes, arn))
        return;
    if (iam_decide(set, "s3:GetObject", arn) == IAM_ALLOW ||
        iam_decide(set, "s3:PutObject", arn) == IAM_ALLOW ||
        iam_decide(set, "s3:DeleteObject", arn) == IAM_ALLOW)
        finding_add(out, self, estate, s->resource,
                    "Narrow Resource to the prefixes that the map allows this role.",
                    "it reaches objects outside the prefixes of its role: %s", text);
}

static bool allows_listing_of(struct arena *arena, const struct node *prefixes,
                              const char *bucket, const struct node *listed)
{
    for (size_t i = 0; node_is(listed, NODE_LIST) && i < listed->count; i++)
        if (!allows_listing_of(arena, prefixes, bucket, listed->items[i]))
            return false;
    if (!node_is(listed, NODE_STRING))
        return node_is(listed, NODE_LIST) && listed->count;
    return within_any(arena, prefixes,
                      arena_printf(arena, "arn:aws:s3:::%s/%s", bucket, listed->text));
}

/* ListBucket is allowed on whole buckets; only s3:prefix keeps it to a part. */
static void judge_listing(struct findings *out, const struct policy *self,
                          const struct estate *estate, const struct iam_statement *s,
                          const struct node *prefixes)
{
    for (size_t i = 0; node_is(prefixes, NODE_LIST) && i < prefixes->count; i++) {
        const char *path = bucket_path(&out->arena, node_text(prefixes->items[i], ""));
        size_t n = path ? strcspn(path, "/") : 0;
        if (!path || !path[n + 1])
            continue;
        const char *bucket = arena_strndup(&out->arena, path, n);
        if (!iam_names_action(s, "s3:ListBucket") ||
            !iam_names_resource(s, arena_printf(&out->arena, "arn:aws:s3:::%s", bucket)) ||
            allows_listing_of(&out->arena, prefixes, bucket,
                              iam_condition_values(s, "s3:prefix")))
            continue;
        finding_add(out, self, estate, s->resource,
                    "Add a condition StringLike s3:prefix with the prefixes of this role.",
                    "it lists all of bucket %s, of which its role may use a part", bucket);
        return;
    }
}

static bool run_prefixes(struct findings *out, const struct policy *self,
                         const struct inspection *in, struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (!r->type || strcmp(r->type, "aws_iam_role"))
            continue;
        const struct node *prefixes = allowed_prefixes(in, r);
        struct iam_set set = {0};
        if (!prefixes)
            continue;
        iam_of_role(&set, &in->grants, i);
        for (size_t k = 0; k < set.statements.count; k++) {
            const struct iam_statement *s = &set.statements.at[k];
            const struct node *resources = node_get(s->node, "Resource");
            if (!s->allow)
                continue;
            judge_listing(out, self, estate, s, prefixes);
            if (node_is(resources, NODE_STRING))
                judge_pattern(out, self, estate, &set, s, resources, prefixes);
            for (size_t n = 0; node_is(resources, NODE_LIST) && n < resources->count; n++)
                judge_pattern(out, self, estate, &set, s, resources->items[n], prefixes);
        }
        iam_release(&set);
    }
    return true;
}

extern const struct policy policy_iam_prefixes;
const struct policy policy_iam_prefixes = {
    "IAM-002", SEVERITY_HIGH, "a role stays within the prefixes that the map allows it", NULL,
    run_prefixes};
