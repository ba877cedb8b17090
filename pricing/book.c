#include "pricing/book.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "book_folder.h"
#include "book_parts.h"
#include "embedded.h"

static void add_layer(struct book *book, const struct image *image, enum price_origin origin)
{
    book->layers[book->layer_count++] = (struct layer){image, origin};
}

bool book_open(struct book **out, const struct book_options *options, struct err *err)
{
    struct book *book = mem_alloc(sizeof *book);
    const struct image *embedded = embedded_book();
    if (options && options->folder) {
        if (!book_folder_read(&book->folder, options->folder, NULL, NULL, err)) {
            book_free(book);
            return false;
        }
        add_layer(book, book->folder, PRICE_FOLDER);
    }
    add_layer(book, embedded, PRICE_EMBEDDED);
    if (!overrides_open(book, options, err)) {
        book_free(book);
        return false;
    }
    snprintf(book->version, sizeof book->version, "%s%s%s", embedded->version,
             book->folder ? "+" : "", book->folder ? book->folder->version : "");
    *out = book;
    return true;
}

void book_free(struct book *book)
{
    if (!book)
        return;
    overrides_free(book);
    free(book->folder);
    free(book);
}

const char *book_version(const struct book *book)
{
    return book->version;
}

void book_dates(const struct book *book, day *first, day *last)
{
    *first = *last = 0;
    for (size_t i = 0; i < book->layer_count; i++) {
        const struct image *image = book->layers[i].image;
        if (image->first && (!*first || image->first < *first))
            *first = image->first;
        if (image->last > *last)
            *last = image->last;
    }
}

int book_age_days(const struct book *book, day today)
{
    day first, last;
    book_dates(book, &first, &last);
    return today - last;
}

bool price_is_old(const struct price *price, day today)
{
    return !price->date || today - price->date > PRICE_OLD_DAYS;
}

const char *book_source(const struct book *book, const char *source)
{
    const char *text = book_fact(book, "sources", source, "what");
    return text ? text : source;
}
