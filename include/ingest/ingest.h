#ifndef INGEST_INGEST_H
#define INGEST_INGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "estate/estate.h"

struct layer_map; /* ingest/layer_map.h */

/* The first bytes of an input, decompressed, by which its format is told. */
struct probe {
    const char *path;
    const char *bytes;
    size_t length; /* at most 64 KiB */
};

/* Does the text stand anywhere in those bytes? */
bool probe_holds(const struct probe *probe, const char *text);
/* Does the first file of a folder, by name, match? */
bool folder_begins_with(const char *folder, int (*matches)(const struct probe *probe));

/* What a user may state about inputs that they do not say themselves. */
struct ingest_options {
    day reporting_day; /* ages are counted to it; 0: the input's own date */
    bool strict;       /* bad rows are fatal */
    const struct layer_map *map; /* whose phases name work in event logs; may be NULL */
};

/* One input format besides bills: a constant in its own file, named in registry.c. */
struct ingest_format {
    const char *name; /* "cloudwatch", "terraform plan" */
    const char *summary;
    /* How sure: 0 not this format, 1 perhaps, 2 certainly. */
    int (*matches)(const struct probe *probe);
    bool (*read)(struct estate *into, const char *path, const struct ingest_options *options,
                 struct err *err);
    /* For inputs that are a folder of parts, read as a whole. NULL: files only. */
    bool (*matches_folder)(const char *folder);
};

extern const struct ingest_format *const ingest_formats[]; /* ends with NULL */

/*
 * The format of a file, or of a folder that is one input; *out is NULL when no
 * format claims it. False only when it cannot be opened.
 */
bool ingest_detect(const struct ingest_format **out, const char *path, struct err *err);

/*
 * Reads a file or folder of any known format into the estate. A folder's files
 * are each told apart; what no format claims becomes a note, not an error,
 * unless the user named that very file.
 */
bool ingest_path(struct estate *into, const char *path, const struct ingest_options *options,
                 struct err *err);

#endif
