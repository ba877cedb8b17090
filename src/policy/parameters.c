#include <string.h>

#include "checks.h"
#include "glob.h"

bool policy_is_off(const struct inspection *in, const char *id)
{
    return glob_any(node_get(in->parameters, "off"), id, false);
}

bool severity_read(enum severity *out, const struct node *n, struct err *err)
{
    const char *name = node_text(n, "");
    for (int s = SEVERITY_LOW; s <= SEVERITY_HIGH; s++)
        if (!strcmp(severity_name((enum severity)s), name)) {
            *out = (enum severity)s;
            return true;
        }
    return err_usage(err, "checks.params: a severity is high, medium or low, not '%s'", name);
}
