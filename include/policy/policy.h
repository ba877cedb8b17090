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

struct policy {
    const char *id; /* "IAM-001" */
    enum severity severity;
    const char *title; /* what must hold */
    const void *data;  /* rows for a shared run(); NULL: none */
    bool (*run)(struct findings *out, const struct policy *self, const struct policy_input *in,
                struct err *err);
};

extern const struct policy *const policies[]; /* ends with NULL */

/* What is judged: the estate as it is planned or ran, else as it is meant. */
static inline const struct estate *judged_estate(const struct policy_input *in)
{
    return in->actual ? in->actual : in->map;
}

/* A policy that a team states as data, under checks.params.custom: see docs/check.md. */
bool policy_run_custom(struct findings *out, const struct policy_input *in, struct err *err);

/* Runs every policy that is not switched off, applies waivers, sorts by severity, id, resource. */
bool policy_check(struct findings *out, const struct policy_input *in, struct err *err);

/* resource is of in->actual where that is given, else of in->map. */
struct finding *finding_add(struct findings *out, const struct policy *policy,
                            const struct estate *of, uint32_t resource, const char *fix,
                            const char *reason_format, ...) __attribute__((format(printf, 6, 7)));

/* What a policy could not judge about a resource, and why: never left out silently. */
void finding_note(struct findings *out, const struct policy *policy, const struct resource *r,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
