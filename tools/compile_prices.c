/* compile_prices OUT FILE...: the price files as the image that the program embeds. */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "book_build.h"

static bool add_file(struct book_builder *builder, const char *path, struct err *err)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return err_set(err, "%s: cannot be opened", path);
    struct buf text = BUF_INIT;
    char block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, in)) > 0;)
        buf_add_n(&text, block, n);
    fclose(in);
    bool ok = book_builder_add(builder, path, buf_text(&text), text.length, NULL, NULL, err);
    buf_release(&text);
    return ok;
}

static bool write_file(const char *path, const struct image *image, struct err *err)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        return err_set(err, "%s: cannot be written", path);
    bool ok = fwrite(image, 1, image->size, out) == image->size;
    ok = !fclose(out) && ok;
    return ok || err_set(err, "%s: cannot be written", path);
}

int main(int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct image *image = NULL;
    struct book_builder *builder = book_builder_open();
    bool ok = argc > 2;
    for (int i = 2; ok && i < argc; i++)
        ok = add_file(builder, argv[i], &err);
    ok = ok && book_builder_finish(&image, builder, NULL, NULL, &err) &&
         write_file(argv[1], image, &err);
    if (!ok)
        fprintf(stderr, "compile_prices: %s\n", argc > 2 ? err.text : "OUT FILE...");
    free(image);
    book_builder_free(builder);
    return ok ? 0 : 1;
}
