#include "book_folder.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "io/files.h"
#include "io/stream.h"

enum { PRICE_FILE_LIMIT = 256 * 1024 * 1024 };

/* The component table has a form of its own (docs/components.md). */
static bool is_price_file(const char *path)
{
    const char *dot = strrchr(path_base(path), '.');
    return dot && strcmp(path_base(path), "components.table") &&
           (!strcmp(dot, ".prices") || !strcmp(dot, ".table"));
}

static bool add_file(struct book_builder *builder, const char *path, book_problem *problem,
                     void *context, struct err *err)
{
    char *text = NULL;
    size_t length = 0;
    bool ok = stream_read_all(&text, &length, path, PRICE_FILE_LIMIT, err) &&
              book_builder_add(builder, path, text, length, problem, context, err);
    free(text);
    return ok;
}

bool book_folder_read(struct image **out, const char *folder, book_problem *problem,
                      void *context, struct err *err)
{
    struct arena arena = ARENA_INIT;
    struct path_list list = {0};
    struct book_builder *builder = book_builder_open();
    bool ok = files_list(&list, &arena, folder, false, err);
    size_t files = 0;
    for (size_t i = 0; ok && i < list.paths.count; i++) {
        if (!is_price_file(list.paths.at[i]))
            continue;
        files++;
        ok = add_file(builder, list.paths.at[i], problem, context, err);
    }
    if (ok && !files)
        ok = err_set(err, "%s: there are no .prices or .table files in this folder", folder);
    ok = ok && book_builder_finish(out, builder, problem, context, err);
    book_builder_free(builder);
    path_list_release(&list);
    arena_release(&arena);
    return ok;
}
