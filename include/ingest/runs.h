#ifndef INGEST_RUNS_H
#define INGEST_RUNS_H

#include "estate/estate.h"
#include "ingest/ingest.h"

/*
 * The table of past workload runs, as CSV (a header row names the columns) or as
 * JSON (a list of objects, or {"runs": [...]}): workload, algorithm, class
 * (ingest, etl, training, serving, interactive, streaming), iterative (yes, no),
 * input_gb, instance_type, workers, minutes, status (ok, failed, oom), cpu_pct,
 * memory_peak_gib, shuffle_gb, spill_gb, cached_gb. The columns
 * workload, instance_type, workers and minutes must be there; an empty or missing
 * figure is unknown (NaN), but not that of workload and workers, nor the minutes of
 * a run that ended well.
 * workers counts the machines that ran tasks; 1 where the driver ran them itself.
 */
extern const struct ingest_format ingest_runs;

/*
 * Writes them to `path`, as JSON when its name ends in .json. With `append` the
 * runs of the file stay and come first; a run that is there already is not added
 * again. *added counts what was new.
 */
bool runs_save(size_t *added, const char *path, const struct run *runs, size_t count,
               bool append, struct err *err);

#endif
