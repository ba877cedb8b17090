#include <pthread.h>
#include <string.h>

#include "base/mem.h"
#include "io/files.h"
#include "spark_lines.h"
#include "spark_state.h"

/* What a reader is told about lines that could not be used. */
struct line_trouble {
    size_t first_bad; /* line number; 0: none */
    uint64_t bad;
    bool cut; /* the last line is half a line */
};

static bool blank(const char *line, size_t length)
{
    while (length && (*line == ' ' || *line == '\t'))
        line++, length--;
    return !length;
}

static bool read_line(struct spark_log *log, const struct spark_lines *lines, const char *line,
                      size_t length, struct line_trouble *trouble)
{
    log->lines++;
    enum spark_line kind = spark_event_line(log, line, length);
    if (kind == SPARK_LINE_OTHER && line[length - 1] != '}')
        kind = SPARK_LINE_BAD;
    if (kind != SPARK_LINE_BAD) {
        log->events++;
        return true;
    }
    if (lines->last_open) {
        trouble->cut = true;
        return true;
    }
    trouble->bad++;
    if (!trouble->first_bad)
        trouble->first_bad = lines->number;
    return log->events > 0; /* a file that begins with something else is no log */
}

static void note_trouble(struct spark_log *log, const char *path,
                         const struct spark_lines *lines, const struct line_trouble *trouble)
{
    if (lines->trouble[0]) {
        log->damaged = true;
        spark_note(log, "%s: what stands before it is used", lines->trouble);
    }
    if (trouble->cut) {
        log->damaged = true;
        spark_note(log, "%s:%zu: the last line is cut off; it is left out", path,
                   lines->number);
    }
    if (trouble->bad) {
        log->bad_lines += trouble->bad;
        spark_note(log, "%s:%zu: %llu line%s could not be read as an event and %s left out",
                   path, trouble->first_bad, (unsigned long long)trouble->bad,
                   trouble->bad == 1 ? "" : "s", trouble->bad == 1 ? "is" : "are");
    }
}

/* A name that promises a compression which the content does not have. */
static void note_codec(struct spark_log *log, const char *path, const char *codec)
{
    static const char *const suffixes[][2] = {{".zstd", "zstd"}, {".zst", "zstd"},
                                              {".lz4", "lz4"},   {".snappy", "snappy"},
                                              {".lzf", "lzf"},   {".gz", "gzip"}};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        const char *at = strstr(path_base(path), suffixes[i][0]);
        char behind = at ? at[strlen(suffixes[i][0])] : 'x';
        if ((behind == '\0' || behind == '.') && strcmp(codec, suffixes[i][1]) != 0)
            spark_note(log, "%s: named %s but its content is %s; read as that", path,
                       suffixes[i][0], codec);
    }
}

static bool read_part(struct spark_log *log, const char *path, struct err *err)
{
    struct spark_lines lines;
    struct line_trouble trouble = {0};
    if (!spark_lines_open(&lines, path, err))
        return false;
    note_codec(log, path, stream_codec(lines.stream));
    const char *line;
    size_t length;
    bool ok = true;
    while (ok && spark_lines_next(&lines, &line, &length))
        ok = blank(line, length) || read_line(log, &lines, line, length, &trouble);
    if (!ok || (!log->events && trouble.cut))
        ok = err_at(err, path, lines.number, 0,
                    "not a Spark event log: this line is no JSON object with an \"Event\"");
    else
        note_trouble(log, path, &lines, &trouble);
    spark_lines_close(&lines);
    return ok;
}

static struct spark_log *log_open(const char *path)
{
    struct spark_log *log = mem_alloc(sizeof *log);
    log->symbols = intern_open();
    log->path = arena_strdup(&log->arena, path);
    log->cluster = (struct spark_cluster){
        .workers = -1, .min_workers = -1, .max_workers = -1, .task_cpus = 1};
    return log;
}

static bool is_empty(const struct spark_log *log)
{
    return !log->app_name && !log->app_id && !log->jobs.count && !log->stages.count;
}

