#ifndef BILL_FILL_H
#define BILL_FILL_H

#include "run.h"

enum { KEYS_AHEAD = 8 };

/* What the lines of one resource say about its configuration: the latest one counts. */
struct findings {
    bool any; /* there are lines */
    const char *type, *instance_type, *volume_type, *region;
    int32_t instance_hour, volume_hour;
    double volume_gb;
};

/* Lines [first, end) of the estate, of one resource and sku, by time. */
struct line_run {
    size_t first, end;
};

/* What the steps of filling an estate share. */
struct fill {
    struct estate *into;
    struct bill_run *run;
    struct bill_worker *workers;
    size_t count;
    struct key_list skus, places;
    uint32_t *resource;   /* of each place, index in the estate; NOTHING for nameless ones */
    uint32_t *sku;        /* of each sku, index in the estate; NOTHING: of another currency */
    int32_t *latest;      /* last hour seen at each place */
    uint8_t currency;     /* the one that the estate counts in */
    VEC(struct findings) findings; /* of each resource of the estate */
    VEC(struct line_run) committed; /* what commitments cover, and their fees by the month */
    struct key_table nameless; /* (place, sku) -> resource */
    sym tag_keys[TAGS_MAX];
    struct told *told; /* by the tags of each resource that has places */
};

void fill_skus(struct fill *f);
void fill_resources(struct fill *f);
/* The resource of rows that name none: the service in its account and region. */
uint32_t fill_nameless(struct fill *f, uint32_t place, uint32_t sku);
bool fill_lines(struct fill *f, uint64_t *groups, struct err *err);
/* One for each resource that there is by now. */
void findings_grow(struct fill *f);
/* From some lines; at the same time only for lines of other resources. */
void find_in_run(struct fill *f, size_t first, size_t end);
/* Types, tags, configuration and parents, from all lines of a resource together. */
void fill_details(struct fill *f);
void fill_files(struct fill *f, struct bill_summary *out);
/* The plans and reservations that the bill tells of, from their fees and from the lines. */
void fill_commitments(struct fill *f);

#endif
