#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "layer_map_read.h"

bool map_fail(struct map_reader *r, const struct node *at, const char *format, ...)
{
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    err_at(r->err, r->path, at ? at->line : 0, at ? at->column : 0, "%s", text);
    if (r->err)
        r->err->code = ERR_USAGE;
    return false;
}

sym map_text(struct map_reader *r, const struct node *n)
{
    return intern(r->estate->symbols, node_text(n, NULL));
}

uint32_t map_tenant(struct map_reader *r, const char *id)
{
    for (size_t i = 0; id && i < r->estate->tenants.count; i++)
        if (!strcmp(r->estate->tenants.at[i].id, id))
            return (uint32_t)i;
    return NOTHING;
}
