#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../advisor/config_fields.c"
#include "ingest/layer_map.h"
#include "io/stream.h"

/*
 * The published schemas and key lists are what the program checks by. With
 * ADVISOR_UPDATE=1 this test writes them instead.
 */
static void holds(const char *path, const char *from, const char *want)
{
    char *text = NULL;
    size_t length;
    struct err err = ERR_INIT;
    if (!stream_read_all(&text, &length, path, 1 << 24, &err))
        fail_msg("%s", err.text);
    const char *at = from ? strstr(text, from) : text;
    bool same = at && !strcmp(from ? at + strlen(from) : at, want);
    free(text);
    if (!same)
        fail_msg("%s is not what the program reads: ADVISOR_UPDATE=1 "
                 "build/tests/unit/test_docs_schema writes it anew",
                 path);
}

/* Keeps what stands before the mark, and the mark. */
static void write_behind(const char *path, const char *mark, const char *text)
{
    char *old = NULL;
    size_t length;
    struct buf out = BUF_INIT;
    if (mark && stream_read_all(&old, &length, path, 1 << 24, NULL) && strstr(old, mark))
        buf_add_n(&out, old, (size_t)(strstr(old, mark) - old) + strlen(mark));
    buf_add(&out, text);
    free(old);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(buf_text(&out), f);
    fclose(f);
    buf_release(&out);
}

static void check(const char *path, const char *mark, const struct buf *text)
{
    if (getenv("ADVISOR_UPDATE"))
        write_behind(path, mark, buf_text(text));
    else
        holds(path, mark, buf_text(text));
}

static const char mark[] = "<!-- every key, printed from the program's own table -->\n\n";

static void layer_map(void **state)
{
    (void)state;
    struct buf schema = BUF_INIT, keys = BUF_INIT;
    strict_schema(&schema, layer_map_keys, "Layer map of advisor");
    strict_reference(&keys, layer_map_keys);
    check("docs/schema/layer-map.schema.json", NULL, &schema);
    check("docs/layer-map.md", mark, &keys);
    buf_release(&schema);
    buf_release(&keys);
}

static void configuration(void **state)
{
    (void)state;
    struct buf schema = BUF_INIT, keys = BUF_INIT;
    strict_schema(&schema, config_fields, "Configuration of advisor");
    strict_reference(&keys, config_fields);
    check("docs/schema/advisor.schema.json", NULL, &schema);
    check("docs/configuration.md", mark, &keys);
    buf_release(&schema);
    buf_release(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layer_map),
        cmocka_unit_test(configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
