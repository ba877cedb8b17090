#include "csv_bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static bool open_file(struct bulk_run *run, struct bulk_file *file, uint32_t part,
                      struct err *err)
{
    const struct csv_part *p = &run->job->parts[part];
    *file = (struct bulk_file){.part = part, .fd = -1, .size = p->text_length, .piece_count = 1};
    struct stat st;
    if (p->text || stat(p->path, &st) || !S_ISREG(st.st_mode))
        return true;
    struct stream *s;
    if (!stream_open(&s, p->path, err))
        return false;
    bool plain = !strcmp(stream_codec(s), "plain");
    stream_close(s);
    file->size = (uint64_t)st.st_size;
    size_t piece = run->job->piece_bytes ? run->job->piece_bytes : BULK_PIECE;
    file->piece_bytes = piece;
    file->pieces = plain && !p->whole && run->job->threads > 1 && file->size > 4 * piece;
    return true;
}

/* Files that even the workers out by themselves are cheaper to read whole. */
static bool cut_in_pieces(struct bulk_run *run, struct err *err)
{
    uint64_t all = 0;
    for (size_t i = 0; i < run->job->part_count; i++)
        all += run->files[i].size;
    for (size_t i = 0; i < run->job->part_count; i++) {
        struct bulk_file *file = &run->files[i];
        const char *path = run->job->parts[file->part].path;
        file->pieces = file->pieces && file->size * run->job->threads > all / 10 * 6;
        if (!file->pieces)
            continue;
        file->fd = open(path, O_RDONLY | O_CLOEXEC);
        if (file->fd < 0)
            return err_set(err, "%s: %s", path, strerror(errno));
        file->piece_count = (file->size + file->piece_bytes - 1) / file->piece_bytes;
        file->parity = mem_alloc(file->piece_count * sizeof *file->parity);
    }
    return true;
}

/* Whole files first, the largest at the front: the last ones even the workers out. */
static int whole_then_large(const void *a, const void *b)
{
    const struct bulk_file *x = a, *y = b;
    if (x->pieces != y->pieces)
        return x->pieces - y->pieces;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x->part < y->part ? -1 : 1;
}

struct bulk_file *bulk_next_file(struct bulk_run *run)
{
    while (run->next_file < run->job->part_count) {
        struct bulk_file *f = &run->files[run->next_file];
        if (f->next_piece < f->piece_count)
            return f;
        run->next_file++;
    }
    return NULL;
}

/* A whole file, from its beginning or from where it was left, or a piece. */
struct task {
    struct bulk_file *file;
    uint64_t piece;
    struct bulk_reading *reading;
};

/* What is largest; false when nothing is left. Once the run has failed nothing is begun. */
static bool take(struct bulk_run *run, struct task *out)
{
    *out = (struct task){.file = NULL};
    pthread_mutex_lock(&run->lock);
    struct bulk_file *next = atomic_load(&run->stop) ? NULL : bulk_next_file(run);
    out->reading = bulk_reading_take(run, next && !next->pieces ? next->size : 0);
    if (out->reading) {
        out->file = bulk_reading_file(out->reading);
    } else if (next) {
        out->file = next;
        out->piece = next->next_piece++;
    }
    pthread_mutex_unlock(&run->lock);
    return out->file != NULL;
}

static void use_plan(struct bulk_worker *w, const struct csv_plan *plan)
{
    if (w->plan == plan)
        return;
    csv_rows_release(&w->rows);
    csv_rows_init(&w->rows, plan);
    w->plan = plan;
}

static void read_whole(struct bulk_worker *w, const struct task *task)
{
    struct bulk_reading *r = task->reading ? task->reading : bulk_reading_open(w, task->file);
    if (!r || !bulk_read_on(w, r))
        bulk_fail(w->run, task->file->part, &w->err);
}

