#include "clusters.h"

#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "io/doc.h"

/* The table's columns and what Terraform's provider calls them. */
enum kind { TEXT, NUMBER, TRUTH, NESTED };
static const struct {
    const char *column, *group, *attribute;
    enum kind kind;
} fields[] = {
    {"cluster_name", NULL, "cluster_name", TEXT},
    {"driver_node_type", NULL, "driver_node_type_id", TEXT},
    {"worker_node_type", NULL, "node_type_id", TEXT},
    {"worker_count", NULL, "num_workers", NUMBER},
    {"min_autoscale_workers", "autoscale", "min_workers", NUMBER},
    {"max_autoscale_workers", "autoscale", "max_workers", NUMBER},
    {"auto_termination_minutes", NULL, "autotermination_minutes", NUMBER},
    {"enable_elastic_disk", NULL, "enable_elastic_disk", TRUTH},
    {"cluster_source", NULL, "cluster_source", TEXT},
    {"aws_attributes", NULL, "aws_attributes", NESTED},
    {"driver_instance_pool_id", NULL, "driver_instance_pool_id", TEXT},
    {"worker_instance_pool_id", NULL, "instance_pool_id", TEXT},
    {"dbr_version", NULL, "spark_version", TEXT},
    {"data_security_mode", NULL, "data_security_mode", TEXT},
    {"policy_id", NULL, "policy_id", TEXT},
    {"tags", NULL, "custom_tags", NESTED},
};
enum { FIELDS = sizeof fields / sizeof *fields };

static const char *kept(struct arena *arena, struct csv *csv, size_t column)
{
    const char *text = column == (size_t)-1 ? "" : csv_text(csv, column);
    return !strcmp(text, "null") || !strcmp(text, "NULL") ? "" : arena_strdup(arena, text);
}

static void keep_change(struct clusters *into, const struct cluster_change *change)
{
    size_t known;
    if (!map_get(&into->by_id, change->id, strlen(change->id), &known)) {
        map_put(&into->by_id, change->id, strlen(change->id), into->latest.count);
        VEC_ADD(&into->latest, *change);
    } else if (strcmp(change->time, into->latest.at[known].time) > 0) {
        into->latest.at[known] = *change;
    }
}

static bool read_rows(struct clusters *into, struct arena *arena, struct csv *csv,
                      struct err *err)
{
    size_t id = csv_column(csv, "cluster_id"), time = csv_column(csv, "change_time");
    size_t columns[FIELDS];
    for (size_t i = 0; i < FIELDS; i++)
        columns[i] = csv_column(csv, fields[i].column);
    for (bool more;;) {
        if (!csv_next(csv, &more, err))
            return false;
        if (!more)
            return true;
        struct cluster_change change = {kept(arena, csv, id), kept(arena, csv, time),
                                        ARENA_ARRAY(arena, const char *, FIELDS)};
        for (size_t i = 0; i < FIELDS; i++)
            change.fields[i] = kept(arena, csv, columns[i]);
        if (*change.id)
            keep_change(into, &change);
    }
}

bool clusters_read(struct clusters *into, struct arena *arena, const char *path,
                   const char *text, size_t length, struct err *err)
{
    struct csv *csv;
    if (!csv_open_text(&csv, path, text, length, err))
        return false;
    bool ok = read_rows(into, arena, csv, err);
    csv_close(csv);
    return ok;
}

void clusters_release(struct clusters *clusters)
{
    VEC_FREE(&clusters->latest);
    map_release(&clusters->by_id);
}

static struct node *make_value(struct arena *arena, enum kind kind, const char *text)
{
    const struct node *nested;
    struct err err = ERR_INIT;
    switch (kind) {
    case NUMBER:
        return node_number_new(arena, strtod(text, NULL));
    case TRUTH:
        return node_bool_new(arena, !strcmp(text, "true"));
    case NESTED:
        return doc_parse_json(&nested, arena, "cluster", text, strlen(text), &err)
                   ? node_copy(arena, nested) : NULL;
    case TEXT:
        break;
    }
    return node_string(arena, text);
}

static struct node *group_of(struct arena *arena, struct node *attrs, const char *group)
{
    struct node *known = group ? (struct node *)(uintptr_t)node_get(attrs, group) : attrs;
    return known ? known : node_add(arena, attrs, group, node_new(arena, NODE_MAP));
}

static struct node *make_attrs(struct arena *arena, const struct cluster_change *change)
{
    struct node *attrs = node_new(arena, NODE_MAP);
    for (size_t i = 0; i < FIELDS; i++) {
        struct node *value =
            *change->fields[i] ? make_value(arena, fields[i].kind, change->fields[i]) : NULL;
        if (value)
            node_add(arena, group_of(arena, attrs, fields[i].group), fields[i].attribute, value);
    }
    return attrs;
}

void clusters_fill(struct estate *into, const struct clusters *clusters)
{
    for (size_t i = 0; i < clusters->latest.count; i++) {
        const struct cluster_change *change = &clusters->latest.at[i];
        struct resource *r = &into->resources.at[estate_resource(into, change->id)];
        r->type = intern(into->symbols, "databricks_cluster");
        r->id = r->key;
        if (*change->fields[0])
            r->name = intern(into->symbols, change->fields[0]);
        r->attrs = make_attrs(&into->arena, change);
        const struct node *tags = node_get(r->attrs, "custom_tags");
        if (!r->tags && node_is(tags, NODE_MAP))
            r->tags = tags;
    }
}
