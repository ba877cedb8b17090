#include <stdint.h>
#include <stdlib.h>

#include "../../pricing/book_build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool go_on(void *context, const struct err *problem)
{
    (void)context, (void)problem;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image *image = NULL;
    struct err err = ERR_INIT;
    struct book_builder *builder = book_builder_open();
    if (book_builder_add(builder, "input", (const char *)data, size, go_on, NULL, &err))
        book_builder_finish(&image, builder, go_on, NULL, &err);
    free(image);
    book_builder_free(builder);
    return 0;
}
