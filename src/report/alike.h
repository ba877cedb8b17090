#ifndef REPORT_ALIKE_H
#define REPORT_ALIKE_H

#include "estate/advice.h"
#include "report/report.h"

/* Recommendations of the same kind, risk and words but for the resource's name: one line. */
struct alike {
    const struct recommendation *first;
    const char *before, *after; /* the title around the name */
    size_t count;
    struct money_range saving;
    struct money list, one_off;
};

/* False where `other` is NULL. */
bool alike_is_in(const struct advice *other, const char *id);
/* What is counted and not in `other` (may be NULL), the largest saving first; in the arena. */
const struct alike *alike_groups(size_t *count, struct report *report,
                                 const struct estate *estate, const struct advice *advice,
                                 const struct advice *other);
struct cell alike_title(struct report *report, const struct alike *a,
                        const struct estate *estate);
/* A table of what is not counted and why, one row each; none where there is nothing. */
void alike_put_uncounted(struct report *report, struct section *section,
                         const struct advice *advice, const struct advice *other);

#endif
