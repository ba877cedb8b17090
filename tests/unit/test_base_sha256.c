#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/sha256.h"

/* Published vectors: FIPS 180-4 examples and the lengths round a block's end. */
static void gives_the_published_digests(void **state)
{
    static const struct {
        const char *text, *digest;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char out[SHA256_TEXT];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sha256_text(out, cases[i].text, strlen(cases[i].text)),
                            cases[i].digest);
}

static void a_million_letters(void **state)
{
    static char text[1000000];
    char out[SHA256_TEXT];
    (void)state;
    memset(text, 'a', sizeof text);
    assert_string_equal(sha256_text(out, text, sizeof text),
                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

/* RFC 4231, cases 1, 2 and 6 (a key longer than a block). */
static void keys_the_digest(void **state)
{
    char key[131], out[SHA256_TEXT];
    uint8_t hash[SHA256_BYTES];
    const struct {
        char fill;
        size_t key_length;
        const char *key, *text, *digest;
    } cases[] = {
        {0x0b, 20, NULL, "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {0, 4, "Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {(char)0xaa, 131, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        memset(key, cases[i].fill, sizeof key);
        hmac_sha256(hash, cases[i].key ? cases[i].key : key, cases[i].key_length,
                    cases[i].text, strlen(cases[i].text));
        assert_string_equal(sha256_hex(out, hash), cases[i].digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(gives_the_published_digests),
                                       cmocka_unit_test(a_million_letters),
                                       cmocka_unit_test(keys_the_digest)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
