#ifndef PRICING_COST_WALK_H
#define PRICING_COST_WALK_H

#include "base/vec.h"
#include "components.h"
#include "cost_expr.h"
#include "pricing/book.h"
#include "pricing/cost.h"

/* One resource on its way through its section of the component table. */
struct walk {
    struct scope scope;
    const char *group;   /* where the components go; NULL the resource itself */
    struct range factor; /* how many of it: the instances of a group */
    const char *region;  /* of the prices */
    VEC(struct cost_component) components;
    bool parent, free; /* the section says so */
    int depth;
    struct err *err;
};

/* Runs the lines of a section. False for a fault in the table. */
bool walk_section(struct walk *w, const char *name);
bool walk_eval(struct walk *w, struct value *out, const char *text, size_t length);

/* A component's row, its fields not yet computed. */
struct row {
    struct table_text name, unit, quantity, price, times, per, region;
    struct table_text most; /* the quantity at most, where the usage is not known */
    bool plain; /* tiers do not show in the name */
};

/* Adds what the row stands for: nothing, a component, or one per price tier. */
bool row_price(struct walk *w, const struct row *row);

/* Named prices that a key alone cannot say: "@ec2 m6i.large windows". */
struct price_function {
    const char *name;
    const char *what; /* "spot price of" */
    bool (*find)(struct price *out, const struct book *book, const char *region,
                 char *const *args, int count);
};

const struct price_function *price_function_find(const char *name, size_t length);

#endif
