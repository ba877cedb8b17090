#ifndef POLICY_REACH_H
#define POLICY_REACH_H

#include "checks.h"
#include "iam.h"

/*
 * What roles reach in S3, and whose it is. A path is "bucket/prefix/", with its slash, so
 * that "t1/" does not hold "t10/".
 */

#define S3_PROBE_KEY "advisor-probe" /* of objects that stand for any */

/* Of "s3://bucket/prefix" or an ARN; NULL when it is neither. */
const char *bucket_path(struct arena *arena, const char *url);
bool lies_within(const char *inner, const char *outer);
/* An object right below the path. */
const char *object_below(struct arena *arena, const char *path);
/* Does the object lie in one of the prefixes of a list? */
bool within_any(struct arena *arena, const struct node *prefixes, const char *arn);

/*
 * Whether an object is reached by any way of reading or changing it, versions too. A
 * condition on who calls or from where does not keep the role out; one on what is reached
 * might: then the answer is IAM_CONDITIONAL and *key the condition's.
 */
enum iam_decision reaches_object(const struct iam_set *set, const char *arn, const char **key);
/* The same of any object below a path. */
enum iam_decision reaches_path(struct arena *arena, const struct iam_set *set,
                               const char *path, const char **key);

/* The prefixes that the map allows a role, or the plan's role of its name; NULL: none stated.
 */
const struct node *allowed_prefixes(const struct inspection *in,
                                    const struct resource *role);

/* The tenant that lists a role, whole or by `name` (may be NULL); NULL: none. */
const struct tenant *tenant_of_role(const struct estate *tenants, const char *arn,
                                    const char *name);
/* Whose a resource is: by the role lists, the map, or the tag Tenant. */
const struct tenant *owner_of(const struct estate *tenants, const struct estate *estate,
                              const struct resource *r);

#endif
