#ifndef BILL_ROW_KNOWN_H
#define BILL_ROW_KNOWN_H

#include "run.h"

/* What the sku's fields of a row stand for. */
struct known_sku {
    uint32_t number; /* the worker's */
    bool depends;    /* on more than the key: each row tells it anew */
};

/* What the place's fields stand for. */
struct known_place {
    uint32_t number; /* the worker's */
    uint32_t partition;
    struct recent_group {
        struct group *group; /* NULL: none yet */
        uint32_t sku, span;
    } recent[2]; /* where the last rows of this place went, by the lowest bit of the sku */
};

struct known_sku learn_sku(struct bill_worker *w, const struct bill_row *row);
struct known_place learn_place(struct bill_worker *w, const struct bill_row *row);

#endif
