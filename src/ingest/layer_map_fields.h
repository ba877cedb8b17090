#ifndef INGEST_LAYER_MAP_FIELDS_H
#define INGEST_LAYER_MAP_FIELDS_H

#include "estate/resource.h"
#include "io/strict.h"

/*
 * The language of the layer map as tables. Where a key becomes an attribute or a
 * usage figure of a resource just as it stands, `becomes` says where: "memory_size",
 * "autoscale[].min_workers" (a Terraform block), "usage:monthly_requests".
 */

/* Rows without a conversion, then rows with one; Q is a quantity of load. */
#define TEXT(k, to, says) {.key = k, .type = STRICT_TEXT, .becomes = to, .about = says}
#define CHOICE(k, of, to, says)                                                               \
    {.key = k, .type = STRICT_TEXT, .choices = of, .becomes = to, .about = says}
#define FLAG(k, to, says) {.key = k, .type = STRICT_BOOL, .becomes = to, .about = says}
#define NUM(k, to, says) {.key = k, .type = STRICT_NUMBER, .becomes = to, .about = says}
#define NUM_TO(k, top, to, says)                                                              \
    {.key = k, .type = STRICT_NUMBER, .most = top, .becomes = to, .about = says}
#define Q(k, to, says) {.key = k, .type = STRICT_QUANTITY, .becomes = to, .about = says}
#define Q_TO(k, top, to, says)                                                                \
    {.key = k, .type = STRICT_QUANTITY, .most = top, .becomes = to, .about = says}
#define TEXTS(k, to, says) {.key = k, .type = STRICT_TEXTS, .becomes = to, .about = says}
#define TAGS(k, to, says) {.key = k, .type = STRICT_TAGS, .becomes = to, .about = says}
#define NUMBERS(k, to, says) {.key = k, .type = STRICT_NUMBERS, .becomes = to, .about = says}
#define ANY(k, to, says) {.key = k, .type = STRICT_ANY, .becomes = to, .about = says}
#define MAP_OF(k, fields, says) {.key = k, .type = STRICT_MAP, .inner = fields, .about = says}
#define LIST_OF(k, fields, says) {.key = k, .type = STRICT_LIST, .inner = fields, .about = says}
#define NAMED_OF(k, fields, says)                                                             \
    {.key = k, .type = STRICT_NAMED, .inner = fields, .about = says}

/* What every entry of a layer may say: which real thing it is, and whose. */
#define ENTRY_FIELDS                                                                          \
    {.key = "id", .type = STRICT_ID, .required = true, .about = "unique in the map"},         \
        TEXT("name", NULL, "as the provider knows it: a bucket, a cluster name"),             \
        TEXT("tf", NULL, "Terraform address, exact or with [*]"),                             \
        TEXT("arn", NULL, "exact, or with * and ?"),                                          \
        TAGS("tags", NULL, "a resource with all of these pairs is this entry"),               \
        TEXTS("ids", NULL, "provider ids, exact or with * and ?"),                            \
        TEXT("tenant", NULL, "id of the tenant that it belongs to"),                          \
        TEXT("phase", NULL, "id of the phase that it serves"),                                \
        TEXT("account", NULL, "12 digits"), TEXT("region", NULL, "default: the primary region"), \
        ANY("labels", NULL, "for readers")

/* A list of a layer: what its entries are called in Terraform. */
struct entry_kind {
    enum layer layer;
    const char *list; /* key in the layer */
    const char *type; /* Terraform type; decided by the entry's reader where it has several */
};

extern const struct entry_kind entry_kinds[]; /* ends with a NULL list */

extern const struct strict_field map_fields[];
extern const struct strict_field storage_fields[], orchestration_fields[], compute_fields[],
    governance_fields[], network_fields[], load_balancing_fields[], observability_fields[];

#endif
