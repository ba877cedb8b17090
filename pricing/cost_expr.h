#ifndef PRICING_COST_EXPR_H
#define PRICING_COST_EXPR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/multimap.h"
#include "base/vec.h"
#include "components.h"
#include "estate/estate.h"

struct book;

/*
 * The expressions of the component table (docs/components.md): attributes, usage,
 * `let` names, arithmetic on ranges, conditions, calls. An expression is read and
 * computed in one pass; it never changes anything, so branches that are not
 * taken do no harm.
 */
enum value_kind {
    VALUE_ABSENT,  /* not set: null, "", an empty list, a missing attribute */
    VALUE_UNKNOWN, /* set, but known only after apply */
    VALUE_NUMBER,
    VALUE_TEXT,
    VALUE_NODE,     /* a list or map of attributes */
    VALUE_RESOURCE, /* another resource of the estate */
};

struct value {
    enum value_kind kind;
    bool from_usage; /* some part of it came from the usage */
    struct range number;
    const char *text;        /* of a text */
    const struct node *node; /* of a node, and of an unknown one (it may name its reference) */
    uint32_t resource;
    const char *what; /* the attribute that it was read from, for messages; or NULL */
};

struct binding {
    const char *name;
    struct value value;
    struct binding *next;
};

/* For those who price a whole estate: looked up at once, not searched for each time. */
struct reference_index {
    struct map by_name; /* what resources answer to -> the first that does */
    struct components components;
    VEC(struct referrers *) referrers; /* those that were asked for */
};

enum { REFERENCE_NAMES = 11 };

/* What other resources call this one: its address, id, ARN, name or logical id; or NULL. */
void reference_names(const char *out[REFERENCE_NAMES], const struct resource *r);

void reference_index_open(struct reference_index *index, const struct estate *estate);
void reference_index_release(struct reference_index *index);

/* What names mean: the resource at hand, whose usage counts, and the `let`s so far. */
struct scope {
    struct arena *arena;
    const struct book *book;
    const struct estate *estate;
    uint32_t resource; /* whose attributes plain names mean */
    const struct node *usage;
    const struct binding *bindings; /* innermost first */
    struct reference_index *index;
    const char *assumed; /* what was assumed for the sake of an unknown; or NULL */
};

struct value value_absent(void);
struct value value_number(double number);
struct value value_text(const char *text);
struct value value_of_node(const struct node *n);
struct value value_attribute(struct scope *scope, struct value of, const char *path);

/* For conditions: 0 no, 1 yes, -1 unknown. Absent, 0 and "false" are no. */
int value_truth(struct value v);
/* The number, also of a text that is one. False for all else. */
bool value_as_number(struct range *out, struct value v);
/* As text: numbers by their shortest digits; NULL for what has no text. */
const char *value_as_text(struct arena *arena, struct value v);

/* Computes text[0..length). Fails for an expression that is not one. */
bool expr_eval(struct value *out, struct scope *scope, const char *text, size_t length,
               struct err *err);

/*
 * Puts the values of "{expr}" into a text. Where one of them is absent or unknown
 * stands "?", and *missing says which; it is NULL otherwise.
 */
bool expr_fill(const char **out, const char **missing, struct scope *scope, const char *text,
               size_t length, struct err *err);

/* One function that expressions may call. */
struct expr_function {
    const char *name;
    int least, most; /* number of arguments */
    struct value (*run)(struct scope *scope, const struct value *args, int count);
};

const struct expr_function *expr_function_find(const char *name, size_t length);
/* Those that look something up, in the book or the estate; ends with a name of NULL. */
extern const struct expr_function expr_lookups[];

/* The resource that an attribute refers to: by address, id, ARN or name. NOTHING if none. */
uint32_t expr_referred(const struct scope *scope, struct value v);
/* The text that refers: a value's own, or that of what is not known yet; or NULL. */
const char *reference_text(struct value v);

/* The resources of `type` whose `attribute` means the one at hand, in their order. */
struct referrer_list {
    VEC(uint32_t) all;
};
void referrers_find(struct referrer_list *out, struct scope *scope, const char *type,
                    const char *attribute);
void referrers_release(struct reference_index *index);

#endif
