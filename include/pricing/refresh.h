#ifndef PRICING_REFRESH_H
#define PRICING_REFRESH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/money.h"
#include "base/when.h"
#include "pricing/book.h"

/*
 * Takes an offer file of the AWS price list (index.csv of AmazonEC2, AmazonS3, AWSELB,
 * AmazonVPC, AWSDataTransfer or AWSLambda; any stream that io/stream.h reads) into a price
 * file of the folder, named after the offer. The offer is read once, row by row; what is
 * kept is one price for each name and region.
 */
struct price_change {
    const char *key, *region; /* "ec2 instance instance_type=m6i.large;os=linux" */
    const char *unit;
    struct money before, now; /* of the first tier */
};

enum { PRICE_CHANGES_KEPT = 10 };

struct refresh_result {
    const char *offer, *version; /* in the arena */
    const char *file;            /* that was written */
    day published;
    size_t rows;      /* of the offer */
    size_t used;      /* that became a price or a tier of one */
    size_t prices;    /* names and regions written */
    size_t conflicts; /* rows that repeat a price with another amount: the first stays */
    size_t bad;       /* rows that could not be read */
    const char *first_bad; /* a sentence; NULL when there is none */
    size_t same, changed, added; /* against `book` */
    struct price_change changes[PRICE_CHANGES_KEPT]; /* the largest in proportion, first */
    size_t change_count;
};

/*
 * Fails for an input that is no such offer, whose rows hold no price that `book` knows, or
 * a folder that cannot be written to; then no file is written.
 */
bool price_refresh(struct refresh_result *out, struct arena *arena, const struct book *book,
                   const char *input, const char *folder, struct err *err);

#endif
