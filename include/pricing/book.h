#ifndef PRICING_BOOK_H
#define PRICING_BOOK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/money.h"
#include "base/when.h"

/*
 * The price book: what one unit of usage costs, where, and who says so. A price
 * is named by service, item, attributes and region, as in
 *     ec2 instance instance_type=m6i.large;os=linux eu-west-1
 * and is looked for in the contract terms of the configuration, then in the
 * folder of --prices, then in the book that is part of the program.
 * A book never changes once it is open: any number of threads may read it.
 * Every string it hands out lives as long as the book. US dollars.
 */
struct book;

/* A private price or rate, from the configuration. */
struct book_override {
    /*
     * "service [item [attributes]] [region]", every part a shell pattern; attributes
     * need not be complete. The first override that matches a price decides. An amount
     * for a price that the book does not have counts when it names it without patterns.
     */
    const char *match;
    enum { OVERRIDE_USD, OVERRIDE_DISCOUNT_PCT } kind;
    struct money amount; /* usd per the price's own unit, or percent off the list price */
    const char *where;   /* "advisor.yaml:12", shown with the price */
};

struct book_options {
    const char *folder; /* of *.prices and *.table files; NULL for none */
    const struct book_override *overrides;
    size_t override_count;
};

/* `options` may be NULL. The strings in it must outlive the book. */
bool book_open(struct book **out, const struct book_options *options, struct err *err);
void book_free(struct book *book); /* NULL is fine */

/* The parts of a price's name. NULL attributes or region: none, "*". */
struct price_key {
    const char *service, *item;
    const char *attributes; /* "class=standard;...", in any order */
    const char *region;
};

enum price_origin { PRICE_EMBEDDED, PRICE_FOLDER, PRICE_CONTRACT };

struct price {
    struct money usd;  /* for `per` things, after contract terms */
    struct money list; /* the public price; equal to usd without contract terms */
    double per;        /* 1, 1000, 1000000, ...: usd_per_1000_requests has 1000 */
    const char *unit;  /* "usd_per_gb_month", "usd_per_hour", "percent", ... */
    double tier_from, tier_to; /* in single things a month; INFINITY without an end */
    day date;                  /* the day the price is known to hold for; 0 = not known */
    const char *source;        /* short id: see book_source() */
    const char *key;           /* "s3 storage class=standard" */
    const char *region;        /* as the book has it: "eu-west-1" or "*" */
    enum price_origin origin;
    const char *contract; /* where the override stands; NULL when there is none */
    bool overridden;
};

/*
 * The price of the first tier. False when the book has none, which is an answer:
 * print it as unknown, never as 0. A region without a price of its own falls back
 * to "*", prices that are the same everywhere.
 */
bool book_price(struct price *out, const struct book *book, const struct price_key *key);

enum { PRICE_TIERS_MAX = 12 };

struct price_step {
    double quantity; /* single things in this tier */
    double tier_from, tier_to;
    struct money usd;    /* for price.per things */
    struct money amount; /* usd x quantity / per, rounded once */
};

/* How a cost came about: amount is the sum of the steps' amounts. */
struct price_trace {
    struct price price; /* of the first tier */
    struct price_step steps[PRICE_TIERS_MAX];
    size_t count;
    struct money amount, list_amount;
    double included; /* of the quantity: free, below the first tier */
    bool beyond;     /* more than the book's last tier covers, priced as that tier */
};

/*
 * What `quantity` single things in a month cost, tier by tier. False when there is
 * no price, or for a quantity that is negative or not finite. `trace` may be NULL.
 */
bool book_cost(struct money *out, const struct book *book, const struct price_key *key,
               double quantity, struct price_trace *trace);

/* quantity x usd / per at the tier that `price` shows. */
struct money price_times(const struct price *price, double quantity);

/*
 * Calls `visit` for every price row whose name begins with `prefix` ("ec2 instance
 * instance_type=m6i."), sorted, each name once, until it returns false.
 */
typedef bool book_visit(void *context, const char *key, const char *unit);
void book_scan(const struct book *book, const char *prefix, book_visit *visit, void *context);
/* The regions that have this price, sorted; "*" among them. Yields their number. */
size_t book_regions(const char **out, size_t room, const struct book *book,
                    const struct price_key *key);

/*
 * Facts that are not prices: `column` of the row of `table` whose first column is
 * `key`. NULL when there is none, "" for an empty cell. Tables: see docs/prices.md.
 */
const char *book_fact(const struct book *book, const char *table, const char *key,
                      const char *column);
double book_fact_number(const struct book *book, const char *table, const char *key,
                        const char *column, double otherwise);
size_t book_fact_count(const struct book *book, const char *table);
/* First column of the row, in sorted order. */
const char *book_fact_key(const struct book *book, const char *table, size_t row);

/* What a resource type of Terraform costs, in kind. A type not listed is unknown. */
enum type_status { TYPE_UNKNOWN, TYPE_FREE, TYPE_USAGE_ONLY, TYPE_PARENT, TYPE_PRICED };
enum type_status book_type_status(const struct book *book, const char *terraform_type);

const char *book_version(const struct book *book); /* "2026-07-22-1a2b3c4d" */
void book_dates(const struct book *book, day *first, day *last);
int book_age_days(const struct book *book, day today); /* of its newest price */
enum { PRICE_OLD_DAYS = 180 };
bool price_is_old(const struct price *price, day today); /* older, or of unknown date */
/* What a source id stands for: the id itself when the book does not say. */
const char *book_source(const struct book *book, const char *source);

#endif
