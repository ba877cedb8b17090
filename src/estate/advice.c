#include "estate/advice.h"

#include <string.h>

void advice_init(struct advice *advice, const struct estate *estate)
{
    *advice = (struct advice){.symbols = estate->symbols};
}

void advice_release(struct advice *advice)
{
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        struct recommendation *r = &advice->recommendations.at[i];
        VEC_FREE(&r->resources);
        VEC_FREE(&r->evidence);
        VEC_FREE(&r->alternatives);
        VEC_FREE(&r->artefacts);
        VEC_FREE(&r->conflicts);
    }
    for (size_t i = 0; i < advice->declined.count; i++)
        VEC_FREE(&advice->declined.at[i].evidence);
    VEC_FREE(&advice->recommendations);
    VEC_FREE(&advice->declined);
    VEC_FREE(&advice->notes);
    arena_release(&advice->arena);
}

struct money_range advice_counted_saving(const struct advice *advice)
{
    struct money_range sum = money_range_of(MONEY_ZERO);
    for (size_t i = 0; i < advice->recommendations.count; i++)
        if (advice->recommendations.at[i].counted)
            sum = money_range_add(sum, advice->recommendations.at[i].counted_saving);
    return sum;
}

const struct recommendation *advice_find(const struct advice *advice, const char *id)
{
    const struct recommendation *found = NULL;
    size_t length = strlen(id);
    for (size_t i = 0; i < advice->recommendations.count; i++) {
        const struct recommendation *r = &advice->recommendations.at[i];
        if (!strcmp(r->id, id))
            return r;
        if (length && !strncmp(r->id, id, length)) {
            if (found)
                return NULL;
            found = r;
        }
    }
    return found;
}

void findings_release(struct findings *findings)
{
    VEC_FREE(&findings->all);
    VEC_FREE(&findings->notes);
    arena_release(&findings->arena);
}
