#ifndef IO_JSON_NODES_H
#define IO_JSON_NODES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/node.h"

/*
 * UTF-8 JSON straight into nodes, several times as fast as by way of jansson's
 * tree. False for whatever is not plainly right (also for numbers and escapes that
 * need care): then jansson is asked, which knows what to say about it. Where this
 * gives a tree, jansson gives the same.
 */
bool json_nodes(const struct node **out, struct arena *arena, const char *text, size_t length);

#endif
