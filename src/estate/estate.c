#include "estate/estate.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct estate *estate_open(void)
{
    struct estate *estate = mem_alloc(sizeof *estate);
    estate->symbols = intern_open();
    estate->hours_per_month = 730;
    return estate;
}

static void free_tenants(struct estate *estate)
{
    for (size_t i = 0; i < estate->tenants.count; i++) {
        struct tenant *t = &estate->tenants.at[i];
        VEC_FREE(&t->prefixes);
        VEC_FREE(&t->catalogs);
        VEC_FREE(&t->roles);
        VEC_FREE(&t->workspaces);
        VEC_FREE(&t->accounts);
    }
    VEC_FREE(&estate->tenants);
}

static void free_phases(struct estate *estate)
{
    for (size_t i = 0; i < estate->phases.count; i++)
        phase_release(&estate->phases.at[i]);
    VEC_FREE(&estate->phases);
}

void estate_free(struct estate *estate)
{
    if (!estate)
        return;
    free_tenants(estate);
    free_phases(estate);
    VEC_FREE(&estate->resources);
    VEC_FREE(&estate->skus);
    VEC_FREE(&estate->lines);
    VEC_FREE(&estate->lives);
    VEC_FREE(&estate->runs);
    VEC_FREE(&estate->commitments);
    VEC_FREE(&estate->series);
    VEC_FREE(&estate->objects);
    VEC_FREE(&estate->access);
    VEC_FREE(&estate->bills);
    VEC_FREE(&estate->notes);
    map_release(&estate->resource_by_key);
    map_release(&estate->series_by_name);
    free(estate->first_line);
    free(estate->first_series);
    free(estate->children);
    free(estate->first_child);
    intern_free(estate->symbols);
    arena_release(&estate->arena);
    free(estate);
}

uint32_t estate_find(const struct estate *estate, const char *key)
{
    size_t index;
    return map_get(&estate->resource_by_key, key, strlen(key), &index) ? (uint32_t)index : NOTHING;
}

uint32_t estate_resource(struct estate *estate, const char *key)
{
    uint32_t found = estate_find(estate, key);
    if (found != NOTHING)
        return found;
    size_t index = estate->resources.count;
    struct resource *r = VEC_PUSH(&estate->resources);
    r->key = intern(estate->symbols, key);
    r->tenant = r->phase = r->parent = NOTHING;
    map_put(&estate->resource_by_key, r->key, strlen(r->key), index);
    return (uint32_t)index;
}

static void note(struct estate *estate, enum note_kind kind, const char *source,
                 uint64_t count, const char *format, va_list args)
{
    char text[1024];
    vsnprintf(text, sizeof text, format, args);
    VEC_ADD(&estate->notes,
            ((struct note){kind, arena_strdup(&estate->arena, text),
                           source ? arena_strdup(&estate->arena, source) : NULL, count}));
}

void estate_note(struct estate *estate, enum note_kind kind, const char *source,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    note(estate, kind, source, 1, format, args);
    va_end(args);
}

void estate_note_many(struct estate *estate, enum note_kind kind, const char *source,
                      uint64_t count, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (count)
        note(estate, kind, source, count, format, args);
    va_end(args);
}
