#ifndef UNIT_BUILT_IN_BOOK_H
#define UNIT_BUILT_IN_BOOK_H

#include "pricing/book.h"

/* The prices that are built in, for all tests of a program. */
static struct book *book;

static inline int open_book(void **state)
{
    (void)state;
    return book_open(&book, NULL, NULL) ? 0 : -1;
}

static inline int close_book(void **state)
{
    (void)state;
    book_free(book);
    return 0;
}

#endif
