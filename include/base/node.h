#ifndef BASE_NODE_H
#define BASE_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * A document or a bag of attributes as plain data: what JSON, YAML, a plan's
 * `values` and a bill's columns become once they are read. Built in an arena,
 * never changed after. A map keeps the order of its file.
 */
enum node_kind {
    NODE_NULL,
    NODE_BOOL,
    NODE_NUMBER,  /* .number; .text holds the digits as written */
    NODE_STRING,  /* .text, .length (may hold NUL bytes) */
    NODE_LIST,    /* .items[0..count) */
    NODE_MAP,     /* .items[i].key and the item itself */
    NODE_UNKNOWN, /* known only after apply */
};

struct node {
    enum node_kind kind;
    bool truth;
    bool sensitive;   /* never print the value */
    unsigned line, column; /* from 1 where the reader knows it, else 0 */
    unsigned key_line, key_column; /* the same of the key, 0 where there is none */
    const char *key;  /* of this item in its map, else NULL */
    double number;
    const char *text;
    size_t length, count;
    struct node **items;
};

/* A NULL node reads as absent everywhere below, so lookups chain. */
const struct node *node_get(const struct node *map, const char *key); /* NULL when absent */
/*
 * Follows "a.b.0.c": names in maps, numbers in lists. A name applied to a list
 * goes on in its first item, since Terraform writes single blocks as lists.
 */
const struct node *node_at(const struct node *from, const char *path);

const char *node_text(const struct node *n, const char *otherwise); /* of a string or number */
/* Of a number, or of a string that is one; `otherwise` for all else. */
double node_number(const struct node *n, double otherwise);
bool node_bool(const struct node *n, bool otherwise); /* "true"/"false" strings too */
bool node_is(const struct node *n, enum node_kind kind);
bool node_absent(const struct node *n); /* NULL or null */
bool node_equal(const struct node *a, const struct node *b);

/* The shortest digits that give the same double back, for readers that keep none. */
const char *number_digits(struct arena *arena, double number);

struct node *node_new(struct arena *arena, enum node_kind kind);
struct node *node_string(struct arena *arena, const char *text);
struct node *node_number_new(struct arena *arena, double number);
struct node *node_bool_new(struct arena *arena, bool truth);
/* Appends to a list, or to a map under `key` (copied; NULL for lists). Returns `item`. */
struct node *node_add(struct arena *arena, struct node *parent, const char *key,
                      struct node *item);
struct node *node_copy(struct arena *arena, const struct node *from);

#endif
