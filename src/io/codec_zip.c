#include <stdlib.h>
#include <string.h>

#include <isa-l.h>

#include "base/mem.h"
#include "inflate.h"
#include "stream_source.h"

/* A zip archive of one file, as AWS delivers bills: read from the front, entry by entry. */
enum { LOCAL_HEADER = 30, STORED = 0, DEFLATED = 8, ENCRYPTED = 1, SIZES_FOLLOW = 8 };

static const unsigned char local_magic[4] = {'P', 'K', 3, 4};

struct entry {
    unsigned flags, method;
    uint32_t crc, packed_size, size;
    bool folder;
};

struct zip {
    void *z;
    struct entry entry;
    bool in_entry, had_file, ended;
    uint32_t crc;
    uint64_t left; /* of a stored entry */
    struct err failure;
};

static bool matches(const unsigned char *magic, size_t length)
{
    return length >= 4 && !memcmp(magic, local_magic, 4);
}

static void *open_zip(void)
{
    struct zip *zip = mem_alloc(sizeof *zip);
    zip->z = inflate_zlib.open(true);
    return zip;
}

static void close_zip(void *state)
{
    struct zip *zip = state;
    inflate_zlib.close(zip->z);
    free(zip);
}

static uint32_t little(const unsigned char *p, int bytes)
{
    uint32_t n = 0;
    while (bytes--)
        n = n << 8 | p[bytes];
    return n;
}

static bool cut_off(const struct source *from, struct err *err)
{
    return err_set(err, "%s: the zip data is cut off at byte %llu", from->path,
                   (unsigned long long)from->offset);
}

static bool damaged(const struct source *from, struct err *err)
{
    return err_set(err, "%s: damaged zip data at byte %llu", from->path,
                   (unsigned long long)from->offset);
}

/* The next entry's header; *more is false at the directory behind the last one. */
static bool read_header(struct zip *zip, struct source *from, bool *more, struct err *err)
{
    if (!source_fill(from, LOCAL_HEADER, err))
        return false;
    const unsigned char *p = from->bytes + from->at;
    *more = source_left(from) >= 4 && !memcmp(p, local_magic, 4);
    if (!*more)
        return zip->had_file || damaged(from, err);
    if (source_left(from) < LOCAL_HEADER)
        return cut_off(from, err);
    struct entry *e = &zip->entry;
    *e = (struct entry){little(p + 6, 2), little(p + 8, 2), little(p + 14, 4), little(p + 18, 4),
                        little(p + 22, 4), false};
    size_t name = little(p + 26, 2), extra = little(p + 28, 2);
    if (!source_fill(from, LOCAL_HEADER + name + extra, err))
        return false;
    if (source_left(from) < LOCAL_HEADER + name + extra)
        return cut_off(from, err);
    e->folder = name && from->bytes[from->at + LOCAL_HEADER + name - 1] == '/';
    source_skip(from, LOCAL_HEADER + name + extra);
    if (e->flags & ENCRYPTED || (e->method != STORED && e->method != DEFLATED))
        return err_set(err, "%s: a zip entry is encrypted or packed by method %u, which is not "
                       "read; unpack it first", from->path, e->method);
    return true;
}

static bool next_entry(struct zip *zip, struct source *from, struct err *err)
{
    bool more;
    do {
        if (!read_header(zip, from, &more, err))
            return false;
    } while (more && zip->entry.folder);
    zip->ended = !more;
    if (!more)
        return true;
    if (zip->had_file)
        return err_set(err, "%s: the zip archive holds several files; unpack it first",
                       from->path);
    if (zip->entry.method == STORED && zip->entry.flags & SIZES_FOLLOW)
        return damaged(from, err);
    zip->in_entry = zip->had_file = true;
    zip->left = zip->entry.size;
    return true;
}

/* Behind the data: its sum, which stands there when the header did not know it yet. */
static bool end_entry(struct zip *zip, struct source *from, struct err *err)
{
    zip->in_entry = false;
    if (zip->entry.flags & SIZES_FOLLOW) {
        if (!source_fill(from, 16, err))
            return false;
        const unsigned char *p = from->bytes + from->at;
        size_t marked = source_left(from) >= 4 && little(p, 4) == 0x08074b50 ? 4 : 0;
        if (source_left(from) < marked + 12)
            return cut_off(from, err);
        zip->entry.crc = little(p + marked, 4);
        source_skip(from, marked + 12);
    }
    return zip->crc == zip->entry.crc || damaged(from, err);
}

static bool copy_stored(struct zip *zip, struct source *from, unsigned char **out, size_t *room)
{
    size_t n = source_left(from);
    n = n < *room ? n : *room;
    n = n < zip->left ? n : (size_t)zip->left;
    memcpy(*out, from->bytes + from->at, n);
    source_skip(from, n);
    *out += n;
    *room -= n;
    zip->left -= n;
    return zip->left == 0;
}

static bool step(struct zip *zip, struct source *from, unsigned char **out, size_t *room,
                 struct err *err)
{
    if (!zip->in_entry)
        return next_entry(zip, from, err);
    if (!source_fill(from, 1, err))
        return false;
    const unsigned char *in = from->bytes + from->at, *start = *out;
    size_t in_left = source_left(from), given = in_left, before = *room;
    bool done;
    if (zip->entry.method == STORED) {
        done = copy_stored(zip, from, out, room);
    } else {
        enum member member = inflate_zlib.run(zip->z, &in, &in_left, out, room);
        source_skip(from, given - in_left);
        if (member == MEMBER_DAMAGED)
            return damaged(from, err);
        done = member == MEMBER_ENDED;
    }
    zip->crc = crc32_gzip_refl(zip->crc, start, before - *room);
    if (!done && !given)
        return cut_off(from, err);
    return !done || end_entry(zip, from, err);
}

static bool read_zip(void *state, struct source *from, void *into, size_t size, size_t *got,
                     struct err *err)
{
    struct zip *zip = state;
    unsigned char *out = into;
    size_t room = size;
    while (room && !zip->ended && zip->failure.code == ERR_NONE)
        step(zip, from, &out, &room, &zip->failure);
    *got = size - room;
    if (*got || zip->failure.code == ERR_NONE)
        return true;
    if (err)
        *err = zip->failure;
    return false;
}

const struct codec codec_zip = {"zip", 4, matches, open_zip, read_zip, close_zip};
