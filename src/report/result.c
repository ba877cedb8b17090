#include "report/result.h"

#include <math.h>

struct node *result_list(struct report *report, const char *key)
{
    return node_add(&report->arena, report->json, key, node_new(&report->arena, NODE_LIST));
}

struct node *result_item(struct report *report, struct node *list)
{
    return node_add(&report->arena, list, NULL, node_new(&report->arena, NODE_MAP));
}

void result_text(struct report *report, struct node *map, const char *key, const char *text)
{
    struct arena *arena = &report->arena;
    node_add(arena, map, key, text ? node_string(arena, text) : node_new(arena, NODE_NULL));
}

void result_money(struct report *report, struct node *map, const char *key, struct money m)
{
    node_add(&report->arena, map, key, json_money(report, m));
}

void result_number(struct report *report, struct node *map, const char *key, double number)
{
    struct arena *arena = &report->arena;
    node_add(arena, map, key,
             isfinite(number) ? node_number_new(arena, number) : node_new(arena, NODE_NULL));
}
