#ifndef PRICING_CHECK_H
#define PRICING_CHECK_H

#include "pricing/book.h"

struct price_check {
    size_t prices, tables, problems;
    day first, last;
};

/* Told of each problem, a sentence with file and line. */
typedef void price_problem(void *context, const char *sentence);

/*
 * Reads a folder of price files to its end and tells what is wrong with it: lines that
 * do not parse, prices given twice, tiers that do not rise, dates before 2006 or after
 * `today` (0: not checked), regions that nobody knows. False when the folder cannot be
 * read at all.
 */
bool price_folder_check(struct price_check *out, const char *folder, day today,
                        price_problem *problem, void *context, struct err *err);

#endif
