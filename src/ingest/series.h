#ifndef INGEST_SERIES_H
#define INGEST_SERIES_H

#include <stddef.h>
#include <stdint.h>

#include "estate/estate.h"

/*
 * Collects points in any order, from any number of pages and files, into the
 * estate's metric series: sorted, one point per time. Two points at one time
 * that differ keep the larger one, since advice is made from peaks; how often
 * that happened becomes a note.
 */
struct series_set;

/* Symbols of the estate. Series of one subject, space, metric and stat are one series. */
struct series_name {
    sym subject, space, metric, stat, unit;
};

struct series_set *series_set_open(struct estate *into, const char *source);
/* Index of the series of that name, for series_set_add(). */
size_t series_set_find(struct series_set *set, const struct series_name *name);
void series_set_add(struct series_set *set, size_t series, int64_t at, double value);
/* Writes everything into the estate and frees the set; NULL is fine. */
void series_set_close(struct series_set *set);

#endif