static void note_end(struct spark_log *log)
{
    size_t open = 0;
    for (size_t i = 0; i < log->jobs.count; i++)
        open += !log->jobs.at[i].ended;
    if (!log->has_start)
        spark_note(log, "%s: the log has no application start; its beginning may be missing",
                   log->path);
    if (!log->has_end && open)
        spark_note(log,
                   "%s: the log ends with %zu job%s still open: it still runs, or crashed",
                   log->path, open, open == 1 ? "" : "s");
    else if (!log->has_end)
        spark_note(log,
                   "%s: the log has no application end, though all its jobs ended: it still "
                   "runs, or its cluster was shut down",
                   log->path);
}

bool spark_log_read(struct spark_log **out, const struct spark_source *source, struct err *err)
{
    struct spark_log *log = log_open(source->parts.at[0]);
    for (size_t i = 0; i < source->notes.count; i++)
        spark_note(log, "%s", source->notes.at[i]);
    bool ok = true;
    for (size_t i = 0; ok && i < source->parts.count; i++)
        ok = read_part(log, source->parts.at[i], err);
    if (ok && !log->events)
        ok = err_set(err, "%s: no Spark events in it", log->path);
    else if (ok && is_empty(log))
        ok = err_set(err, "%s: %llu event%s but no application, job or stage in it", log->path,
                     (unsigned long long)log->events, log->events == 1 ? "" : "s");
    if (!ok) {
        spark_log_free(log);
        return false;
    }
    note_end(log);
    spark_observe_cores(log);
    spark_find_machines(log);
    *out = log;
    return true;
}

struct crew {
    struct spark_log **logs;
    struct err *errs;
    const struct spark_sources *sources;
    size_t next;
    pthread_mutex_t lock;
};

static void *work(void *state)
{
    struct crew *crew = state;
    for (;;) {
        pthread_mutex_lock(&crew->lock);
        size_t i = crew->next++;
        pthread_mutex_unlock(&crew->lock);
        if (i >= crew->sources->at.count)
            return NULL;
        crew->logs[i] = NULL;
        if (!spark_log_read(&crew->logs[i], &crew->sources->at.at[i], &crew->errs[i]))
            crew->logs[i] = NULL;
    }
}

static uint64_t fullness(const struct spark_log *log)
{
    return log->events * 2 + log->has_end;
}

static bool same_text(sym a, sym b)
{
    return !strcmp(sym_or_empty(a), sym_or_empty(b));
}

static bool same_application(const struct spark_log *a, const struct spark_log *b)
{
    return a->app_id && b->app_id && a->started_ms == b->started_ms &&
           same_text(a->app_id, b->app_id) && same_text(a->attempt, b->attempt) &&
           same_text(a->context_id, b->context_id);
}

static void drop_doubles(struct spark_log **logs, struct err *errs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = i + 1; logs[i] && k < count; k++) {
            if (!logs[k] || !same_application(logs[i], logs[k]))
                continue;
            size_t drop = fullness(logs[k]) > fullness(logs[i]) ? i : k;
            const struct spark_log *stays = logs[drop == i ? k : i];
            err_set(&errs[drop], "%s: the same application as %s (%s); counted once",
                    logs[drop]->path, stays->path, stays->app_id);
            errs[drop].code = ERR_NONE; /* nothing is lost by it */
            spark_log_free(logs[drop]);
            logs[drop] = NULL;
        }
}

void spark_logs_read(struct spark_log **logs, struct err *errs,
                     const struct spark_sources *sources, unsigned threads)
{
    struct crew crew = {.logs = logs, .errs = errs, .sources = sources};
    pthread_t helpers[16];
    unsigned started = 0;
    pthread_mutex_init(&crew.lock, NULL);
    while (started + 1 < threads && started + 1 < sources->at.count && started < 16 &&
           pthread_create(&helpers[started], NULL, work, &crew) == 0)
        started++;
    work(&crew);
    for (unsigned i = 0; i < started; i++)
        pthread_join(helpers[i], NULL);
    pthread_mutex_destroy(&crew.lock);
    drop_doubles(logs, errs, sources->at.count);
}
