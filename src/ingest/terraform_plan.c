#include <string.h>

#include "terraform.h"

/* One plan on its way into two estates. */
struct plan_reader {
    struct change *change;
    struct config config;
    const struct node *plan;
    const char *path, *default_region;
    const char *found_region; /* where nothing else names one; NULL: none */
    size_t placed;            /* resources that are taken to be there */
};

static bool has_action(const struct node *change, const char *action)
{
    const struct node *actions = node_get(change, "actions");
    for (size_t i = 0; node_is(actions, NODE_LIST) && i < actions->count; i++)
        if (!strcmp(node_text(actions->items[i], ""), action))
            return true;
    return false;
}

static bool is_managed(const struct node *entry)
{
    const char *mode = node_text(node_get(entry, "mode"), "managed");
    return !strcmp(mode, "managed");
}

static bool has_region(const char *type)
{
    return type && (!strncmp(type, "aws_", 4) || !strncmp(type, "databricks_", 11));
}

/* Attributes stay in the plan's document, which both estates share. */
static uint32_t add_resource(struct plan_reader *r, struct estate *estate, const char *key,
                             const struct node *entry, const struct node *attrs)
{
    const struct config_module *home;
    const char *address = node_text(node_get(entry, "address"), key);
    const struct node *configured = config_resource(&r->config, address, &home);
    uint32_t i = estate_resource(estate, key);
    struct resource *resource = &estate->resources.at[i];
    const char *region = configured ? config_region(&r->config, configured, home) : NULL;
    resource->type = intern(estate->symbols, node_text(node_get(entry, "type"), NULL));
    resource->address = intern(estate->symbols, address);
    resource->source = arena_strdup(&estate->arena, r->path);
    resource->attrs = attrs;
    if (r->default_region)
        resource->region = intern(estate->symbols, r->default_region);
    terraform_describe(estate, i, region);
    resource = &estate->resources.at[i];
    if (!resource->region && r->found_region && has_region(resource->type)) {
        resource->region = intern(estate->symbols, r->found_region);
        r->placed++;
    }
    return i;
}

static const struct node *after_values(struct plan_reader *r, const struct node *entry,
                                       const struct node *values, const struct node *change)
{
    const struct config_module *home;
    const char *address = node_text(node_get(entry, "address"), "");
    const struct node *configured = config_resource(&r->config, address, &home);
    struct value_context context = {.arena = r->config.arena,
                                    .config = &r->config,
                                    .home = home,
                                    .instance = address_module(r->config.arena, address)};
    const struct node *sensitive = node_get(change, "after_sensitive");
    if (!sensitive)
        sensitive = node_get(entry, "sensitive_values");
    return values_merge(&context, values, node_get(change, "after_unknown"), sensitive,
                        node_get(configured, "expressions"));
}

static void note_action(struct plan_reader *r, const char *key, enum change_kind kind,
                        const char *previous)
{
    struct estate *estate = r->change->after;
    VEC_ADD(&r->change->actions, ((struct planned_action){intern(estate->symbols, key), kind,
                                                          intern(estate->symbols, previous)}));
}

/* One entry of resource_changes: the resource before, after, and what happens to it. */
static void read_change(struct plan_reader *r, const struct node *entry)
{
    const struct node *change = node_get(entry, "change");
    const struct node *before = node_get(change, "before"), *after = node_get(change, "after");
    const char *address = node_text(node_get(entry, "address"), NULL);
    const char *deposed = node_text(node_get(entry, "deposed"), NULL);
    const char *previous = node_text(node_get(entry, "previous_address"), NULL);
    if (!address || !is_managed(entry))
        return;
    const char *key =
        deposed ? arena_printf(r->config.arena, "%s (deposed %s)", address, deposed) : address;
    struct value_context plain = {.arena = r->config.arena, .config = &r->config, .instance = ""};
    if (node_is(before, NODE_MAP))
        add_resource(
            r, r->change->before, key, entry,
            values_merge(&plain, before, NULL, node_get(change, "before_sensitive"), NULL));
    bool forget = has_action(change, "forget"), destroy = has_action(change, "delete");
    if (node_is(after, NODE_MAP) && !(destroy && !has_action(change, "create")))
        add_resource(r, r->change->after, key, entry, after_values(r, entry, after, change));
    else if (forget && node_is(before, NODE_MAP))
        add_resource(r, r->change->after, key, entry, before);
    if (forget)
        note_action(r, key, CHANGE_FORGOTTEN, NULL);
    else if (destroy && has_action(change, "create"))
        note_action(r, key, CHANGE_REPLACED, previous);
    else if (previous && strcmp(previous, address))
        note_action(r, key, CHANGE_NONE, previous);
}

