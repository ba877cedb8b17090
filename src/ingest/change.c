#include "ingest/change.h"

#include <string.h>

#include "io/doc.h"
#include "terraform.h"

/* A format of this room that knows two states, by the format that ingest tells it from. */
static bool read_plan(struct change *change, const char *path, const char *region,
                      struct err *err)
{
    const struct node *document;
    bool ok = terraform_document(&document, &change->after->arena, path, err);
    if (ok && (node_get(document, "planned_values") || node_get(document, "resource_changes")))
        ok = terraform_plan_read(change, document, path, region, err);
    else if (ok)
        ok = terraform_state_read(change->after, document, path, region, err);
    return ok;
}

bool change_read(struct change *change, const char *path, const char *default_region,
                 const struct ingest_options *options, struct err *err)
{
    const struct ingest_format *format;
    if (!ingest_detect(&format, path, err))
        return false;
    if (format && !strncmp(format->name, "terraform", 9))
        return read_plan(change, path, default_region, err);
    return ingest_path(change->after, path, options, err);
}
