#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/stream.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Any bytes through the stream that their magic chooses, up to 4 MB of content. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char part[10007];
    char path[40];
    int fd = memfd_create("fuzz", 0);
    if (write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct err err = ERR_INIT;
    struct stream *s;
    if (stream_open(&s, path, &err)) {
        size_t got = 1, total = 0;
        while (got && total < 4u << 20 && stream_read(s, part, sizeof part, &got, &err))
            total += got;
        stream_close(s);
    }
    close(fd);
    return 0;
}
