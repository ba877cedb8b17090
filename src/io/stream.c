#include "io/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "remote_read.h"
#include "standard_input.h"
#include "stream_source.h"

enum { SOURCE_ROOM = 256 * 1024, MAGIC_LENGTH = 16 };

struct stream {
    char *path;
    struct source source;
    const struct codec *codec; /* NULL: plain */
    void *state;
};

/* As read(); at the end of what comes from elsewhere, whether all of it came. */
static bool source_read(struct source *s, void *into, size_t size, size_t *got,
                        struct err *err)
{
    ssize_t n;
    do
        n = s->place < 0 ? read(s->fd, into, size) : pread(s->fd, into, size, s->place);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return err_set(err, "%s: %s", s->path, strerror(errno));
    s->place += s->place < 0 ? 0 : n;
    s->ended = n == 0;
    *got = (size_t)n;
    return n || !s->remote || remote_finish(s->remote, err);
}

bool source_fill(struct source *s, size_t wanted, struct err *err)
{
    if (source_left(s) >= wanted || s->ended)
        return true;
    memmove(s->bytes, s->bytes + s->at, source_left(s));
    s->end -= s->at;
    s->at = 0;
    if (wanted > s->room) {
        s->room = wanted;
        s->bytes = mem_resize(s->bytes, s->room);
    }
    for (size_t n; source_left(s) < wanted && !s->ended; s->end += n)
        if (!source_read(s, s->bytes + s->end, s->room - s->end, &n, err))
            return false;
    return true;
}

void source_skip(struct source *s, size_t n)
{
    s->at += n;
    s->offset += n;
}

bool source_cut(struct source *s, const char *codec, struct err *err)
{
    s->cut = true;
    return err_set(err, "%s: the %s data is cut off at byte %llu", s->path, codec,
                   (unsigned long long)s->offset);
}

bool source_damaged(const struct source *s, const char *codec, struct err *err)
{
    return err_set(err, "%s: damaged %s data at byte %llu", s->path, codec,
                   (unsigned long long)s->offset);
}

static const struct codec *codec_for(const struct source *s)
{
    for (size_t i = 0; codecs[i]; i++)
        if (codecs[i]->matches(s->bytes + s->at, source_left(s)))
            return codecs[i];
    return NULL;
}

static bool source_open(struct source *s, const char *path, struct err *err)
{
    if (remote_is(path))
        return remote_open(&s->remote, &s->fd, path, err);
    if (!strcmp(path, "-"))
        return standard_input_open(&s->fd, &s->place, err);
    s->fd = open(path, O_RDONLY | O_CLOEXEC);
    return s->fd >= 0 || err_set(err, "%s: %s", path, strerror(errno));
}

bool stream_open(struct stream **out, const char *path, struct err *err)
{
    struct source source = {.room = SOURCE_ROOM, .place = -1};
    if (!source_open(&source, path, err))
        return false;
    struct stream *s = mem_alloc(sizeof *s);
    s->path = mem_strdup(path);
    s->source = source;
    s->source.path = s->path;
    s->source.bytes = mem_alloc(SOURCE_ROOM);
    if (!source_fill(&s->source, MAGIC_LENGTH, err)) {
        stream_close(s);
        return false;
    }
    s->codec = codec_for(&s->source);
    s->state = s->codec ? s->codec->open() : NULL;
    *out = s;
    return true;
}

bool stream_look(struct stream **out, const char *path, struct err *err)
{
    struct stat st;
    if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISFIFO(st.st_mode))
        return err_set(err, "%s: a pipe, which can be read once and has to be looked at first; "
                       "lead it to standard input and name it '-', or write it to a file", path);
    return stream_open(out, path, err);
}

void stream_close(struct stream *s)
{
    if (!s)
        return;
    if (s->codec)
        s->codec->close(s->state);
    close(s->source.fd); /* first: a transfer that nobody reads ends */
    remote_close(s->source.remote);
    free(s->source.bytes);
    free(s->path);
    free(s);
}

/* Past the bytes by which the codec was told, what is not compressed is not copied twice. */
static bool read_plain(struct source *s, void *into, size_t size, size_t *got, struct err *err)
{
    if (!source_left(s) && !s->ended) {
        bool ok = source_read(s, into, size, got, err);
        s->offset += *got;
        return ok;
    }
    *got = source_left(s) < size ? source_left(s) : size;
    memcpy(into, s->bytes + s->at, *got);
    source_skip(s, *got);
    return true;
}

bool stream_read(struct stream *s, void *into, size_t size, size_t *got, struct err *err)
{
    *got = 0;
    if (!s->codec)
        return read_plain(&s->source, into, size, got, err);
    return s->codec->read(s->state, &s->source, into, size, got, err);
}

bool stream_was_cut(const struct stream *s)
{
    return s->source.cut;
}

uint64_t stream_offset(const struct stream *s)
{
    return s->source.offset;
}

const char *stream_codec(const struct stream *s)
{
    return s->codec ? s->codec->name : "plain";
}

bool stream_read_all(char **out, size_t *length, const char *path, size_t limit,
                     struct err *err)
{
    struct stream *s;
    if (!stream_open(&s, path, err))
        return false;
    size_t room = 64 * 1024, used = 0, got = 1;
    char *bytes = mem_alloc(room);
    bool ok = true;
    while (ok && got) {
        if (room - used < 2)
            bytes = mem_resize(bytes, room *= 2);
        ok = stream_read(s, bytes + used, room - used - 1, &got, err);
        used += got;
        if (ok && used > limit)
            ok = err_set(err, "%s: more than %zu bytes, too large for this kind of file", path,
                         limit);
    }
    stream_close(s);
    if (!ok) {
        free(bytes);
        return false;
    }
    bytes[used] = '\0';
    *out = bytes;
    *length = used;
    return true;
}
