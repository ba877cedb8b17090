#include "spark_lines.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { FIRST_ROOM = 256 * 1024, LINE_LIMIT = 1024 * 1024 * 1024 };

bool spark_lines_open(struct spark_lines *lines, const char *path, struct err *err)
{
    *lines = (struct spark_lines){0};
    if (!stream_open(&lines->stream, path, err))
        return false;
    lines->room = FIRST_ROOM;
    lines->bytes = mem_alloc(lines->room);
    return true;
}

void spark_lines_close(struct spark_lines *lines)
{
    stream_close(lines->stream);
    free(lines->bytes);
    lines->stream = NULL;
    lines->bytes = NULL;
}

/* A file that is cut or damaged simply ends; the reason is kept for the reader. */
static void end_early(struct spark_lines *lines, const char *why)
{
    lines->ended = true;
    snprintf(lines->trouble, sizeof lines->trouble, "%s", why);
}

static void fill(struct spark_lines *lines)
{
    struct err err = ERR_INIT;
    size_t got;
    if (lines->at) {
        memmove(lines->bytes, lines->bytes + lines->at, lines->end - lines->at);
        lines->end -= lines->at;
        lines->searched -= lines->at;
        lines->at = 0;
    }
    if (lines->end == lines->room) {
        if (lines->room >= LINE_LIMIT) {
            end_early(lines, "a line is longer than 1 GiB");
            return;
        }
        lines->bytes = mem_resize(lines->bytes, lines->room *= 2);
    }
    if (!stream_read(lines->stream, lines->bytes + lines->end, lines->room - lines->end, &got,
                     &err)) {
        end_early(lines, err.text);
        return;
    }
    lines->end += got;
    lines->ended = got == 0;
}

static bool give(struct spark_lines *lines, size_t end, size_t next, const char **line,
                 size_t *length)
{
    *line = lines->bytes + lines->at;
    *length = end - lines->at;
    if (*length && (*line)[*length - 1] == '\r')
        --*length;
    lines->at = lines->searched = next;
    lines->number++;
    return true;
}

bool spark_lines_next(struct spark_lines *lines, const char **line, size_t *length)
{
    for (;;) {
        const char *newline =
            memchr(lines->bytes + lines->searched, '\n', lines->end - lines->searched);
        if (newline) {
            size_t end = (size_t)(newline - lines->bytes);
            return give(lines, end, end + 1, line, length);
        }
        lines->searched = lines->end;
        if (lines->ended) {
            lines->last_open = true;
            return lines->at < lines->end && give(lines, lines->end, lines->end, line, length);
        }
        fill(lines);
    }
}
