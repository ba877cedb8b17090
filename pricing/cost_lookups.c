#include <math.h>
#include <string.h>

#include "cost_expr.h"
#include "pricing/book.h"
#include "pricing/catalogue.h"
#include "pricing/databricks.h"
#include "pricing/network.h"

/* What expressions ask of the price book, and of the other resources of the estate. */

static struct value run_fact(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *text[3];
    for (int i = 0; i < 3; i++)
        if (!(text[i] = value_as_text(scope->arena, args[i])))
            return args[i];
    return value_text(book_fact(scope->book, text[0], text[1], text[2]));
}

static struct value run_vcpus(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *name = value_as_text(scope->arena, args[0]);
    const struct instance_type *type = name ? catalogue_find(scope->book, name) : NULL;
    return type ? value_number(type->vcpus) : value_absent();
}

static struct value run_dbu(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    struct price dbus;
    const char *type = value_as_text(scope->arena, args[0]);
    if (!type)
        return args[0];
    return dbu_per_hour(&dbus, scope->book, type) ? value_number(money_double(dbus.usd))
                                                  : value_absent();
}

static struct value run_dbu_times(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *sku = value_as_text(scope->arena, args[0]);
    const char *feature = value_as_text(scope->arena, args[1]);
    return value_number(sku && feature ? dbu_multiplier(scope->book, sku, feature) : 1);
}

static struct value run_dbu_serving(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    struct price dbus;
    const char *product = value_as_text(scope->arena, args[0]);
    const char *size = value_as_text(scope->arena, args[1]);
    if (!product || !size || !dbu_serving(&dbus, scope->book, product, size))
        return value_absent();
    return value_number(money_double(dbus.usd));
}

/* warehouse('pro', 'Small', 'dbu' | 'driver' | 'worker' | 'workers') */
static struct value run_warehouse(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    struct warehouse_size size;
    const char *kind = value_as_text(scope->arena, args[0]);
    const char *name = value_as_text(scope->arena, args[1]);
    const char *what = value_as_text(scope->arena, args[2]);
    if (!kind || !name || !what)
        return args[1];
    if (!warehouse_size_find(&size, scope->book, kind, name))
        return value_absent();
    if (!strcmp(what, "dbu"))
        return value_number(size.dbu_per_hour);
    if (!strcmp(what, "workers"))
        return value_number(size.workers);
    return value_text(!strcmp(what, "driver") ? size.driver_instance_type
                                              : size.worker_instance_type);
}

/* lcu('network', 'tcp', 'new_connections'): how much of it one unit holds. */
static struct value run_lcu(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *kind = value_as_text(scope->arena, args[0]);
    const char *protocol = value_as_text(scope->arena, args[1]);
    const char *dimension = value_as_text(scope->arena, args[2]);
    double holds = kind && protocol && dimension
                       ? lcu_holds(scope->book, kind, protocol, dimension)
                       : NAN;
    return isnan(holds) ? value_absent() : value_number(holds);
}

static struct value run_ref(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    uint32_t found = expr_referred(scope, args[0]);
    if (found == NOTHING)
        return args[0].kind == VALUE_UNKNOWN ? args[0] : value_absent();
    return (struct value){.kind = VALUE_RESOURCE, .resource = found};
}

static struct value nth_referrer(struct scope *scope, const struct value *args, double n,
                                 double *seen)
{
    const char *type = value_as_text(scope->arena, args[0]);
    const char *attribute = value_as_text(scope->arena, args[1]);
    struct referrer_list list = {0};
    struct value found = value_absent();
    if (type && attribute)
        referrers_find(&list, scope, type, attribute);
    *seen = (double)list.all.count;
    if (n < *seen)
        found = (struct value){.kind = VALUE_RESOURCE, .resource = list.all.at[(size_t)n]};
    VEC_FREE(&list.all);
    return found;
}

/* referrers('aws_x', 'attribute'): how many resources of the type refer to this one. */
static struct value run_referrers(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    double seen;
    nth_referrer(scope, args, INFINITY, &seen);
    return value_number(seen);
}

/* referrer('aws_x', 'attribute', n): the n-th resource of the type whose attribute means this
 * one. */
static struct value run_referrer(struct scope *scope, const struct value *args, int count)
{
    double seen;
    struct range n = {0, 0, 0};
    if (count > 2)
        value_as_number(&n, args[2]);
    return nth_referrer(scope, args, n.expected, &seen);
}

/* autoscaled('dimension', 'table/', name): the aws_appautoscaling_target of this resource. */
static struct value run_autoscaled(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *dimension = value_as_text(scope->arena, args[0]);
    const char *prefix = value_as_text(scope->arena, args[1]);
    const char *name = value_as_text(scope->arena, args[2]);
    for (uint32_t i = 0; dimension && i < scope->estate->resources.count; i++) {
        const struct resource *r = &scope->estate->resources.at[i];
        if (!r->type || strcmp(r->type, "aws_appautoscaling_target") ||
            strcmp(node_text(node_get(r->attrs, "scalable_dimension"), ""), dimension))
            continue;
        struct value id = value_of_node(node_get(r->attrs, "resource_id"));
        const char *text = value_as_text(scope->arena, id);
        size_t n = prefix ? strlen(prefix) : 0;
        bool named =
            text && name && !strncmp(text, prefix ? prefix : "", n) && !strcmp(text + n, name);
        if (named || (!text && expr_referred(scope, id) == scope->resource))
            return (struct value){.kind = VALUE_RESOURCE, .resource = i};
    }
    return value_absent();
}

static struct value run_at(struct scope *scope, const struct value *args, int count)
{
    (void)count;
    const char *path = value_as_text(scope->arena, args[1]);
    return path ? value_attribute(scope, args[0], path) : value_absent();
}

const struct expr_function expr_lookups[] = {
    {"fact", 3, 3, run_fact},
    {"vcpus", 1, 1, run_vcpus},
    {"dbu", 1, 1, run_dbu},
    {"dbu_times", 2, 2, run_dbu_times},
    {"dbu_serving", 2, 2, run_dbu_serving},
    {"warehouse", 3, 3, run_warehouse},
    {"lcu", 3, 3, run_lcu},
    {"ref", 1, 1, run_ref},
    {"referrers", 2, 2, run_referrers},
    {"referrer", 2, 3, run_referrer},
    {"autoscaled", 3, 3, run_autoscaled},
    {"at", 2, 2, run_at},
    {NULL, 0, 0, NULL},
};
