#ifndef TESTS_FUZZ_PRICE_H
#define TESTS_FUZZ_PRICE_H

#include <stdlib.h>

#include "pricing/book.h"
#include "pricing/cost.h"

/* What was read can be priced, whatever it is; the book is opened once. */
static void price(const struct estate *estate)
{
    static struct book *book;
    struct err err = ERR_INIT;
    struct estate_cost cost;
    struct arena arena = ARENA_INIT;
    if ((!book && !book_open(&book, NULL, &err)) ||
        !estate_cost(&cost, &arena, book, estate, &err))
        abort();
    arena_release(&arena);
}

#endif
