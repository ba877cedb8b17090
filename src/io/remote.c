#include "remote_read.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "fetch.h"
#include "write_all.h"

enum { PIPE_ROOM = 1 << 20 };

/* A thread fetches and writes into a pipe, from which the content is read as from a file. */
struct remote {
    char *name;
    int to;
    pthread_t thread;
    bool joined, complete;
    struct err err;
};

static bool is_s3(const char *name)
{
    return !strncmp(name, "s3://", 5);
}

bool remote_is(const char *name)
{
    return is_s3(name) || !strncmp(name, "https://", 8) || !strncmp(name, "http://", 7);
}

bool remote_is_folder(const char *name)
{
    return is_s3(name) && (name[strlen(name) - 1] == '/' || !strchr(name + 5, '/'));
}

bool remote_exists(const char *name)
{
    struct fetch f = {.name = name, .head = true};
    return fetch_run(&f, NULL, NULL);
}

/* False once nobody reads any more. */
static bool pass_on(void *context, const char *bytes, size_t length)
{
    const struct remote *r = context;
    return write_all(r->to, bytes, length);
}

static void *transfer(void *context)
{
    struct remote *r = context;
    struct fetch f = {.name = r->name, .take = pass_on, .context = r};
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE); /* a reader that has seen enough is no reason to die */
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    r->complete = fetch_run(&f, NULL, &r->err);
    close(r->to);
    return NULL;
}

size_t remote_showable(const char *name)
{
    const char *host = strstr(name, "://") + 3, *at = strpbrk(host, "@/");
    if (is_s3(name))
        return strlen(name);
    return at && *at == '@' ? (size_t)(host - name) : strcspn(name, "?#");
}

static bool is_showable(const char *name, struct err *err)
{
    size_t shown = remote_showable(name);
    if (!name[shown])
        return true;
    return err_set(err,
                   "%.*s...: a name with a query or a password in it may hold a secret, which "
                   "would stand in the report; download the file first",
                   (int)shown, name);
}

bool remote_open(struct remote **out, int *fd, const char *name, struct err *err)
{
    int ends[2];
    if (!is_showable(name, err))
        return false;
    if (remote_is_folder(name))
        return err_set(err, "%s: this is a folder, and one file is meant", name);
    if (pipe2(ends, O_CLOEXEC))
        return err_set(err, "%s: %s", name, strerror(errno));
    fcntl(ends[1], F_SETPIPE_SZ, PIPE_ROOM); /* a smaller one does as well */
    struct remote *r = mem_alloc(sizeof *r);
    *r = (struct remote){.name = mem_strdup(name), .to = ends[1]};
    int failed = pthread_create(&r->thread, NULL, transfer, r);
    if (failed) {
        close(ends[0]);
        close(ends[1]);
        r->joined = true;
        remote_close(r);
        return err_set(err, "%s: %s", name, strerror(failed));
    }
    *out = r;
    *fd = ends[0];
    return true;
}

static void join(struct remote *r)
{
    if (!r->joined)
        pthread_join(r->thread, NULL);
    r->joined = true;
}

bool remote_finish(struct remote *r, struct err *err)
{
    join(r);
    return r->complete || err_set(err, "%s", r->err.text);
}

void remote_close(struct remote *r)
{
    if (!r)
        return;
    join(r);
    free(r->name);
    free(r);
}
