#ifndef POLICY_IAM_H
#define POLICY_IAM_H

#include <stdbool.h>

#include "names.h"

/*
 * IAM documents, evaluated: what a set of statements decides about one action on
 * one resource. Deny wins over allow. A statement with a condition decides only
 * where the condition is known to hold whatever the request; else the answer is
 * IAM_CONDITIONAL and says which condition it hangs on.
 */
enum iam_decision { IAM_NOTHING, IAM_ALLOW, IAM_DENY, IAM_CONDITIONAL };

struct iam_statement {
    const struct node *node;
    bool allow;
    uint32_t resource; /* of the estate: where it stands */
};

/* All that is attached to one role, user or bucket. */
struct iam_set {
    VEC(struct iam_statement) statements;
    VEC(struct iam_statement) boundary; /* what its permissions boundary lets through */
    bool bounded;                       /* it has a boundary whose text is known */
    const char *incomplete; /* what is attached without its text being known; NULL: nothing */
};

/* Adds the statements of a document: {"Statement": {...} or [...]}. */
void iam_add(struct iam_set *set, const struct node *document, uint32_t resource);
void iam_release(struct iam_set *set);

enum iam_decision iam_decide(const struct iam_set *set, const char *action,
                             const char *resource);
/* Does the statement speak of this action, by Action or NotAction? */
bool iam_names_action(const struct iam_statement *s, const char *action);
bool iam_names_resource(const struct iam_statement *s, const char *resource);
bool iam_is_unconditional(const struct iam_statement *s);
/* The first statement that allows it, with or without a condition; NULL: none. */
const struct iam_statement *iam_allowing(const struct iam_set *set, const char *action,
                                         const char *resource);
/* Allows, whatever it hangs on, for "*", {"AWS": "*"}, a list with one of these, or by
 * NotPrincipal. */
bool iam_admits_everybody(const struct iam_statement *s);
/* The first operator and key of the statement's condition, "StringLike aws:sourceVpc". */
const char *iam_condition_text(struct arena *arena, const struct iam_statement *s);

/* Which policies and attachments of an estate are for which role. */
struct iam_grants {
    const struct names *names;
    struct multimap by_role; /* key of the role -> resource */
};

void iam_grants_open(struct iam_grants *out, const struct names *names);
void iam_grants_release(struct iam_grants *grants);

/*
 * What is attached to a role by inline blocks, aws_iam_role_policy and attached
 * aws_iam_policy resources of the estate, and its permissions boundary.
 */
void iam_of_role(struct iam_set *out, const struct iam_grants *grants, uint32_t role);

#endif
