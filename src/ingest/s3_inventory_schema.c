#include "s3_inventory.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    bool needed;
} columns[INVENTORY_COLUMNS] = {
    [INVENTORY_KEY] = {"key", true},
    [INVENTORY_SIZE] = {"size", true},
    [INVENTORY_MODIFIED] = {"lastmodifieddate", true},
    [INVENTORY_CLASS] = {"storageclass", false},
    [INVENTORY_LATEST] = {"islatest", false},
    [INVENTORY_MARKER] = {"isdeletemarker", false},
    [INVENTORY_REPLICATION] = {"replicationstatus", false},
    [INVENTORY_ENCRYPTION] = {"encryptionstatus", false},
    [INVENTORY_BUCKET_KEY] = {"bucketkeystatus", false},
    [INVENTORY_LOCK] = {"objectlockmode", false},
    [INVENTORY_TIER] = {"intelligenttieringaccesstier", false},
};

static bool same_name(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(text, name, length) == 0;
}

bool inventory_schema_read(struct inventory_schema *out, const char *text, struct err *err)
{
    *out = (struct inventory_schema){0};
    for (int c = 0; c < INVENTORY_COLUMNS; c++)
        out->position[c] = -1;
    for (const char *at = text; *(at += strspn(at, " ,")) != '\0'; out->columns++) {
        size_t length = strcspn(at, ", ");
        for (int c = 0; c < INVENTORY_COLUMNS; c++)
            if (same_name(at, length, columns[c].name) && out->position[c] < 0)
                out->position[c] = (int)out->columns;
        at += length;
    }
    for (int c = 0; c < INVENTORY_COLUMNS; c++)
        if (columns[c].needed && out->position[c] < 0)
            return err_set(err,
                           "the fileSchema has no column %s: an inventory without it cannot "
                           "be counted by age and size",
                           columns[c].name);
    return true;
}
