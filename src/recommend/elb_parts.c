#include "elb.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"

enum part { NO_PART, BALANCER, LISTENER, RULE, GROUP, ATTACHMENT, CERTIFICATE, SERVER };

static const struct {
    const char *type;
    enum part part;
} types[] = {
    {"aws_lb", BALANCER},
    {"aws_alb", BALANCER},
    {"aws_lb_listener", LISTENER},
    {"aws_alb_listener", LISTENER},
    {"aws_lb_listener_rule", RULE},
    {"aws_alb_listener_rule", RULE},
    {"aws_lb_listener_certificate", CERTIFICATE},
    {"aws_alb_listener_certificate", CERTIFICATE},
    {"aws_lb_target_group", GROUP},
    {"aws_alb_target_group", GROUP},
    {"aws_lb_target_group_attachment", ATTACHMENT},
    {"aws_alb_target_group_attachment", ATTACHMENT},
    {"aws_autoscaling_attachment", ATTACHMENT},
    {"aws_instance", SERVER},
    {"aws_autoscaling_group", SERVER},
    {"aws_ecs_service", SERVER},
};

/* A bill names load balancers by ARN before anything says their type. */
static enum part part_of(const struct resource *r)
{
    if (!r->type)
        return strstr(r->key, ":loadbalancer/") ? BALANCER : NO_PART;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(r->type, types[i].type) == 0)
            return types[i].part;
    return NO_PART;
}

/* What links are found by: every name of every part. */
struct finder {
    const struct estate *estate;
    struct map names;
    enum part *part; /* what each resource is */
    uint32_t *owner; /* of a listener its load balancer, by resource; NOTHING unknown */
};

static void put_name(struct finder *f, const char *name, uint32_t resource)
{
    if (name && *name)
        map_put(&f->names, name, strlen(name), resource);
}

static void put_names(struct finder *f)
{
    for (uint32_t i = 0; i < f->estate->resources.count; i++) {
        const struct resource *r = &f->estate->resources.at[i];
        bool alike = i > 0 && r->type && r->type == r[-1].type;
        enum part part = f->part[i] = alike ? f->part[i - 1] : part_of(r);
        f->owner[i] = NOTHING;
        if (part == NO_PART || part == RULE || part == ATTACHMENT)
            continue;
        put_name(f, r->key, i);
        put_name(f, r->id, i);
        put_name(f, r->address, i);
        put_name(f, node_text(node_get(r->attrs, "arn"), NULL), i);
    }
}

/* An ARN that is known, or the address that an unknown one will come from. */
static uint32_t find(const struct finder *f, const struct node *n, enum part part)
{
    bool text = node_is(n, NODE_STRING) || node_is(n, NODE_UNKNOWN);
    size_t found;
    if (!text || !n->text || !map_get(&f->names, n->text, strlen(n->text), &found) ||
        f->part[found] != part)
        return NOTHING;
    return (uint32_t)found;
}

enum { DEEPEST = 8 };

/* Links `from` with every part of a kind that is named anywhere below a value. */
static void link_all(struct elb_links *links, const struct finder *f, uint32_t from,
                     const struct node *n, enum part part, int depth)
{
    uint32_t to = find(f, n, part);
    if (to != NOTHING)
        VEC_ADD(links, ((struct elb_link){from, to}));
    for (size_t i = 0; n && depth < DEEPEST && i < n->count; i++)
        link_all(links, f, from, n->items[i], part, depth + 1);
}

static const struct node *value(const struct finder *f, uint32_t resource, const char *key)
{
    return node_get(f->estate->resources.at[resource].attrs, key);
}

static void add_listener(struct elb_parts *parts, struct finder *f, uint32_t listener)
{
    uint32_t balancer = find(f, value(f, listener, "load_balancer_arn"), BALANCER);
    parts->any_listener = true;
    if (balancer == NOTHING)
        return;
    f->owner[listener] = balancer;
    VEC_ADD(&parts->listeners, ((struct elb_link){balancer, listener}));
    link_all(&parts->groups, f, balancer, value(f, listener, "default_action"), GROUP, 0);
}

/* Rules and certificates hang on listeners: those are linked first. */
static void add_to_listener(struct elb_parts *parts, const struct finder *f, uint32_t part,
                            struct elb_links *links)
{
    uint32_t listener = find(f, value(f, part, "listener_arn"), LISTENER);
    if (listener == NOTHING)
        return;
    VEC_ADD(links, ((struct elb_link){listener, part}));
    if (f->owner[listener] != NOTHING)
        link_all(&parts->groups, f, f->owner[listener], value(f, part, "action"), GROUP, 0);
}

