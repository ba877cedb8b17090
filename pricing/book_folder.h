#ifndef PRICING_BOOK_FOLDER_H
#define PRICING_BOOK_FOLDER_H

#include "book_build.h"

/* The price and table files of a folder, as an image the caller frees with free(). */
bool book_folder_read(struct image **out, const char *folder, book_problem *problem,
                      void *context, struct err *err);

#endif
