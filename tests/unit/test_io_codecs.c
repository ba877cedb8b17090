#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <lz4.h>
#include <snappy-c.h>
#include <zstd.h>

#include "base/buf.h"
#include "io/files.h"
#include "io/stream.h"
#include "io/xxh32.h"

static const char *scratch = NULL;

static void add_big(struct buf *b, uint32_t word)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buf_add_char(b, (char)(word >> shift));
}

static void add_little(struct buf *b, uint32_t word)
{
    for (int shift = 0; shift < 32; shift += 8)
        buf_add_char(b, (char)(word >> shift));
}

static void pack_zstd(struct buf *out, const char *text, size_t length)
{
    size_t room = ZSTD_compressBound(length);
    char *packed = malloc(room);
    buf_add_n(out, packed, ZSTD_compress(packed, room, text, length, 3));
    free(packed);
}

static void add_lz4_block(struct buf *out, const char *text, size_t length)
{
    char packed[LZ4_COMPRESSBOUND(1024)];
    int n = LZ4_compress_default(text, packed, (int)length, sizeof packed);
    bool raw = n >= (int)length;
    buf_add(out, "LZ4Block");
    buf_add_char(out, raw ? 0x10 : 0x20);
    add_little(out, raw ? (uint32_t)length : (uint32_t)n);
    add_little(out, (uint32_t)length);
    add_little(out, xxh32(text, length, 0x9747b28c) & 0x0fffffff);
    buf_add_n(out, raw ? text : packed, raw ? length : (size_t)n);
}

static void pack_lz4(struct buf *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length; at += 1000)
        add_lz4_block(out, text + at, length - at < 1000 ? length - at : 1000);
    buf_add(out, "LZ4Block");
    buf_add_char(out, 0x10);
    buf_fill(out, '\0', 12);
}

static void pack_snappy(struct buf *out, const char *text, size_t length)
{
    buf_add_n(out, "\x82SNAPPY\0\0\0\0\1\0\0\0\1", 16);
    for (size_t at = 0; at < length; at += 1000) {
        char packed[2048];
        size_t n = sizeof packed, part = length - at < 1000 ? length - at : 1000;
        assert_int_equal(snappy_compress(text + at, part, packed, &n), SNAPPY_OK);
        add_big(out, (uint32_t)n);
        buf_add_n(out, packed, n);
    }
}

/* Raw chunks, and one compressed by hand: "ab" and then 7 bytes from 2 back. */
static void pack_lzf(struct buf *out, const char *text, size_t length)
{
    for (size_t at = 0; at < length; at += 1000) {
        size_t part = length - at < 1000 ? length - at : 1000;
        buf_add_n(out, "ZV\0", 3);
        buf_add_char(out, (char)(part >> 8));
        buf_add_char(out, (char)part);
        buf_add_n(out, text + at, part);
    }
}

static const struct {
    const char *name;
    void (*pack)(struct buf *out, const char *text, size_t length);
    bool tells_a_cut; /* at any byte; else only inside a block */
} formats[] = {
    {"zstd", pack_zstd, true},
    {"lz4", pack_lz4, false},
    {"snappy", pack_snappy, false},
    {"lzf", pack_lzf, false},
};

static char *sample(size_t length)
{
    char *text = malloc(length + 1);
    for (size_t i = 0; i < length; i++)
        text[i] = (char)('a' + (i * i / 7 + i / 100) % 26);
    text[length] = '\0';
    return text;
}

/* Reads in odd portions; true when all was read without a failure. */
static bool unpack(struct buf *out, const struct buf *packed, const char *codec, bool *cut)
{
    struct err err = ERR_INIT;
    assert_true(files_write(scratch, buf_text(packed), packed->length, &err));
    struct stream *s;
    assert_true(stream_open(&s, scratch, &err));
    assert_string_equal(stream_codec(s), codec);
    char part[777];
    size_t got = 1;
    bool ok = true;
    while (ok && got) {
        ok = stream_read(s, part, sizeof part, &got, &err);
        if (ok)
            buf_add_n(out, part, got);
    }
    *cut = stream_was_cut(s);
    assert_true(ok == !err.text[0]);
    stream_close(s);
    return ok;
}

