#ifndef ADVISOR_ESTIMATION_H
#define ADVISOR_ESTIMATION_H

#include "command.h"
#include "config.h"
#include "estate/advice.h"
#include "ingest/layer_map.h"
#include "pricing/book.h"
#include "pricing/estimate.h"

/* Everything that one estimate stands on: what estimate prints, and explain leads back to. */
struct estimation {
    struct config config;
    struct layer_map *map;
    struct book *book;
    struct estimate estimate;
    struct advice advice;
};

/*
 * Reads the layer map at `path` (NULL: that of the configuration) and the runs (none named:
 * those of the configuration), sizes what the map leaves open, prices and judges it. Release
 * it also after a failure.
 */
bool estimation_load(struct estimation *out, struct session *session, const char *path,
                     const struct text_list *runs, struct err *err);
void estimation_release(struct estimation *estimation);

#endif
