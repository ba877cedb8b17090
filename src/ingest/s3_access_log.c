#include "s3_access_log.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ingest/ingest.h"
#include "io/files.h"
#include "io/stream.h"
#include "s3_key.h"
#include "s3_reads.h"

enum { BUFFER = 1 << 18, OWNER_LENGTH = 64, KEY_MAX = 4096 };

static bool next_field(struct log_text *out, const char **at, const char *end)
{
    while (*at < end && **at == ' ')
        (*at)++;
    const char *space = memchr(*at, ' ', (size_t)(end - *at));
    const char *stop = space ? space : end;
    *out = (struct log_text){*at, (size_t)(stop - *at)};
    *at = stop;
    return out->length > 0;
}

static bool is_owner(struct log_text t)
{
    for (size_t i = 0; i < t.length; i++)
        if (!strchr("0123456789abcdef", t.at[i]) || !t.at[i])
            return false;
    return t.length == OWNER_LENGTH;
}

/* "[06/Feb/2019:00:00:38" and "+0000]"; the log is always in UTC. */
static bool read_time(int64_t *out, struct log_text t)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char iso[] = "0000-00-00T00:00:00Z", name[4] = "";
    if (t.length != 21 || t.at[0] != '[' || t.at[3] != '/' || t.at[7] != '/' ||
        t.at[12] != ':')
        return false;
    memcpy(name, t.at + 4, 3);
    const char *found = strstr(months, name);
    if (!found || (found - months) % 3)
        return false;
    int month = (int)(found - months) / 3 + 1;
    memcpy(iso, t.at + 8, 4);
    iso[5] = (char)('0' + month / 10);
    iso[6] = (char)('0' + month % 10);
    memcpy(iso + 8, t.at + 1, 2);
    memcpy(iso + 11, t.at + 13, 8);
    return when_parse(out, iso, sizeof iso - 1);
}

static bool read_count(uint64_t *out, struct log_text t)
{
    *out = 0;
    if (t.length == 1 && t.at[0] == '-')
        return true;
    for (size_t i = 0; i < t.length; i++) {
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        *out = *out * 10 + (uint64_t)(t.at[i] - '0');
    }
    return t.length > 0 && t.length <= 18;
}

static bool is_word(struct log_text t)
{
    for (size_t i = 0; i < t.length; i++)
        if (!((t.at[i] | 0x20) >= 'a' && (t.at[i] | 0x20) <= 'z') && t.at[i] != '-')
            return false;
    return t.length > 0;
}

/* Status, error code, bytes sent and object size: four fields of that shape in a row. */
static bool read_tail(struct s3_log_line *out, const char *at, const char *end)
{
    struct log_text status, code, sent, size;
    uint64_t number, ignored;
    if (!next_field(&status, &at, end) || !next_field(&code, &at, end) ||
        !next_field(&sent, &at, end) || !next_field(&size, &at, end) || status.length != 3 ||
        !is_word(code) || !read_count(&number, status) || number < 100 || number > 599 ||
        !read_count(&out->bytes_sent, sent) || !read_count(&ignored, size))
        return false;
    out->status = (int)number;
    return true;
}

bool s3_log_line_read(struct s3_log_line *out, const char *line, size_t length)
{
    const char *at = line, *end = line + length;
    struct log_text owner, time, zone, skipped;
    *out = (struct s3_log_line){.status = 0};
    if (!next_field(&owner, &at, end) || !is_owner(owner) ||
        !next_field(&out->bucket, &at, end) || !next_field(&time, &at, end) ||
        !read_time(&out->at, time) || !next_field(&zone, &at, end) ||
        !next_field(&skipped, &at, end) || !next_field(&skipped, &at, end) ||
        !next_field(&skipped, &at, end) || !next_field(&out->operation, &at, end) ||
        !next_field(&out->key, &at, end))
        return false;
    /* The request may hold anything: what follows it is found by its shape. */
    for (; at && at < end; at = memchr(at + 1, ' ', (size_t)(end - at - 1))) {
        if (read_tail(out, at, end))
            return true;
        if (end - at <= 1)
            break;
    }
    return out->operation.length > 3 && memcmp(out->operation.at, "S3.", 3) == 0;
}

struct reading {
    struct estate *into;
    struct s3_reads *reads;
    bool strict;
    uint64_t lines, bad;
    struct err first_bad;
};

static bool operation_is(const struct s3_log_line *line, const char *name)
{
    return strlen(name) == line->operation.length &&
           memcmp(name, line->operation.at, line->operation.length) == 0;
}

