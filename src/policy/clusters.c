#include "attribute_rule.h"

static const char *type_of(const struct resource *r)
{
    return node_text(node_get(r->attrs, "node_type_id"), NULL);
}

static const struct phase *phase_of(const struct estate *estate, const struct resource *r)
{
    return r->phase == NOTHING ? NULL : &estate->phases.at[r->phase];
}

/* The map's phases say which instance types a cluster may have. */
static bool run(struct findings *out, const struct policy *self, const struct inspection *in,
                struct err *err)
{
    (void)err;
    const struct estate *estate = in->judged;
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        const struct phase *phase = phase_of(estate, r);
        const char *type = type_of(r);
        bool allowed = !phase || !phase->allowed_types.count || !type;
        for (size_t k = 0; !allowed && k < phase->allowed_types.count; k++)
            allowed = glob_list_matches(phase->allowed_types.at[k], type);
        if (!allowed)
            finding_add(out, self, estate, i,
                        "Take a type of the phase's list, or add this one.",
                        "%s is not on the list of phase %s", type,
                        phase->name ? phase->name : phase->id);
    }
    return true;
}

extern const struct policy policy_allowed_type;
const struct policy policy_allowed_type = {
    "DBX-008", SEVERITY_MEDIUM, "clusters have a type that their phase allows", NULL, run};
