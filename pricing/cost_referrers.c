#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cost_expr.h"

/* What the resources of a type have at an attribute, by its text. */
struct referrers {
    const char *type, *attribute;
    struct multimap by_text;
};

static const char *text_at(struct scope *scope, uint32_t resource, const char *attribute)
{
    struct value of = {.kind = VALUE_RESOURCE, .resource = resource};
    const char *text = reference_text(value_attribute(scope, of, attribute));
    return text && *text ? text : NULL;
}

static void fill(struct referrers *r, struct scope *scope)
{
    const struct estate *estate = scope->estate;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const char *type = estate->resources.at[i].type;
        const char *text =
            type && !strcmp(type, r->type) ? text_at(scope, i, r->attribute) : NULL;
        if (text)
            multimap_put(&r->by_text, text, strlen(text), i);
    }
}

static const struct referrers *referrers_of(struct scope *scope, const char *type,
                                            const char *attribute)
{
    struct reference_index *index = scope->index;
    for (size_t i = 0; i < index->referrers.count; i++) {
        const struct referrers *known = index->referrers.at[i];
        if (!strcmp(known->type, type) && !strcmp(known->attribute, attribute))
            return known;
    }
    struct referrers *made = mem_alloc(sizeof *made);
    *made = (struct referrers){arena_strdup(scope->arena, type),
                               arena_strdup(scope->arena, attribute), MULTIMAP_INIT};
    fill(made, scope);
    VEC_ADD(&index->referrers, made);
    return made;
}

void referrers_release(struct reference_index *index)
{
    for (size_t i = 0; i < index->referrers.count; i++) {
        multimap_release(&index->referrers.at[i]->by_text);
        free(index->referrers.at[i]);
    }
    VEC_FREE(&index->referrers);
}

/* Those whose text, of `length`, means the resource at hand; a text is asked for once. */
static void add_named(struct referrer_list *out, struct scope *scope, const struct referrers *r,
                      const char *text, size_t length)
{
    struct multimap_walk w = multimap_find(&r->by_text, text, length);
    while (multimap_next(&w)) {
        uint32_t i = (uint32_t)w.value;
        bool known = false;
        for (size_t k = 0; k < out->all.count; k++)
            known = known || out->all.at[k] == i;
        struct value v = value_text(text_at(scope, i, r->attribute));
        if (!known && expr_referred(scope, v) == scope->resource)
            VEC_ADD(&out->all, i);
    }
}

void referrers_find(struct referrer_list *out, struct scope *scope, const char *type,
                    const char *attribute)
{
    const struct resource *self = &scope->estate->resources.at[scope->resource];
    const char *names[REFERENCE_NAMES];
    const struct referrers *r = referrers_of(scope, type, attribute);
    const char *index = self->address ? self->address + resource_bare_address(self->address) : "";
    reference_names(names, self);
    for (size_t n = 0; n < REFERENCE_NAMES; n++) {
        size_t length = names[n] ? strlen(names[n]) : 0, tail = strlen(index);
        if (!length)
            continue;
        add_named(out, scope, r, names[n], length);
        if (tail && length > tail && !strcmp(names[n] + length - tail, index))
            add_named(out, scope, r, names[n], length - tail);
    }
    if (self->address)
        add_named(out, scope, r, self->address, resource_bare_address(self->address));
    VEC_SORT(&out->all, order_uint32);
}