static void do_task(struct bulk_worker *w, const struct task *task)
{
    use_plan(w, &w->run->job->parts[task->file->part].plan);
    if (!task->file->pieces)
        read_whole(w, task);
    else if (!bulk_read_piece(w, task->file, task->piece))
        bulk_again(w->run, task->file->part); /* reading it from the front tells best why */
}

static void *work(void *context)
{
    struct bulk_worker *w = context;
    struct task task;
    while (take(w->run, &task))
        do_task(w, &task);
    csv_rows_release(&w->rows);
    free(w->piece.memory);
    bulk_help(w->run);
    return NULL;
}

/* What cannot get a thread is done by the others. */
static bool start(pthread_t *thread, struct bulk_worker *w)
{
    if (!pthread_create(thread, NULL, work, w))
        return true;
    pthread_mutex_lock(&w->run->lock);
    w->run->busy--;
    pthread_mutex_unlock(&w->run->lock);
    return false;
}

static void run_workers(struct bulk_run *run)
{
    unsigned n = run->job->threads;
    struct bulk_worker *workers = mem_alloc(n * sizeof *workers);
    pthread_t *threads = mem_alloc(n * sizeof *threads);
    bool *started = mem_alloc(n * sizeof *started);
    for (unsigned i = 0; i < n; i++) {
        workers[i] = (struct bulk_worker){.run = run, .context = run->job->workers[i]};
        started[i] = i > 0 && start(&threads[i], &workers[i]);
    }
    work(&workers[0]);
    for (unsigned i = 0; i < n; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        run->result->bytes += workers[i].bytes;
    }
    free(started);
    free(threads);
    free(workers);
}

enum csv_bulk_status csv_bulk_run(const struct csv_bulk *job, struct csv_bulk_result *out,
                                  struct err *err)
{
    struct bulk_run run = {.job = job, .result = out, .busy = job->threads};
    pthread_mutex_init(&run.lock, NULL);
    pthread_cond_init(&run.feeds_changed, NULL);
    run.files = mem_alloc(job->part_count * sizeof *run.files);
    *out = (struct csv_bulk_result){.part_count = job->part_count};
    out->piece_rows = mem_alloc(job->part_count * sizeof *out->piece_rows);
    bool ok = true;
    size_t opened = 0;
    for (; ok && opened < job->part_count; opened++)
        ok = open_file(&run, &run.files[opened], (uint32_t)opened, err);
    ok = ok && cut_in_pieces(&run, err);
    for (size_t i = 0; ok && i < job->part_count; i++) {
        out->piece_rows[i] = mem_alloc(run.files[i].piece_count * sizeof(uint64_t));
        run.all_bytes += run.files[i].size;
        run.unread += !run.files[i].pieces;
    }
    if (ok) {
        qsort(run.files, job->part_count, sizeof *run.files, whole_then_large);
        run_workers(&run);
    }
    for (size_t i = 0; i < opened; i++) {
        if (run.files[i].fd >= 0)
            close(run.files[i].fd);
        free(run.files[i].parity);
    }
    free(run.files);
    pthread_cond_destroy(&run.feeds_changed);
    pthread_mutex_destroy(&run.lock);
    if (ok && run.err.code == ERR_NONE && !run.again)
        return CSV_BULK_DONE;
    csv_bulk_result_release(out);
    if (run.again)
        return CSV_BULK_AGAIN;
    if (ok && err)
        *err = run.err;
    return CSV_BULK_FAILED;
}

void csv_bulk_result_release(struct csv_bulk_result *result)
{
    for (size_t i = 0; result->piece_rows && i < result->part_count; i++)
        free(result->piece_rows[i]);
    free(result->piece_rows);
    *result = (struct csv_bulk_result){0};
}

uint64_t csv_bulk_row_number(const struct csv_bulk_result *result, uint32_t part,
                             uint32_t piece, uint64_t row)
{
    for (uint32_t i = 0; i < piece; i++)
        row += result->piece_rows[part][i];
    return row + 1;
}
