#ifndef POLICY_IAM_CONDITION_H
#define POLICY_IAM_CONDITION_H

#include "iam.h"

/*
 * What a statement's condition limits. Conditions must all hold, so one that limits is
 * enough. Operators that a missing key satisfies (...IfExists, ForAllValues:, negations)
 * and values that are all wildcards limit nothing.
 */
enum condition_effect {
    CONDITION_NONE, /* there is no condition, or none that limits who or what */
    CONDITION_WHO,  /* callers, or where they call from: aws:PrincipalOrgID, aws:SourceVpce */
    CONDITION_WHAT, /* the things that are reached: s3:prefix, aws:ResourceTag/... */
    CONDITION_UNKNOWN, /* a key that is not understood; *key says which */
};

enum condition_effect iam_condition_effect(const struct iam_statement *s, const char **key);

/* The values that a limiting operator gives a key, a text or a list; NULL: none. */
const struct node *iam_condition_values(const struct iam_statement *s, const char *key);

#endif
