#ifndef POLICY_ATTRIBUTE_RULE_H
#define POLICY_ATTRIBUTE_RULE_H

#include "checks.h"

/*
 * A policy as data: for every resource of `types`, where `when` holds, the test
 * must hold. An attribute that is known only after apply says nothing. A missing
 * one reads as absent, "" and false, and fails numeric tests; of a bill's resource it
 * says nothing either.
 */
enum rule_operator {
    OP_PRESENT,     /* not null, "" or an empty list */
    OP_ABSENT,
    OP_EQUALS,      /* text or number as text */
    OP_NOT_EQUALS,
    OP_MATCHES,     /* one of "a*|b?" */
    OP_NOT_MATCHES,
    OP_AT_LEAST,
    OP_AT_MOST,
    OP_TRUE,
    OP_FALSE,
    OP_COMPANION,   /* a resource of the type in `value` refers to this one by `path` */
    OP_ELSEWHERE,   /* some resource of the type in `value` has `path` true; not for teams */
};

struct rule_test {
    const char *path;
    enum rule_operator op;
    const char *value;
};

struct attribute_rule {
    const char *types; /* Terraform types with wildcards, separated by | */
    struct rule_test when; /* path NULL: always */
    struct rule_test must;
    const char *reason; /* what is wrong when the test fails */
    const char *fix;
    /*
     * Blocks that the tests are about, "task.*.new_cluster|cluster.*": paths from the
     * resource, * is every item of a list. NULL: the resource itself.
     */
    const char *each;
    struct rule_test unless; /* where this holds nothing is asked; path NULL: never */
};

/* The run() of policies whose data is an array of rules that ends with {0}. */
bool run_attribute_rules(struct findings *out, const struct policy *self,
                         const struct inspection *in, struct err *err);

/* "at_least"; false when there is no such operator. */
bool rule_operator_named(enum rule_operator *out, const char *name);

/* Any of "a*|b?". */
bool glob_list_matches(const char *patterns, const char *text);

#endif