static const struct node *change_of(struct plan_reader *r, const struct map *changes,
                                    const char *address)
{
    size_t i;
    const struct node *list = node_get(r->plan, "resource_changes");
    return map_get(changes, address, strlen(address), &i) ? list->items[i] : NULL;
}

/* A resource whose values resource_changes does not have (old versions, parts of plans). */
static void read_planned(struct plan_reader *r, const struct map *changes,
                         const struct node *module, int depth)
{
    enum { DEPTH_MAX = 64 };
    const struct node *resources = node_get(module, "resources");
    for (size_t i = 0; node_is(resources, NODE_LIST) && i < resources->count; i++) {
        const struct node *entry = resources->items[i];
        const char *address = node_text(node_get(entry, "address"), NULL);
        if (!address || !is_managed(entry))
            continue;
        if (estate_find(r->change->after, address) == NOTHING)
            add_resource(r, r->change->after, address, entry,
                         after_values(r, entry, node_get(entry, "values"),
                                      node_get(change_of(r, changes, address), "change")));
    }
    const struct node *children = node_get(module, "child_modules");
    for (size_t i = 0;
         node_is(children, NODE_LIST) && i < children->count && depth < DEPTH_MAX; i++)
        read_planned(r, changes, children->items[i], depth + 1);
}

/* What is to be made but has no values anywhere still counts, as unpriced. */
static void add_valueless(struct plan_reader *r, const struct node *list)
{
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++) {
        const struct node *change = node_get(list->items[i], "change");
        const char *address = node_text(node_get(list->items[i], "address"), NULL);
        bool stays = has_action(change, "create") || has_action(change, "update") ||
                     has_action(change, "no-op");
        if (address && stays && is_managed(list->items[i]) &&
            !node_get(list->items[i], "deposed") &&
            estate_find(r->change->after, address) == NOTHING)
            add_resource(r, r->change->after, address, list->items[i], NULL);
    }
}

static void read_notes(struct plan_reader *r)
{
    struct estate *after = r->change->after;
    const struct node *drift = node_get(r->plan, "resource_drift");
    const struct node *deferred = node_get(r->plan, "deferred_changes");
    if (r->placed)
        estate_note(after, NOTE_WARNING, r->path,
                    "no provider names a region that the plan tells: %s is that of what "
                    "stands; --region says another",
                    r->found_region);
    if (node_bool(node_get(r->plan, "errored"), false)) {
        estate_note(after, NOTE_WARNING, r->path,
                    "the plan ended in an error, so it is incomplete");
        r->change->incomplete = true;
    } else if (!node_bool(node_get(r->plan, "complete"), true)) {
        estate_note(after, NOTE_WARNING, r->path,
                    "the plan is not complete: some changes wait for a later apply");
        r->change->incomplete = true;
    }
    if (node_is(drift, NODE_LIST) && drift->count)
        estate_note(
            after, NOTE_WARNING, r->path,
            "%zu resources differ from the last apply (drift); costs before the change "
            "are of their present state",
            drift->count);
    if (node_is(deferred, NODE_LIST) && deferred->count) {
        estate_note(after, NOTE_WARNING, r->path,
                    "%zu deferred changes are not in the figures", deferred->count);
        r->change->incomplete = true;
    }
}

static bool version_is_known(const struct node *plan, const char *path, struct err *err)
{
    const char *version = node_text(node_get(plan, "format_version"), NULL);
    if (!version && node_get(plan, "planned_values"))
        return true; /* cut down by some tool, but a plan all the same */
    if (version && (!strncmp(version, "0.", 2) || !strncmp(version, "1.", 2)))
        return true;
    if (!version)
        return err_set(err, "%s: no format_version: a plan comes from terraform show -json",
                       path);
    return err_set(err, "%s: format_version %s is not known; 0.x and 1.x are", path, version);
}

bool terraform_plan_read(struct change *change, const struct node *plan, const char *path,
                         const char *default_region, struct err *err)
{
    struct plan_reader r = {
        .change = change, .plan = plan, .path = path, .default_region = default_region};
    r.found_region = terraform_plan_region(&change->after->arena, plan);
    struct map changes = MAP_INIT;
    const struct node *list = node_get(plan, "resource_changes");
    if (!version_is_known(plan, path, err))
        return false;
    change->has_before = true;
    terraform_config_open(&r.config, &change->after->arena, plan);
    terraform_documents_open(&r.config, plan);
    for (size_t i = 0; node_is(list, NODE_LIST) && i < list->count; i++) {
        const char *address = node_text(node_get(list->items[i], "address"), NULL);
        if (address && !node_get(list->items[i], "deposed"))
            map_put(&changes, address, strlen(address), i);
        read_change(&r, list->items[i]);
    }
    read_planned(&r, &changes, node_at(plan, "planned_values.root_module"), 0);
    add_valueless(&r, list);
    read_notes(&r);
    map_release(&changes);
    terraform_config_release(&r.config);
    return true;
}
