#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "io/files.h"
#include "io/inflate.h"
#include "io/stream.h"

static void add_member(struct buf *out, const char *text, size_t length)
{
    z_stream z = {0};
    char *packed = malloc(length + 1000);
    deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = (unsigned char *)(uintptr_t)text;
    z.avail_in = (unsigned)length;
    z.next_out = (unsigned char *)packed;
    z.avail_out = (unsigned)(length + 1000);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    buf_add_n(out, packed, z.total_out);
    deflateEnd(&z);
    free(packed);
}

static const char path[] = "/tmp/advisor-test-gzip";

static bool read_back(const struct buf *file, char **text, size_t *length, struct err *err)
{
    char name[64];
    snprintf(name, sizeof name, "%s-%d", path, (int)getpid());
    assert_true(files_write(name, file->text, file->length, err));
    bool ok = stream_read_all(text, length, name, 1 << 28, err);
    unlink(name);
    return ok;
}

static void test_members_and_padding(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    struct buf file = BUF_INIT;
    char *large = malloc(3 << 20), *text;
    for (size_t i = 0; i < 3 << 20; i++)
        large[i] = (char)('a' + (i * i >> 7) % 23);
    size_t length;
    add_member(&file, "one,", 4);
    add_member(&file, large, 3 << 20);
    add_member(&file, "", 0);
    add_member(&file, "two", 3);
    buf_fill(&file, '\0', 700);
    assert_true(read_back(&file, &text, &length, &err));
    assert_int_equal(length, 4 + (3 << 20) + 3);
    assert_memory_equal(text, "one,", 4);
    assert_memory_equal(text + 4, large, 3 << 20);
    assert_string_equal(text + 4 + (3 << 20), "two");
    free(text);
    buf_add(&file, "trash");
    assert_false(read_back(&file, &text, &length, &err));
    assert_non_null(strstr(err.text, "not gzip"));
    free(large);
    buf_release(&file);
}

static void test_every_cut_is_an_error(void **state)
{
    (void)state;
    struct buf whole = BUF_INIT, part = BUF_INIT;
    add_member(&whole, "first", 5);
    size_t first = whole.length;
    add_member(&whole, "the second member is a little longer", 36);
    for (size_t cut = 3; cut < whole.length; cut++) {
        struct err err = ERR_INIT;
        char *text;
        size_t length;
        buf_clear(&part);
        buf_add_n(&part, whole.text, cut);
        bool ok = read_back(&part, &text, &length, &err);
        assert_int_equal(ok, cut == first);
        if (ok)
            free(text);
        else if (cut > first)
            assert_non_null(strstr(err.text, "byte"));
    }
    whole.text[whole.length - 6] ^= 1;
    struct err err = ERR_INIT;
    char *text;
    size_t length;
    assert_false(read_back(&whole, &text, &length, &err));
    assert_non_null(strstr(err.text, "damaged gzip data at byte"));
    buf_release(&whole);
    buf_release(&part);
}

static void test_engines_agree(void **state)
{
    (void)state;
    const struct inflate_engine *const engines[] = {&inflate_isal, &inflate_zlib};
    struct buf packed = BUF_INIT;
    char plain[50000];
    for (size_t i = 0; i < sizeof plain; i++)
        plain[i] = (char)(i * 7 % 251);
    add_member(&packed, plain, sizeof plain);
    for (size_t e = 0; e < 2; e++) {
        unsigned char out[sizeof plain + 1], *to = out;
        size_t in_left = packed.length, out_left = 0;
        const unsigned char *in = (const unsigned char *)packed.text;
        void *z = engines[e]->open(false);
        enum member member = MEMBER_GOES_ON;
        while (member == MEMBER_GOES_ON) {
            size_t step = 1000;
            member = engines[e]->run(z, &in, &in_left, &to, &step);
            out_left += 1000 - step;
            assert_true(out_left <= sizeof plain);
        }
        assert_int_equal(member, MEMBER_ENDED);
        assert_int_equal(in_left, 0);
        assert_int_equal(out_left, sizeof plain);
        assert_memory_equal(out, plain, sizeof plain);
        engines[e]->close(z);
    }
    buf_release(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_and_padding),
        cmocka_unit_test(test_every_cut_is_an_error),
        cmocka_unit_test(test_engines_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
