#ifndef POLICY_CHECKS_H
#define POLICY_CHECKS_H

#include "companions.h"
#include "iam.h"
#include "names.h"
#include "policy/policy.h"

/* What policies look into: the input, with what is found once for all of them. */
struct inspection {
    const struct estate *map, *actual;
    const struct estate *judged; /* as it is planned or ran, else as it is meant */
    const struct book *book;
    const struct node *parameters;
    day reporting_day;
    struct names names, map_names; /* of what is judged, and of the map */
    struct iam_grants grants;      /* of what is judged */
    struct companions_cache *companions;
};

/* resource is of in->actual where that is given, else of in->map. */
struct finding *finding_add(struct findings *out, const struct policy *policy,
                            const struct estate *of, uint32_t resource, const char *fix,
                            const char *reason_format, ...) __attribute__((format(printf, 6, 7)));

/* What a policy could not judge about a resource, and why: never left out silently. */
void finding_note(struct findings *out, const struct policy *policy, const struct resource *r,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* A policy that a team states as data, under checks.params.custom: see docs/check.md. */
bool policy_run_custom(struct findings *out, const struct inspection *in, struct err *err);

/* Switched off by "off:", which may hold wildcards. */
bool policy_is_off(const struct inspection *in, const char *id);

/* "high", "medium" or "low". */
bool severity_read(enum severity *out, const struct node *n, struct err *err);

/* "POLICY, subject: why" among the notes, where it is told once. */
void finding_note_text(struct findings *out, const char *policy, const char *subject,
                       const char *why);

#endif
