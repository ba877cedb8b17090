#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "estate/estate.h"

#define AMBIGUOUS ((size_t)-1)

/* The part of an ARN that metrics and logs call a thing by: "app/name/id", "i-0abc". */
static const char *tail_of(const char *text)
{
    static const char *const before[] = {":loadbalancer/", ":instance/", ":volume/"};
    for (size_t i = 0; text && i < sizeof before / sizeof *before; i++) {
        const char *found = strstr(text, before[i]);
        if (found)
            return found + strlen(before[i]);
    }
    return NULL;
}

static void add_alias(struct map *aliases, const char *alias, size_t resource)
{
    size_t other;
    if (!alias || !*alias)
        return;
    if (!map_get(aliases, alias, strlen(alias), &other))
        map_put(aliases, alias, strlen(alias), resource);
    else if (other != resource)
        map_put(aliases, alias, strlen(alias), AMBIGUOUS);
}

/* A name that two things bear is nobody's; what an exact one says goes before. */
static uint32_t find(const struct map *exact, const struct map *names, const char *subject)
{
    size_t length = strcspn(subject, ";"), found;
    if (map_get(exact, subject, length, &found) || map_get(names, subject, length, &found))
        return found == AMBIGUOUS ? NOTHING : (uint32_t)found;
    return NOTHING;
}

void estate_link_series(struct estate *estate)
{
    struct map exact = MAP_INIT, names = MAP_INIT;
    if (estate->series.count == 0)
        return;
    for (size_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        add_alias(&exact, r->key, i);
        add_alias(&exact, r->id, i);
        add_alias(&exact, tail_of(r->key), i);
        add_alias(&exact, tail_of(r->id), i);
        add_alias(&names, r->name, i);
        add_alias(&names, r->address, i);
    }
    for (size_t i = 0; i < estate->series.count; i++) {
        struct metric_series *s = &estate->series.at[i];
        if (s->resource == NOTHING && s->subject)
            s->resource = find(&exact, &names, s->subject);
    }
    map_release(&exact);
    map_release(&names);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The thing itself, without its target groups, zones and rules. */
static sym whole_of(struct estate *estate, const char *subject)
{
    size_t length = strcspn(subject, ";");
    return length ? intern_n(estate->symbols, subject, length) : "";
}

void estate_note_unlinked(struct estate *estate)
{
    const char **subjects = mem_alloc((estate->series.count + 1) * sizeof *subjects);
    size_t n = 0, distinct = 0;
    for (size_t i = 0; i < estate->series.count; i++)
        if (estate->series.at[i].resource == NOTHING)
            subjects[n++] = whole_of(estate, sym_or_empty(estate->series.at[i].subject));
    if (n)
        qsort(subjects, n, sizeof *subjects, by_text);
    for (size_t i = 0; i < n; i++)
        distinct += i == 0 || subjects[i] != subjects[i - 1];
    if (distinct)
        estate_note_many(
            estate, NOTE_WARNING, NULL, distinct,
            "metrics or logs of %zu things that no bill, map or plan knows were not used; "
            "the first is %.200s",
            distinct, subjects[0]);
    free(subjects);
}