static bool writes(const struct s3_log_line *line)
{
    return operation_is(line, "REST.PUT.OBJECT") || operation_is(line, "REST.COPY.OBJECT") ||
           operation_is(line, "REST.POST.UPLOAD");
}

static void take(struct reading *r, const struct s3_log_line *line)
{
    char key[KEY_MAX];
    struct log_text b = line->bucket;
    size_t n = s3_key_decode(key, line->key.at,
                             line->key.length < KEY_MAX ? line->key.length : KEY_MAX);
    bool done = line->status >= 200 && line->status < 300;
    if (done && operation_is(line, "REST.GET.OBJECT"))
        s3_reads_get(r->reads, b.at, b.length, key, n, line->at, line->bytes_sent);
    else if (done && writes(line))
        s3_reads_put(r->reads, b.at, b.length, key, n, line->at);
    else
        s3_reads_seen(r->reads, b.at, b.length, line->at);
}

static void take_line(struct reading *r, const char *path, size_t number, const char *line,
                      size_t length)
{
    struct s3_log_line parsed;
    if (length > 0 && line[length - 1] == '\r')
        length--;
    if (length == 0)
        return;
    r->lines++;
    if (s3_log_line_read(&parsed, line, length)) {
        take(r, &parsed);
        return;
    }
    if (r->bad++ == 0)
        err_at(&r->first_bad, path, number, 0, "this is no line of an S3 server access log");
}

static bool take_file(struct reading *r, const char *path, char *buffer, struct err *err)
{
    struct stream *stream;
    size_t filled = 0, got, number = 0;
    bool ok = stream_open(&stream, path, err), last = false;
    while (ok && !last) {
        ok = stream_read(stream, buffer + filled, BUFFER - filled, &got, err);
        last = ok && got == 0;
        filled += ok ? got : 0;
        size_t at = 0;
        for (const char *end; (end = memchr(buffer + at, '\n', filled - at)) ||
                              (at < filled && (last || (at == 0 && filled == BUFFER)));) {
            size_t length = end ? (size_t)(end - buffer) - at : filled - at;
            take_line(r, path, ++number, buffer + at, length);
            at += length + (end != NULL);
        }
        memmove(buffer, buffer + at, filled - at);
        filled -= at;
    }
    stream_close(stream);
    return ok;
}

static bool take_all(struct reading *r, const struct path_list *files, struct err *err)
{
    char *buffer = mem_alloc(BUFFER);
    bool ok = true;
    for (size_t i = 0; i < files->paths.count && ok; i++) {
        struct err why = ERR_INIT;
        if (take_file(r, files->paths.at[i], buffer, &why))
            continue;
        ok = !r->strict || err_set(err, "%s", why.text);
        estate_note(r->into, NOTE_UNREAD, NULL, "%s", why.text);
    }
    free(buffer);
    if (ok && r->strict && r->bad > 0)
        return err_set(err, "%s", r->first_bad.text);
    return ok;
}

static bool read_log(struct estate *into, const char *path,
                     const struct ingest_options *options, struct err *err)
{
    struct reading r = {.into = into, .strict = options->strict, .reads = s3_reads_open()};
    struct path_list files = {0};
    bool folder = files_is_folder(path), ok = true;
    if (folder)
        ok = files_list(&files, &into->arena, path, false, err);
    else
        VEC_ADD(&files.paths, path);
    ok = ok && take_all(&r, &files, err);
    if (ok && r.lines > 0 && r.bad == r.lines)
        ok = err_set(err, "%s", r.first_bad.text);
    if (ok)
        s3_reads_publish(r.reads, into, arena_strdup(&into->arena, path));
    if (ok)
        estate_note_many(into, NOTE_UNREAD, NULL, r.bad,
                         "%llu of %llu lines are not counted; the first: %s",
                         (unsigned long long)r.bad, (unsigned long long)r.lines,
                         r.first_bad.text);
    path_list_release(&files);
    s3_reads_free(r.reads);
    return ok;
}

static int matches(const struct probe *probe)
{
    const char *end = memchr(probe->bytes, '\n', probe->length);
    size_t length = end ? (size_t)(end - probe->bytes) : probe->length;
    struct s3_log_line line;
    return s3_log_line_read(&line, probe->bytes, length) ? 2 : 0;
}

static bool matches_folder(const char *folder)
{
    return folder_begins_with(folder, matches);
}

extern const struct ingest_format ingest_s3_access_log;
const struct ingest_format ingest_s3_access_log = {
    .name = "S3 server access log",
    .summary = "server access logs, a file or a folder of them: reads by prefix and age",
    .matches = matches,
    .read = read_log,
    .matches_folder = matches_folder,
};
