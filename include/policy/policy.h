#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "estate/advice.h"
#include "estate/estate.h"
#include "estate/recommendation.h"

struct book;

/*
 * The estate as it is meant (the map) against the estate as it is planned or
 * ran. Either may be NULL: a policy says nothing about what it cannot see.
 */
struct policy_input {
    const struct estate *map;
    const struct estate *actual;
    const struct book *book;
    const struct node *parameters; /* "checks:" of the map or configuration; NULL none */
    day reporting_day;             /* for waivers; 0 unknown: then no waiver is expired */
};

struct inspection; /* the input, made ready for all policies */

struct policy {
    const char *id; /* "IAM-001" */
    enum severity severity;
    const char *title; /* what must hold */
    const void *data;  /* rows for a shared run(); NULL: none */
    bool (*run)(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err);
};

extern const struct policy *const policies[]; /* ends with NULL */

/* Runs every policy that is not switched off, applies waivers, sorts by severity, id, resource. */
bool policy_check(struct findings *out, const struct policy_input *in, struct err *err);

#endif
