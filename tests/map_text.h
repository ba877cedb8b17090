#ifndef TESTS_MAP_TEXT_H
#define TESTS_MAP_TEXT_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/layer_map.h"

/* Reads a layer map out of a text, by way of a file; NULL with err where it is refused. */
static inline struct layer_map *map_of_text(const char *text, struct err *err)
{
    char path[] = "/tmp/advisor-map-XXXXXX";
    struct layer_map *map = NULL;
    int fd = mkstemp(path);
    FILE *f = fdopen(fd, "w");
    fputs(text, f);
    fclose(f);
    if (!layer_map_open(&map, path, err)) {
        size_t n = strlen(path);
        if (!strncmp(err->text, path, n)) /* the name is a scratch one: tests say "map" */
            memmove(err->text, err->text + n, strlen(err->text + n) + 1);
    }
    unlink(path);
    return map;
}

#endif
