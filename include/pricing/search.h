#ifndef PRICING_SEARCH_H
#define PRICING_SEARCH_H

#include "base/buf.h"
#include "pricing/book.h"

/*
 * Prices by the words a person would use: "ec2 m6i.2xlarge eu-west-1",
 * "s3 STANDARD eu-west-1", "dbu JOBS_COMPUTE premium us-east-1", or the parts of a
 * price's name. The first word is the service; a word that is a region asks for that
 * region; every other word must be the item, an attribute's value or "name=value" of
 * a price, in any case, * and ? allowed. EC2 shows Linux unless a word says more.
 */
enum { SEARCH_WORDS_MAX = 12 };

struct price_search {
    const char *service;
    const char *region; /* NULL: any */
    const char *words[SEARCH_WORDS_MAX];
    size_t word_count;
};

bool price_search_read(struct price_search *out, const struct book *book,
                       const char *const *words, size_t count, struct err *err);

/* Calls `visit` with each price that answers, in the order of their names. */
typedef bool price_visit(void *context, const struct price_key *key, const struct price *price);
size_t price_search_run(const struct price_search *search, const struct book *book,
                        price_visit *visit, void *context);

/* Says why a search found nothing, and what comes near. */
void price_search_explain(struct buf *out, const struct price_search *search,
                          const struct book *book);

#endif