static void link_backwards(struct elb_links *links, const struct finder *f, uint32_t to,
                           const char *key, enum part part)
{
    struct elb_links found = {0};
    link_all(&found, f, to, value(f, to, key), part, 0);
    for (size_t i = 0; i < found.count; i++)
        VEC_ADD(links, ((struct elb_link){found.at[i].to, to}));
    VEC_FREE(&found);
}

static void add_attachment(struct elb_parts *parts, const struct finder *f, uint32_t at)
{
    static const char *const groups[] = {"target_group_arn", "lb_target_group_arn"};
    static const char *const servers[] = {"target_id", "autoscaling_group_name"};
    for (size_t g = 0; g < 2; g++)
        for (size_t s = 0; s < 2; s++) {
            uint32_t group = find(f, value(f, at, groups[g]), GROUP);
            uint32_t server = find(f, value(f, at, servers[s]), SERVER);
            if (group != NOTHING && server != NOTHING)
                VEC_ADD(&parts->servers, ((struct elb_link){group, server}));
        }
}

static void add_part(struct elb_parts *parts, const struct finder *f, uint32_t i)
{
    switch (f->part[i]) {
    case RULE:
        add_to_listener(parts, f, i, &parts->rules);
        break;
    case CERTIFICATE:
        add_to_listener(parts, f, i, &parts->certificates);
        break;
    case GROUP:
        link_backwards(&parts->groups, f, i, "load_balancer_arns", BALANCER);
        break;
    case SERVER:
        link_backwards(&parts->servers, f, i, "target_group_arns", GROUP);
        link_backwards(&parts->servers, f, i, "load_balancer", GROUP);
        break;
    case ATTACHMENT:
        add_attachment(parts, f, i);
        break;
    case BALANCER:
        link_all(&parts->direct, f, i, value(f, i, "targets_ref"), SERVER, 0);
        break;
    case LISTENER:
    case NO_PART:
        break;
    }
}

static int by_link(const void *a, const void *b)
{
    const struct elb_link *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return (x->to > y->to) - (x->to < y->to);
}

void elb_parts_init(struct elb_parts *parts, const struct recommend_input *in)
{
    const struct estate *estate = in->estate;
    size_t resources = estate->resources.count;
    struct finder f = {.estate = estate,
                       .part = mem_alloc(sizeof *f.part * (resources + 1)),
                       .owner = mem_alloc(sizeof *f.owner * (resources + 1))};
    *parts = (struct elb_parts){.estate = estate, .pricer = pricer_open(in->book, estate)};
    put_names(&f);
    for (uint32_t i = 0; i < resources; i++)
        if (f.part[i] == LISTENER)
            add_listener(parts, &f, i);
    for (uint32_t i = 0; i < resources; i++)
        add_part(parts, &f, i);
    struct elb_links *all[] = {&parts->listeners, &parts->rules,   &parts->certificates,
                               &parts->groups,    &parts->servers, &parts->direct};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        VEC_SORT(all[i], by_link);
        VEC_UNIQUE(all[i], by_link);
    }
    map_release(&f.names);
    free(f.part);
    free(f.owner);
}

void elb_parts_release(struct elb_parts *parts)
{
    VEC_FREE(&parts->listeners);
    VEC_FREE(&parts->rules);
    VEC_FREE(&parts->certificates);
    VEC_FREE(&parts->groups);
    VEC_FREE(&parts->servers);
    VEC_FREE(&parts->direct);
    pricer_free(parts->pricer);
}

const struct elb_link *elb_links_of(const struct elb_links *links, uint32_t from,
                                    size_t *count)
{
    size_t low = 0, high = links->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (links->at[middle].from < from)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < links->count && links->at[low + *count].from == from)
        ++*count;
    return &links->at[low];
}

static bool asks_for_certificates(const struct resource *listener)
{
    const char *mode =
        node_text(node_at(listener->attrs, "mutual_authentication.mode"), "off");
    return strcmp(mode, "off") != 0;
}

struct elb_counts elb_counts_of(const struct elb_parts *parts, uint32_t balancer)
{
    struct elb_counts c = {0};
    size_t listeners, n;
    const struct elb_link *l = elb_links_of(&parts->listeners, balancer, &listeners);
    c.listeners = listeners;
    for (size_t i = 0; i < listeners; i++) {
        elb_links_of(&parts->rules, l[i].to, &n);
        c.rules += n;
        c.most_rules = n > c.most_rules ? n : c.most_rules;
        elb_links_of(&parts->certificates, l[i].to, &n);
        c.certificates += n;
        c.mutual_tls |= asks_for_certificates(&parts->estate->resources.at[l[i].to]);
    }
    elb_links_of(&parts->groups, balancer, &c.groups);
    return c;
}
