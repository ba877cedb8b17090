#include "manifest_columns.h"

#include <string.h>

enum { NAMED = 5 }; /* columns that a sentence names; of more it tells the count */

/* "category/name", in the spelling that headers are compared in. */
static void column_name(struct buf *out, const struct node *column)
{
    struct buf name = BUF_INIT;
    const char *category = node_text(node_get(column, "category"), NULL);
    if (category)
        buf_printf(&name, "%s/", category);
    buf_add(&name, node_text(node_get(column, "name"), ""));
    buf_clear(out);
    name_mangle(out, buf_text(&name));
    buf_release(&name);
}

static bool is_announced(const struct node *columns, const char *mangled)
{
    struct buf name = BUF_INIT;
    bool found = false;
    for (size_t i = 0; !found && i < columns->count; i++) {
        column_name(&name, columns->items[i]);
        found = !strcmp(buf_text(&name), mangled);
    }
    buf_release(&name);
    return found;
}

/* "it lacks a, b and 3 more" */
struct listing {
    struct buf *out;
    const char *verb;
    size_t count;
};

static void list(struct listing *l, const char *name)
{
    if (l->count++ < NAMED)
        buf_printf(l->out, "%s%s", l->count == 1 ? l->verb : ", ", name);
}

static void end_list(const struct listing *l)
{
    if (l->count > NAMED)
        buf_printf(l->out, " and %zu more", l->count - NAMED);
}

void manifest_columns_compare(struct buf *out, const struct header *header,
                              const struct node *columns)
{
    struct buf name = BUF_INIT, differences = BUF_INIT;
    struct listing lacking = {&differences, "it lacks ", 0};
    for (size_t i = 0; i < columns->count; i++) {
        column_name(&name, columns->items[i]);
        if (header_find(header, true, buf_text(&name)) == SIZE_MAX)
            list(&lacking, buf_text(&name));
    }
    end_list(&lacking);
    struct listing more = {&differences, lacking.count ? "; it has also " : "it has also ", 0};
    for (size_t i = 0; i < header->names.count; i++)
        if (!is_announced(columns, header->mangled.at[i]))
            list(&more, header->names.at[i]);
    end_list(&more);
    if (differences.length)
        buf_printf(out, "its columns are not those of its manifest: %s",
                   buf_text(&differences));
    buf_release(&differences);
    buf_release(&name);
}
