#ifndef ADVISOR_CHECK_RECORD_H
#define ADVISOR_CHECK_RECORD_H

#include "base/err.h"
#include "base/when.h"
#include "estate/advice.h"

/* One check, as it goes into the record. */
struct check_entry {
    day on;
    const char *map; /* path; NULL: none */
    size_t judged;   /* resources */
    const struct findings *findings;
};

/*
 * Appends the check as a line of JSON: day, SHA-256 of the map, counts, findings, the
 * digest of the line before and of this one. A record whose chain is broken, because a
 * line was changed, taken out or put in, is refused and left as it is.
 */
bool check_record(const char *path, const struct check_entry *entry, struct err *err);

#endif
