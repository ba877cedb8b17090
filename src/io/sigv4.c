#include "sigv4.h"

#include <string.h>

#include "base/sha256.h"

enum { DAY_LENGTH = 8 };

static void text_hmac(uint8_t key[SHA256_BYTES], size_t key_length, const char *text,
                      size_t length)
{
    uint8_t next[SHA256_BYTES];
    hmac_sha256(next, key, key_length, text, length);
    memcpy(key, next, sizeof next);
}

/* The key of a day, a region and a service; the secret itself signs nothing. */
static void signing_key(uint8_t key[SHA256_BYTES], const struct sigv4_request *r,
                        const struct aws_keys *keys)
{
    struct buf first = BUF_INIT;
    buf_printf(&first, "AWS4%s", keys->secret);
    hmac_sha256(key, first.text, first.length, r->time, DAY_LENGTH);
    text_hmac(key, SHA256_BYTES, r->region, strlen(r->region));
    text_hmac(key, SHA256_BYTES, r->service, strlen(r->service));
    text_hmac(key, SHA256_BYTES, "aws4_request", strlen("aws4_request"));
    explicit_bzero(first.text, first.length);
    buf_release(&first);
}

static const char *signed_headers(const struct aws_keys *keys)
{
    return keys->session_token ? "host;x-amz-content-sha256;x-amz-date;x-amz-security-token"
                               : "host;x-amz-content-sha256;x-amz-date";
}

static void canonical_digest(char out[SHA256_TEXT], const struct sigv4_request *r,
                             const struct aws_keys *keys)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s\n%s\n%s\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n",
               r->method, r->path, r->query, r->host, SIGV4_EMPTY, r->time);
    if (keys->session_token)
        buf_printf(&text, "x-amz-security-token:%s\n", keys->session_token);
    buf_printf(&text, "\n%s\n%s", signed_headers(keys), SIGV4_EMPTY);
    sha256_text(out, text.text, text.length);
    explicit_bzero(text.text, text.length);
    buf_release(&text);
}

void sigv4_authorization(struct buf *out, const struct sigv4_request *r,
                         const struct aws_keys *keys)
{
    char digest[SHA256_TEXT], signature[SHA256_TEXT];
    uint8_t key[SHA256_BYTES], hash[SHA256_BYTES];
    struct buf scope = BUF_INIT, text = BUF_INIT;
    canonical_digest(digest, r, keys);
    buf_printf(&scope, "%.*s/%s/%s/aws4_request", DAY_LENGTH, r->time, r->region, r->service);
    buf_printf(&text, "AWS4-HMAC-SHA256\n%s\n%s\n%s", r->time, scope.text, digest);
    signing_key(key, r, keys);
    hmac_sha256(hash, key, sizeof key, text.text, text.length);
    buf_printf(out, "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s",
               keys->id, scope.text, signed_headers(keys), sha256_hex(signature, hash));
    explicit_bzero(key, sizeof key);
    buf_release(&scope);
    buf_release(&text);
}

void sigv4_encode(struct buf *out, const char *text, bool keep_slash)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                "0123456789-._~";
    for (; *text; text++)
        if (strchr(plain, *text) || (keep_slash && *text == '/'))
            buf_add_char(out, *text);
        else
            buf_printf(out, "%%%02X", (unsigned char)*text);
}
