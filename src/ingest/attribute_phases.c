#include <stdlib.h>
#include <string.h>

#include "attribute.h"
#include "base/map.h"
#include "base/mem.h"

/* Phases on their way to their clusters. */
struct placing {
    struct estate *bill;
    struct map ids;     /* of what Databricks runs: id -> resource */
    bool *has_declared; /* per resource: the map says what its phases are */
    size_t unknown,
        other; /* phases of logs: of no cluster; of one whose phases are declared */
};

static void find_ids(struct placing *p)
{
    for (size_t i = 0; i < p->bill->resources.count; i++) {
        const struct resource *r = &p->bill->resources.at[i];
        sym id = r->id ? r->id : r->key;
        if (r->type && !strncmp(r->type, "databricks_", 11) && id)
            map_put(&p->ids, id, strlen(id), i);
    }
}

/* The clusters that a job starts for its runs are looked at as that job. */
static uint32_t cluster_named(const struct placing *p, sym id)
{
    size_t found;
    if (!id || !map_get(&p->ids, id, strlen(id), &found))
        return NOTHING;
    const struct resource *all = p->bill->resources.at;
    uint32_t parent = all[found].parent;
    bool of_a_job =
        parent != NOTHING && all[parent].type && !strcmp(all[parent].type, "databricks_job");
    return of_a_job ? parent : (uint32_t)found;
}

/* A run that the bill does not show may be of a job that it shows. */
static uint32_t cluster_of(const struct placing *p, const struct phase *phase)
{
    uint32_t cluster = cluster_named(p, phase->cluster_id);
    if (cluster != NOTHING || !phase->job_id)
        return cluster;
    return cluster_named(p, intern_printf(p->bill->symbols, "job/%s", phase->job_id));
}

static void place_declared(struct placing *p, struct phase *phase)
{
    if (phase->cluster == NOTHING)
        phase->cluster = cluster_of(p, phase);
    if (phase->cluster != NOTHING)
        p->has_declared[phase->cluster] = true;
}

/* The same work twice would count twice: what the map declares goes before what no `match`
 * of it names. */
static void place_logged(struct placing *p, struct phase *phase)
{
    uint32_t cluster = cluster_of(p, phase);
    bool other = cluster != NOTHING && p->has_declared[cluster];
    phase->cluster = other ? NOTHING : cluster;
    p->other += other;
    p->unknown += cluster == NOTHING;
}

static void note(struct placing *p, size_t count, const char *why)
{
    if (count)
        estate_note(p->bill, NOTE_INFO, NULL,
                    "%zu phase%s of Spark logs %s: sizing learns from %s, no cost is %s",
                    count, count == 1 ? "" : "s", why, count == 1 ? "it" : "them",
                    count == 1 ? "its" : "theirs");
}

void place_phases(struct estate *bill, size_t first_declared)
{
    struct placing p = {.bill = bill, .has_declared = mem_alloc(bill->resources.count + 1)};
    find_ids(&p);
    for (size_t i = first_declared; i < bill->phases.count; i++)
        place_declared(&p, &bill->phases.at[i]);
    for (size_t i = 0; i < first_declared; i++)
        place_logged(&p, &bill->phases.at[i]);
    for (size_t i = 0; i < bill->phases.count; i++) {
        struct phase *phase = &bill->phases.at[i];
        if (phase->tenant == NOTHING && phase->cluster != NOTHING)
            phase->tenant = bill->resources.at[phase->cluster].tenant;
    }
    for (size_t i = 0; i < bill->lives.count; i++)
        bill->lives.at[i].cluster = cluster_named(&p, bill->lives.at[i].cluster_id);
    note(&p, p.unknown, "ran on clusters that the bill does not show");
    note(&p, p.other,
         "ran on clusters whose phases the layer map declares, and no match names "
         "them");
    map_release(&p.ids);
    free(p.has_declared);
}
