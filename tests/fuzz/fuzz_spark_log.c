#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/spark_phases.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes as an event log, and all that is derived from what could be read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[40];
    int fd = memfd_create("fuzz", 0);
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct spark_source source = {0};
    struct spark_log *log;
    struct err err = ERR_INIT;
    const char *name = path;
    VEC_ADD(&source.parts, name);
    if (spark_log_read(&log, &source, &err)) {
        struct spark_phases phases;
        struct estate *estate = estate_open();
        struct spark_slots slots;
        spark_phases_of(&phases, log, NULL);
        spark_log_into_estate(estate, log, &phases);
        spark_slots_over(&slots, &phases.arena, log, log->started_ms, log->ended_ms, 20);
        spark_phases_release(&phases);
        estate_free(estate);
        spark_log_free(log);
    }
    VEC_FREE(&source.parts);
    close(fd);
    return 0;
}
