#ifndef PRICING_EMBEDDED_H
#define PRICING_EMBEDDED_H

#include "image.h"

extern const struct image embedded_book_image;

/* The book that is part of the program. */
const struct image *embedded_book(void);

#endif
