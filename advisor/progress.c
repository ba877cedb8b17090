#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_MS = 500, EVERY_MS = 100, MEGABYTE = 1000000 };
static const uint64_t much = (uint64_t)64 * MEGABYTE;

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_begin(struct progress *p, const struct session *session, const char *what)
{
    *p = (struct progress){.session = session, .what = what, .start = now_ms()};
}

/* "bills: 42 %, 180 MB/s, 3 s left" */
static void describe(struct buf *out, const char *what, uint64_t done, uint64_t all, int64_t ms)
{
    buf_printf(out, "%s:", what);
    if (!done || ms <= 0)
        return;
    if (all < done)
        all = done; /* the files grew since */
    double rate = (double)done / (double)ms * 1000;
    buf_printf(out, " %d %%", (int)(100.0 * (double)done / (double)all));
    buf_printf(out, ", %.0f MB/s, %.0f s left", rate / MEGABYTE, (double)(all - done) / rate);
}

static void draw(struct progress *p, uint64_t done, uint64_t all)
{
    int64_t now = now_ms();
    if (now - p->start < FIRST_MS || now - p->shown < EVERY_MS)
        return;
    struct buf line = BUF_INIT;
    describe(&line, p->what, done, all, now - p->start);
    fprintf(stderr, "\r%s\033[K", buf_text(&line));
    buf_release(&line);
    p->shown = now;
    p->drawn = true;
}

void progress_bytes(void *progress, uint64_t done, uint64_t all)
{
    struct progress *p = progress;
    if (p->session->common.quiet)
        return;
    if (isatty(STDERR_FILENO))
        draw(p, done, all);
    else if (!p->said && all >= much)
        session_say(p->session, "reading %" PRIu64 " MB of %s", all / MEGABYTE, p->what);
    p->said = true;
}

void progress_end(struct progress *p)
{
    if (p->drawn)
        fputs("\r\033[K", stderr);
    p->drawn = false;
}
