#include "s3_key.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

size_t s3_key_decode(char *out, const char *key, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length; i++) {
        int high = -1, low = -1;
        if (key[i] == '%' && i + 2 < length) {
            high = hex_digit(key[i + 1]);
            low = hex_digit(key[i + 2]);
        }
        if (high >= 0 && low >= 0) {
            out[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[n++] = key[i] == '+' ? ' ' : key[i];
        }
    }
    return n;
}

/* Nothing but hexadecimal digits and dashes: with 16 or more a hash or a UUID. */
static bool is_hash(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (hex_digit(name[i]) < 0 && name[i] != '-')
            return false;
    return true;
}

bool s3_looks_like_data(const char *name, size_t length)
{
    return length == 0 || (name[0] >= '0' && name[0] <= '9') || name[0] == '_' ||
           name[0] == '.' || (length >= 16 && is_hash(name, length)) ||
           memchr(name, '=', length);
}

size_t s3_key_prefix(const char *key, size_t length, int depth)
{
    size_t prefix = 0;
    while (depth-- > 0) {
        const char *slash = memchr(key + prefix, '/', length - prefix);
        if (!slash)
            break;
        size_t name = (size_t)(slash - key) - prefix;
        if (s3_looks_like_data(key + prefix, name))
            break;
        prefix += name + 1;
    }
    return prefix;
}

static bool ends_with(const char *key, size_t length, const char *end)
{
    size_t n = strlen(end);
    return length >= n && memcmp(key + length - n, end, n) == 0;
}

static bool is_folder(const char *name, size_t length, const char *wanted)
{
    return strlen(wanted) == length && memcmp(name, wanted, length) == 0;
}

enum s3_folder s3_folder_kind(const char *name, size_t length)
{
    if (is_folder(name, length, "__unitystorage"))
        return S3_FOLDER_HOLDS_TABLES;
    return is_folder(name, length, "_delta_log") || is_folder(name, length, ".hoodie")
               ? S3_FOLDER_OF_TABLE
               : S3_FOLDER_PLAIN;
}

bool s3_is_iceberg_metadata(const char *key, size_t length)
{
    return ends_with(key, length, ".metadata.json");
}

bool s3_key_table_root(size_t *root, const char *key, size_t length)
{
    bool iceberg = s3_is_iceberg_metadata(key, length);
    const char *end = key + length, *slash;
    for (const char *at = key; (slash = memchr(at, '/', (size_t)(end - at))); at = slash + 1) {
        size_t name = (size_t)(slash - at);
        enum s3_folder kind = s3_folder_kind(at, name);
        if (kind == S3_FOLDER_PLAIN && !(iceberg && is_folder(at, name, "metadata")))
            continue;
        *root = (size_t)((kind == S3_FOLDER_HOLDS_TABLES ? slash + 1 : at) - key);
        return true;
    }
    return false;
}

bool s3_prefixes_overlap(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    return memcmp(a, b, m < n ? m : n) == 0;
}
