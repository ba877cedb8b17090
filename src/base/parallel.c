#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

enum { THREADS_MAX = 64 };

struct crowd {
    atomic_size_t next;
    size_t count;
    parallel_fn *step;
    void *context;
};

static void *take_part(void *context)
{
    struct crowd *crowd = context;
    for (size_t i; (i = atomic_fetch_add(&crowd->next, 1)) < crowd->count;)
        crowd->step(crowd->context, i);
    return NULL;
}

/* What cannot get a thread is done by the others. */
void parallel_run(size_t threads, size_t count, parallel_fn *step, void *context)
{
    struct crowd crowd = {.count = count, .step = step, .context = context};
    pthread_t others[THREADS_MAX];
    size_t wanted = threads < count ? threads : count, started = 0;
    while (started + 1 < wanted && started < THREADS_MAX &&
           !pthread_create(&others[started], NULL, take_part, &crowd))
        started++;
    take_part(&crowd);
    while (started > 0)
        pthread_join(others[--started], NULL);
}

unsigned parallel_cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
    return n > 0 ? (unsigned)n : 1;
}
