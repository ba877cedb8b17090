#include "io/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "remote_read.h"
#include "write_all.h"

void path_list_release(struct path_list *list)
{
    VEC_FREE(&list->paths);
}

bool files_exists(const char *path)
{
    struct stat st;
    if (remote_is(path))
        return remote_is_folder(path) || remote_exists(path);
    return stat(path, &st) == 0;
}

bool files_is_folder(const char *path)
{
    struct stat st;
    if (remote_is(path))
        return remote_is_folder(path);
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

const char *path_folder(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : arena_strndup(arena, path, (size_t)(slash - path));
}

const char *path_join(struct arena *arena, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    bool bare = !n || !strcmp(folder, ".");
    if (bare || name[0] == '/')
        return arena_strdup(arena, name);
    return arena_printf(arena, folder[n - 1] == '/' ? "%s%s" : "%s/%s", folder, name);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_paths(struct path_list *list, size_t from)
{
    if (list->paths.count > from)
        qsort(list->paths.at + from, list->paths.count - from, sizeof *list->paths.at,
              by_bytes);
}

/* Links to folders are not followed below the first level: they may lead in circles. */
static bool walk(struct path_list *out, struct arena *arena, const char *folder, bool deep,
                 struct err *err)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return err_set(err, "%s: %s", folder, strerror(errno));
    bool ok = true;
    for (struct dirent *e; ok && (e = readdir(dir));) {
        if (e->d_name[0] == '.')
            continue;
        const char *path = strcmp(folder, ".") ? path_join(arena, folder, e->d_name)
                                               : arena_strdup(arena, e->d_name);
        struct stat st;
        if (lstat(path, &st))
            continue;
        if (S_ISDIR(st.st_mode) && deep)
            ok = walk(out, arena, path, true, err);
        else if (S_ISDIR(st.st_mode) || !files_is_folder(path))
            VEC_ADD(&out->paths, path);
    }
    closedir(dir);
    return ok;
}

bool files_list(struct path_list *out, struct arena *arena, const char *folder, bool deep,
                struct err *err)
{
    size_t from = out->paths.count;
    if (!(remote_is(folder) ? remote_list(out, arena, folder, deep, err)
                            : walk(out, arena, folder, deep, err)))
        return false;
    sort_paths(out, from);
    return true;
}

static bool expand_glob(struct path_list *out, struct arena *arena, const char *name,
                        struct err *err)
{
    glob_t found;
    int status = glob(name, GLOB_NOSORT, NULL, &found);
    bool ok = status == 0 || err_set(err, "%s: no such file, folder or pattern", name);
    for (size_t i = 0; ok && i < found.gl_pathc; i++) {
        if (files_is_folder(found.gl_pathv[i]))
            ok = files_list(out, arena, arena_strdup(arena, found.gl_pathv[i]), true, err);
        else
            VEC_ADD(&out->paths, arena_strdup(arena, found.gl_pathv[i]));
    }
    if (status == 0)
        globfree(&found);
    return ok;
}

bool files_expand(struct path_list *out, struct arena *arena, const char *name, struct err *err)
{
    size_t from = out->paths.count;
    if (remote_is(name)) {
        bool found = remote_expand(out, arena, name, err);
        sort_paths(out, from);
        return found;
    }
    if (!strcmp(name, "-") || (files_exists(name) && !files_is_folder(name))) {
        VEC_ADD(&out->paths, arena_strdup(arena, name));
        return true;
    }
    bool ok = files_is_folder(name) ? files_list(out, arena, name, true, err)
                                    : expand_glob(out, arena, name, err);
    if (ok && out->paths.count == from)
        ok = err_set(err, "%s: there is no file in this folder", name);
    sort_paths(out, from);
    return ok;
}

static bool write_safely(int fd, const char *bytes, size_t length)
{
    return write_all(fd, bytes, length) &&
           (fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP);
}

/* What mkstemp() makes is private; a new file gets what the umask allows. */
static mode_t mode_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0)
        return st.st_mode & 07777;
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static bool is_special(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

static bool write_special(const char *path, const char *bytes, size_t length, struct err *err)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && write_safely(fd, bytes, length);
    int saved = errno;
    if (fd >= 0)
        close(fd);
    return ok || err_set(err, "%s: %s", path, strerror(saved));
}

bool files_write(const char *path, const char *bytes, size_t length, struct err *err)
{
    if (is_special(path)) /* /dev/stdout, a pipe: nothing to replace */
        return write_special(path, bytes, length, err);
    size_t room = strlen(path) + sizeof ".XXXXXX";
    char *scratch = mem_alloc(room);
    snprintf(scratch, room, "%s.XXXXXX", path);
    int fd = mkstemp(scratch);
    bool ok = fd >= 0 && write_safely(fd, bytes, length) && fchmod(fd, mode_of(path)) == 0;
    int saved = errno;
    if (fd >= 0 && close(fd) && ok)
        ok = false, saved = errno;
    if (ok && rename(scratch, path))
        ok = false, saved = errno;
    if (!ok && fd >= 0)
        unlink(scratch);
    free(scratch);
    return ok || err_set(err, "%s: %s", path, strerror(saved));
}
