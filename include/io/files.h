#ifndef IO_FILES_H
#define IO_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"

struct path_list {
    VEC(const char *) paths; /* in the arena, sorted by bytes */
};

void path_list_release(struct path_list *list);

/*
 * Expands what a user names: a file, a glob, or a folder (all files below it,
 * hidden ones and empty folders left out), here or as io/remote.h names them. A
 * name that matches nothing fails.
 */
bool files_expand(struct path_list *out, struct arena *arena, const char *name, struct err *err);
/* Deep: every file below the folder. Else its own files and folders. */
bool files_list(struct path_list *out, struct arena *arena, const char *folder, bool deep,
                struct err *err);
bool files_exists(const char *path);
bool files_is_folder(const char *path);
/* Whole, atomically. */
bool files_write(const char *path, const char *bytes, size_t length, struct err *err);
const char *path_base(const char *path); /* behind the last slash */
const char *path_join(struct arena *arena, const char *folder, const char *name);
const char *path_folder(struct arena *arena, const char *path); /* "." when there is none */

#endif
