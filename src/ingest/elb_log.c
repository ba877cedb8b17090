#include "elb_log.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/files.h"
#include "io/stream.h"

enum { BLOCK = 256 * 1024, LONGEST_LINE = 128 * 1024, THREADS_MAX = 16, PROBED_LINES = 10 };

/* What happened to one file; written by one thread, read after all have ended. */
struct file_result {
    uint64_t lines, bad;
    uint64_t first_bad_line;
    const char *first_bad; /* why */
    struct err damage;     /* the file could not be read to its end */
};

struct job {
    const char *const *paths;
    size_t count;
    atomic_size_t next;
    atomic_bool failed;
    struct file_result *results;
};

struct worker {
    struct job *job;
    pthread_t thread;
    struct elb_sums *sums;
    struct elb_log_day today;
    char *block;
    struct err err;
};

static void count_bad(struct file_result *r, const char *why)
{
    if (r->bad++ == 0) {
        r->first_bad_line = r->lines;
        r->first_bad = why;
    }
}

static bool take_line(struct worker *w, struct file_result *r, const char *line, size_t length)
{
    struct elb_log_line parsed;
    r->lines++;
    if (length && line[length - 1] == '\r')
        length--;
    if (length == 0 || line[0] == '#') /* blank, or a header that a tool put there */
        return true;
    const char *wrong = elb_log_parse(&parsed, &w->today, line, length);
    if (!wrong)
        return elb_sums_add(w->sums, &parsed, &w->err);
    count_bad(r, wrong);
    return true;
}

/* Takes all whole lines of the block; *left is what an unfinished line holds at its end. */
static bool take_block(struct worker *w, struct file_result *r, size_t filled, size_t *left)
{
    const char *at = w->block, *end = w->block + filled, *line_end;
    while ((line_end = memchr(at, '\n', (size_t)(end - at)))) {
        if (!take_line(w, r, at, (size_t)(line_end - at)))
            return false;
        at = line_end + 1;
    }
    *left = (size_t)(end - at);
    memmove(w->block, at, *left);
    return true;
}

/* Leaves out the rest of a line that no load balancer writes. */
static bool skip_long_line(struct worker *w, struct file_result *r, struct stream *s,
                           size_t *left, bool *ended)
{
    r->lines++;
    count_bad(r, "it is longer than 128 KiB");
    for (*left = 0; !*ended && !*left;) {
        size_t got;
        if (!stream_read(s, w->block, BLOCK, &got, &r->damage))
            return false;
        *ended = got == 0;
        const char *line_end = memchr(w->block, '\n', got);
        if (line_end) {
            *left = got - (size_t)(line_end + 1 - w->block);
            memmove(w->block, line_end + 1, *left);
            return true;
        }
    }
    return true;
}

static bool read_stream(struct worker *w, struct file_result *r, struct stream *s)
{
    size_t left = 0, got;
    bool ended = false;
    while (!ended) {
        if (!stream_read(s, w->block + left, BLOCK - left, &got, &r->damage)) {
            size_t ignored;
            return take_block(w, r, left, &ignored);
        }
        ended = got == 0;
        if (!take_block(w, r, left + got, &left))
            return false;
        if (left >= LONGEST_LINE && !skip_long_line(w, r, s, &left, &ended))
            return true;
    }
    return left == 0 || take_line(w, r, w->block, left);
}

static void *work(void *context)
{
    struct worker *w = context;
    struct job *job = w->job;
    size_t i;
    while (!atomic_load(&job->failed) && (i = atomic_fetch_add(&job->next, 1)) < job->count) {
        struct file_result *r = &job->results[i];
        struct stream *s;
        if (!stream_open(&s, job->paths[i], &r->damage))
            continue;
        if (!read_stream(w, r, s))
            atomic_store(&job->failed, true);
        stream_close(s);
    }
    return NULL;
}

static bool note_result(struct estate *into, const char *path, const struct file_result *r,
                        const struct ingest_options *options, struct err *err)
{
    if (r->damage.code != ERR_NONE)
        estate_note(into, NOTE_UNREAD, NULL, "%s; its first %llu lines were used",
                    r->damage.text, (unsigned long long)r->lines);
    if (!r->bad)
        return true;
    if (options && options->strict)
        return err_at(err, path, (size_t)r->first_bad_line, 0,
                      "not a line of an access log: %s", r->first_bad);
    estate_note_many(into, NOTE_UNREAD, path, r->bad,
                     "%llu of %llu lines were left out, the first is line %llu: %s",
                     (unsigned long long)r->bad, (unsigned long long)r->lines,
                     (unsigned long long)r->first_bad_line, r->first_bad);
    return true;
}

