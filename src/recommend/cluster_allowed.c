#include "base/glob.h"
#include "cluster.h"

static bool named(const struct node *patterns, const char *type)
{
    if (node_is(patterns, NODE_STRING))
        return glob_match(patterns->text, type);
    for (size_t i = 0; patterns && i < patterns->count; i++)
        if (glob_match(node_text(patterns->items[i], ""), type))
            return true;
    return false;
}

bool cluster_type_allowed(const struct cluster_view *v, const char *type)
{
    const struct node *parameters = v->run->in->options->parameters;
    const struct node *types = node_get(node_get(parameters, "cluster"), "types");
    if (types && !named(types, type))
        return false;
    for (size_t i = 0; i < v->phase_count; i++) {
        const struct phase *p = &v->run->in->estate->phases.at[v->phases[i]];
        bool any = p->allowed_types.count == 0;
        for (size_t t = 0; t < p->allowed_types.count; t++)
            any |= glob_match(p->allowed_types.at[t], type);
        if (!any)
            return false;
    }
    return true;
}
