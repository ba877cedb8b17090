#ifndef ADVISOR_FAIL_ON_H
#define ADVISOR_FAIL_ON_H

#include "command.h"

/* A figure that --fail-on rules may name. */
struct measure {
    const char *name;  /* "monthly_increase" */
    double value;      /* NaN: not known, so no rule about it is met or broken */
    const char *about; /* for the message that lists them */
};

/*
 * Looks at rules such as "monthly_increase > 500" (operators > >= < <= == !=). A rule
 * that holds is said on stderr and makes *broken true. Fails for a rule that is none.
 */
bool fail_on_check(bool *broken, const struct session *session, const struct text_list *rules,
                   const struct measure *measures, size_t count, struct err *err);

#endif
