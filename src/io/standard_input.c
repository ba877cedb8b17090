#include "standard_input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/scratch.h"

enum { COPIED_AT_ONCE = 256 * 1024 };

static bool copy_all(struct scratch *into, char *room, struct err *err)
{
    for (ssize_t n; (n = read(STDIN_FILENO, room, COPIED_AT_ONCE)) != 0;) {
        if (n < 0 && errno != EINTR)
            return err_set(err, "standard input: %s", strerror(errno));
        if (n > 0 && !scratch_append(into, room, (size_t)n, err))
            return err_within(err, "standard input");
    }
    return true;
}

static bool keep(struct err *err)
{
    struct scratch copy;
    if (!scratch_open(&copy, err))
        return err_within(err, "standard input");
    char *room = mem_alloc(COPIED_AT_ONCE);
    bool ok = copy_all(&copy, room, err) &&
              (dup2(copy.fd, STDIN_FILENO) >= 0 ||
               err_set(err, "standard input: %s", strerror(errno)));
    free(room);
    scratch_close(&copy);
    return ok;
}

bool standard_input_open(int *fd, off_t *from, struct err *err)
{
    struct stat st;
    bool passes_by = fstat(STDIN_FILENO, &st) == 0 &&
                     (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || isatty(STDIN_FILENO));
    if (passes_by && !keep(err))
        return false;
    *fd = dup(STDIN_FILENO);
    if (*fd < 0)
        return err_set(err, "standard input: %s", strerror(errno));
    *from = lseek(*fd, 0, SEEK_CUR);
    return true;
}