static void unpacks_what_was_packed(void **state)
{
    (void)state;
    char *text = sample(50000);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct buf packed = BUF_INIT, got = BUF_INIT;
        bool cut;
        formats[f].pack(&packed, text, 30000);
        formats[f].pack(&packed, text + 30000, 20000);
        assert_true(unpack(&got, &packed, formats[f].name, &cut));
        assert_false(cut);
        assert_int_equal(got.length, 50000);
        assert_memory_equal(got.text, text, 50000);
        buf_release(&packed);
        buf_release(&got);
    }
    free(text);
}

static void gives_what_a_cut_file_holds(void **state)
{
    (void)state;
    char *text = sample(300000);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct buf packed = BUF_INIT;
        formats[f].pack(&packed, text, 300000);
        size_t cuts = 0, decoded = 0;
        for (int i = 1; i < 12; i++) {
            struct buf part = BUF_INIT, got = BUF_INIT;
            bool cut;
            buf_add_n(&part, packed.text, packed.length * (size_t)i / 12 + 17);
            bool ok = unpack(&got, &part, formats[f].name, &cut);
            assert_true(ok == !cut);
            cuts += cut;
            decoded += got.length;
            assert_memory_equal(buf_text(&got), text, got.length);
            buf_release(&part);
            buf_release(&got);
        }
        assert_true(cuts >= (formats[f].tells_a_cut ? 11 : 9));
        assert_true(decoded > 300000);
        buf_release(&packed);
    }
    free(text);
}

/* Every byte of a small file turned over: a failure or a text, never a crash or an endless
 * read. */
static void survives_damage(void **state)
{
    (void)state;
    char *text = sample(2500);
    for (size_t f = 0; f < sizeof formats / sizeof *formats; f++) {
        struct buf packed = BUF_INIT;
        formats[f].pack(&packed, text, 2500);
        size_t failures = 0;
        for (size_t i = 8; i < packed.length; i += 7) {
            struct buf got = BUF_INIT;
            bool cut;
            packed.text[i] = (char)(packed.text[i] ^ 0x5a);
            failures += !unpack(&got, &packed, formats[f].name, &cut);
            packed.text[i] = (char)(packed.text[i] ^ 0x5a);
            assert_true(got.length < 100000);
            buf_release(&got);
        }
        assert_true(failures > 0);
        buf_release(&packed);
    }
    free(text);
}

static void lzf_copies(void **state)
{
    (void)state;
    struct buf packed = BUF_INIT, got = BUF_INIT;
    bool cut;
    /* literals "ab"; 7 bytes from 2 back; 264 bytes (7 + 255 + 2) from 1 back */
    buf_add_n(&packed,
              "ZV\1\0\x08\x01\x11"
              "\x01"
              "ab"
              "\xa0\x01"
              "\xe0\xff\x00",
              15);
    assert_true(unpack(&got, &packed, "lzf", &cut));
    assert_int_equal(got.length, 2 + 7 + 264);
    assert_memory_equal(got.text, "abababababaaaa" + 0, 9);
    for (size_t i = 9; i < got.length; i++)
        assert_int_equal(got.text[i], 'a');
    buf_release(&packed);
    buf_release(&got);
}

/* Values of the specification's own test vectors. */
static void hashes_as_specified(void **state)
{
    (void)state;
    assert_int_equal(xxh32("", 0, 0), 0x02cc5d05);
    assert_int_equal(xxh32("abc", 3, 0), 0x32d153ff);
    assert_int_equal(xxh32("Nobody inspects the spammish repetition", 39, 0), 0xe2293b2f);
}

static int name_scratch(void **state)
{
    (void)state;
    static char path[] = "/tmp/advisor-codecs-XXXXXX";
    int fd = mkstemp(path);
    scratch = path;
    return fd < 0 ? -1 : close(fd);
}

static int remove_scratch(void **state)
{
    (void)state;
    return unlink(scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unpacks_what_was_packed),
        cmocka_unit_test(gives_what_a_cut_file_holds),
        cmocka_unit_test(survives_damage),
        cmocka_unit_test(lzf_copies),
        cmocka_unit_test(hashes_as_specified),
    };
    return cmocka_run_group_tests(tests, name_scratch, remove_scratch);
}
