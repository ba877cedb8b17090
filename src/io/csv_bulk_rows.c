#include "csv_bulk.h"

/* Of several failures the one of the first part is reported, whichever came first. */
void bulk_fail(struct bulk_run *run, uint32_t part, const struct err *err)
{
    pthread_mutex_lock(&run->lock);
    if (run->err.code == ERR_NONE || part < run->err_part) {
        run->err = *err;
        run->err_part = part;
    }
    atomic_store(&run->stop, true);
    pthread_mutex_unlock(&run->lock);
}

/* A piece that only noticed the stop of another file's worker is not to blame. */
void bulk_again(struct bulk_run *run, uint32_t part)
{
    pthread_mutex_lock(&run->lock);
    if (!atomic_load(&run->stop)) {
        run->job->parts[part].whole = true;
        run->again = true;
    }
    atomic_store(&run->stop, true);
    pthread_mutex_unlock(&run->lock);
}

void bulk_progress(struct bulk_run *run, uint64_t bytes)
{
    if (!run->job->progress)
        return;
    pthread_mutex_lock(&run->lock);
    run->input_bytes += bytes;
    run->job->progress(run->job->progress_context, run->input_bytes, run->all_bytes);
    pthread_mutex_unlock(&run->lock);
}

bool bulk_rows(struct bulk_worker *w, const struct bulk_file *file, uint32_t piece,
               uint64_t *row, const char *bytes, size_t length, bool last, size_t *used)
{
    const struct csv_part *part = &w->run->job->parts[file->part];
    struct csv_batch batch = {.plan = &part->plan, .rows = &w->rows, .part = file->part,
                              .piece = piece};
    for (*used = 0; *used < length;) {
        size_t n = csv_scan(&part->plan, &w->rows, bytes + *used, length - *used, last);
        if (w->rows.irregular && file->pieces)
            return false;
        if (w->rows.unclosed)
            return err_row(&w->err, part->path, (size_t)*row + w->rows.count, NULL,
                           "the file ends inside quotes; it is cut off or a quote is not "
                           "closed");
        *used += n;
        if (!w->rows.count)
            break;
        batch.row = *row;
        batch.first = piece == 0 && *row == 0;
        if (!w->run->job->on_batch(w->context, &batch, &w->err))
            return false;
        *row += w->rows.count;
    }
    w->bytes += *used;
    return true;
}
