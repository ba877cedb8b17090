#include "io/scratch.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool scratch_open(struct scratch *out, struct err *err)
{
    char path[PATH_MAX];
    const char *folder = getenv("TMPDIR");
    out->size = 0;
    out->fd = -1;
    folder = folder && *folder ? folder : "/var/tmp";
    if ((size_t)snprintf(path, sizeof path, "%s/advisor-XXXXXX", folder) >= sizeof path)
        return err_set(err, "TMPDIR is too long a name");
    out->fd = mkstemp(path);
    if (out->fd < 0)
        return err_set(err, "no scratch file in %s: %s", folder, strerror(errno));
    unlink(path);
    return true;
}

void scratch_close(struct scratch *scratch)
{
    if (scratch->fd >= 0)
        close(scratch->fd);
    scratch->fd = -1;
}

bool scratch_append(struct scratch *scratch, const void *bytes, size_t length, struct err *err)
{
    for (const char *p = bytes; length;) {
        ssize_t n = pwrite(scratch->fd, p, length, (off_t)scratch->size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_set(err, "writing a scratch file: %s", strerror(n ? errno : ENOSPC));
        p += n;
        length -= (size_t)n;
        scratch->size += (uint64_t)n;
    }
    return true;
}

bool scratch_read(const struct scratch *scratch, uint64_t offset, void *into, size_t length,
                  struct err *err)
{
    for (char *p = into; length;) {
        ssize_t n = pread(scratch->fd, p, length, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return err_set(err, "reading a scratch file: %s", n ? strerror(errno) : "it ends");
        p += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return true;
}
