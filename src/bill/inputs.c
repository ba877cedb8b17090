#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/files.h"
#include "io/stream.h"

enum { HEAD_BYTES = 1 << 20 };

/* The first bytes of a file, decompressed, up to the end of the header row. */
static bool read_head(char **out, size_t *length, const char *path, struct err *err)
{
    struct stream *s;
    if (!stream_open(&s, path, err))
        return false;
    char *bytes = mem_alloc(HEAD_BYTES + 1);
    size_t got = 1;
    bool ok = true;
    *length = 0;
    while (ok && got && *length < HEAD_BYTES && !memchr(bytes, '\n', *length)) {
        ok = stream_read(s, bytes + *length, HEAD_BYTES - *length, &got, err);
        *length += got;
    }
    stream_close(s);
    if (!ok) {
        free(bytes);
        return false;
    }
    *out = bytes;
    return true;
}

/* Only the header row: a cut in a later row is not the header's fault. */
static size_t header_length(const char *bytes, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= bytes[i] == '"';
        if (!quoted && (bytes[i] == '\n' || bytes[i] == '\r') && i > 0)
            return i + 1;
    }
    return length;
}

/* Layouts are shared by files with the same header, so that a worker's raw keys stay good. */
static const struct layout *layout_for(struct bill_run *run, const struct header *header,
                                       const char *path, struct err *err)
{
    struct layout made;
    if (!layout_make(&made, run->arena, header, path, run->tags, run->tag_count, err))
        return NULL;
    for (size_t i = 0; i < run->layouts.count; i++) {
        const struct layout *known = run->layouts.at[i];
        if (known->format == made.format && known->columns == made.columns &&
            !memcmp(&known->plan, &made.plan, sizeof made.plan) &&
            !memcmp(known->field, made.field, sizeof made.field) &&
            !memcmp(known->tag_field, made.tag_field, sizeof made.tag_field))
            return known;
    }
    struct layout *copy = ARENA_NEW(run->arena, struct layout);
    *copy = made;
    copy->number = (uint32_t)run->layouts.count;
    VEC_ADD(&run->layouts, copy);
    return copy;
}

static void note(struct inputs *in, enum note_kind kind, const char *path, const char *text)
{
    VEC_ADD(&in->notes, ((struct note){kind, arena_strdup(in->run->arena, text), path, 1}));
}

static bool add_bill(struct inputs *in, const char *path, const struct header *header,
                     struct err *err)
{
    const struct layout *layout = layout_for(in->run, header, path, err);
    if (!layout)
        return false;
    VEC_ADD(&in->run->parts, ((struct bill_part){.path = path, .layout = layout}));
    return true;
}

static bool is_list_prices(const struct header *header)
{
    return header_find(header, false, "price_start_time") != SIZE_MAX &&
           header_find(header, false, "sku_name") != SIZE_MAX;
}

static bool add_list_prices(struct bill_run *run, const char *path, struct err *err)
{
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, path, (size_t)1 << 30, err))
        return false;
    bool ok = list_prices_read(&run->prices, run->arena, path, text, length, err);
    free(text);
    return ok;
}

/* A file of a folder that is no bill is passed over; one that was named is an error. */
static bool add_file(struct inputs *in, const char *path, bool named, struct err *err)
{
    char *head;
    size_t length;
    struct header header;
    struct err why = ERR_INIT;
    if (!read_head(&head, &length, path, &why))
        goto unread;
    bool ok = header_read(&header, path, head, header_length(head, length), &why);
    free(head);
    if (ok && is_list_prices(&header))
        ok = add_list_prices(in->run, path, &why);
    else
        ok = ok && add_bill(in, path, &header, &why);
    header_release(&header);
    if (ok)
        return true;
unread:
    if (named) {
        if (err)
            *err = why;
        return false;
    }
    note(in, NOTE_UNREAD, path, why.text);
    return true;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct bill_part *)a)->path, ((const struct bill_part *)b)->path);
}

bool inputs_find(struct inputs *in, struct bill_run *run, struct err *err)
{
    *in = (struct inputs){.run = run};
    bool ok = true;
    for (size_t i = 0; ok && i < run->options->path_count; i++) {
        const char *name = run->options->paths[i];
        struct path_list found = {0};
        ok = files_expand(&found, run->arena, name, err);
        for (size_t n = 0; ok && n < found.paths.count; n++)
            ok = add_file(in, found.paths.at[n], !files_is_folder(name), err);
        path_list_release(&found);
    }
    if (!ok)
        return false;
    if (run->parts.count)
        qsort(run->parts.at, run->parts.count, sizeof *run->parts.at, by_path);
    return run->parts.count > 0 || err_set(err, "%s: there is no bill in it",
                                           run->options->path_count ? run->options->paths[0]
                                                                    : "no path was given");
}

void inputs_release(struct inputs *in)
{
    VEC_FREE(&in->notes);
}