static bool run_workers(struct job *job, struct worker *workers, unsigned threads,
                        struct err *err)
{
    unsigned started = 0;
    for (unsigned i = 0; i < threads; i++) {
        workers[i].job = job;
        workers[i].sums = elb_sums_open();
        workers[i].block = mem_alloc(BLOCK);
    }
    for (unsigned i = 1; i < threads; i++, started++)
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            break;
    work(&workers[0]);
    for (unsigned i = 1; i <= started; i++)
        pthread_join(workers[i].thread, NULL);
    bool ok = true;
    for (unsigned i = 0; i < threads && ok; i++) {
        if (workers[i].err.code != ERR_NONE)
            ok = err_set(err, "%s", workers[i].err.text);
        else if (i > 0)
            ok = elb_sums_merge(workers[0].sums, workers[i].sums, err);
    }
    return ok;
}

bool elb_log_read_files(struct estate *into, const char *const *paths, size_t count,
                        unsigned threads, const struct ingest_options *options,
                        struct err *err)
{
    struct worker workers[THREADS_MAX] = {0};
    struct job job = {.paths = paths, .count = count};
    if (count == 0)
        return true;
    threads = threads > THREADS_MAX ? THREADS_MAX : threads < 1 ? 1 : threads;
    threads = count < threads ? (unsigned)count : threads;
    job.results = mem_alloc(count * sizeof *job.results);
    bool ok = run_workers(&job, workers, threads, err);
    for (size_t i = 0; i < count && ok; i++)
        ok = note_result(into, paths[i], &job.results[i], options, err);
    if (ok)
        elb_sums_write(workers[0].sums, into, paths[0]);
    for (unsigned i = 0; i < threads; i++) {
        elb_sums_free(workers[i].sums);
        free(workers[i].block);
    }
    free(job.results);
    return ok;
}

enum { READ_THREADS = 2 };

static bool read_path(struct estate *into, const char *path,
                      const struct ingest_options *options, struct err *err)
{
    struct path_list files = {0};
    bool ok = files_expand(&files, &into->arena, path, err) &&
              elb_log_read_files(into, files.paths.at, files.paths.count, READ_THREADS,
                                 options, err);
    path_list_release(&files);
    return ok;
}

static int matches(const struct probe *probe)
{
    const char *at = probe->bytes, *end = at + probe->length, *line_end;
    for (int i = 0; i < PROBED_LINES; i++) {
        line_end = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((line_end ? line_end : end) - at);
        struct elb_log_line line;
        struct elb_log_day today = {{0}, 0};
        if (length && !elb_log_parse(&line, &today, at, length))
            return 2;
        if (!line_end)
            return 0;
        at = line_end + 1;
    }
    return 0;
}

/* As AWS delivers them: <account>_elasticloadbalancing_<region>_<balancer>_<end>_..., gzip or
 * plain. */
static bool is_delivered_name(const char *path)
{
    const char *name = path_base(path), *dot = strrchr(name, '.');
    return strstr(name, "_elasticloadbalancing_") && dot &&
           (strcmp(dot, ".log") == 0 || strcmp(dot, ".gz") == 0);
}

/*
 * A folder of nothing but delivered logs is read as a whole: the nodes of a load
 * balancer write files of their own about the same minutes.
 */
static bool matches_folder(const char *folder)
{
    struct arena arena = ARENA_INIT;
    struct path_list files = {0};
    struct err ignored = ERR_INIT;
    bool all = files_list(&files, &arena, folder, true, &ignored) && files.paths.count > 0;
    for (size_t i = 0; all && i < files.paths.count; i++)
        all = is_delivered_name(files.paths.at[i]);
    path_list_release(&files);
    arena_release(&arena);
    return all;
}

const struct ingest_format ingest_elb_log = {
    .name = "load balancer log",
    .summary = "access logs of application, network and Classic load balancers",
    .matches = matches,
    .read = read_path,
    .matches_folder = matches_folder,
};
