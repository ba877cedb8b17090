#include <stdlib.h>

#include "base/map.h"
#include "base/mem.h"
#include "estate/estate.h"

/* Texts of an estate are symbols: equal ones are the same pointer. */
struct work {
    sym workload, name;
    size_t cluster;
};

uint32_t *phase_works(const struct estate *estate)
{
    size_t count = estate->phases.count;
    uint32_t *works = mem_alloc((count + 1) * sizeof *works);
    struct work *keys = mem_alloc((count + 1) * sizeof *keys);
    struct map firsts = MAP_INIT;
    for (size_t i = 0; i < count; i++) {
        const struct phase *p = &estate->phases.at[i];
        size_t first = i;
        keys[i] = (struct work){p->workload, p->name, p->cluster};
        if (p->workload && p->cluster != NOTHING &&
            !map_get(&firsts, &keys[i], sizeof keys[i], &first))
            map_put(&firsts, &keys[i], sizeof keys[i], i);
        works[i] = (uint32_t)first;
    }
    map_release(&firsts);
    free(keys);
    return works;
}
