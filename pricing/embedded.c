#include "embedded.h"

/* The assembler puts the compiled book into the program as it is: nothing to load. */
__asm__(".pushsection .rodata\n"
        ".balign 64\n"
        ".global embedded_book_image\n"
        "embedded_book_image:\n"
        ".incbin \"" PRICE_IMAGE "\"\n"
        ".byte 0\n"
        ".popsection\n");

const struct image *embedded_book(void)
{
    return &embedded_book_image;
}
