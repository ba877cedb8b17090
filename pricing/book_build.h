#ifndef PRICING_BOOK_BUILD_H
#define PRICING_BOOK_BUILD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "image.h"

/*
 * Makes an image from price and table files (docs/prices.md has their form). Used by
 * the build for the book in the program and at run time for a folder of prices.
 */
struct book_builder;

struct book_builder *book_builder_open(void);
void book_builder_free(struct book_builder *builder);

/*
 * Told of each problem; returns whether to go on with the next line. Without it
 * (NULL) the first problem ends the reading.
 */
typedef bool book_problem(void *context, const struct err *problem);

/* One file's content. False when a problem ended it; err has the last problem. */
bool book_builder_add(struct book_builder *builder, const char *name, const char *text,
                      size_t length, book_problem *problem, void *context, struct err *err);

/* The image, to be freed by the caller with free(). Fails for duplicate prices. */
bool book_builder_finish(struct image **out, struct book_builder *builder,
                         book_problem *problem, void *context, struct err *err);

#endif
