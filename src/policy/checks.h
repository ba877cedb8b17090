#ifndef POLICY_CHECKS_H
#define POLICY_CHECKS_H

#include "policy/policy.h"

/* Switched off by "off:", which may hold wildcards. */
bool policy_is_off(const struct policy_input *in, const char *id);

/* "high", "medium" or "low". */
bool severity_read(enum severity *out, const struct node *n, struct err *err);

/* "POLICY, subject: why" among the notes, once. */
void finding_note_text(struct findings *out, const char *policy, const char *subject,
                       const char *why);

#endif
