#include <string.h>

#include "elb.h"

static bool is_type(const struct resource *r, const char *modern, const char *older)
{
    return r->type && (strcmp(r->type, modern) == 0 || strcmp(r->type, older) == 0);
}

void elb_parts_init(struct elb_parts *parts, const struct estate *estate)
{
    *parts = (struct elb_parts){.estate = estate};
    for (uint32_t i = 0; i < estate->resources.count; i++) {
        const struct resource *r = &estate->resources.at[i];
        if (is_type(r, "aws_lb_listener", "aws_alb_listener"))
            VEC_ADD(&parts->listeners, i);
        else if (is_type(r, "aws_lb_listener_rule", "aws_alb_listener_rule"))
            VEC_ADD(&parts->rules, i);
    }
}

void elb_parts_release(struct elb_parts *parts)
{
    VEC_FREE(&parts->listeners);
    VEC_FREE(&parts->rules);
}

static bool same(const char *text, const char *name)
{
    return text && name && *text && strcmp(text, name) == 0;
}

/* An ARN that is known, or the address that an unknown one will come from. */
static bool refers_to(const struct node *n, const struct resource *r)
{
    const char *text = node_is(n, NODE_STRING) || node_is(n, NODE_UNKNOWN) ? n->text : NULL;
    return same(text, r->key) || same(text, r->id) || same(text, r->address) ||
           same(text, node_text(node_get(r->attrs, "arn"), NULL));
}

static const struct node *reference(const struct elb_parts *parts, uint32_t resource,
                                    const char *attribute)
{
    return node_get(parts->estate->resources.at[resource].attrs, attribute);
}

size_t elb_listeners_of(const struct elb_parts *parts, uint32_t balancer, size_t *most_rules)
{
    const struct resource *b = &parts->estate->resources.at[balancer];
    size_t listeners = 0;
    *most_rules = 0;
    for (size_t i = 0; i < parts->listeners.count; i++) {
        uint32_t listener = parts->listeners.at[i];
        size_t rules = 0;
        if (!refers_to(reference(parts, listener, "load_balancer_arn"), b))
            continue;
        listeners++;
        for (size_t k = 0; k < parts->rules.count; k++)
            rules += refers_to(reference(parts, parts->rules.at[k], "listener_arn"),
                               &parts->estate->resources.at[listener]);
        *most_rules = rules > *most_rules ? rules : *most_rules;
    }
    return listeners;
}
