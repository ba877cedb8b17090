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

/* Where the folder `name` ("x/") begins in the key. */
static bool find_folder(size_t *at, const char *key, size_t length, const char *name)
{
    size_t n = strlen(name);
    for (size_t from = 0; from + n <= length;) {
        const char *found = memmem(key + from, length - from, name, n);
        if (!found)
            return false;
        *at = (size_t)(found - key);
        if (*at == 0 || key[*at - 1] == '/')
            return true;
        from = *at + 1;
    }
    return false;
}

static bool ends_with(const char *key, size_t length, const char *end)
{
    size_t n = strlen(end);
    return length >= n && memcmp(key + length - n, end, n) == 0;
}

bool s3_key_table_root(size_t *root, const char *key, size_t length)
{
    static const char unity[] = "__unitystorage/";
    if (find_folder(root, key, length, unity)) {
        *root += sizeof unity - 1;
        return true;
    }
    return find_folder(root, key, length, "_delta_log/") ||
           find_folder(root, key, length, ".hoodie/") ||
           (ends_with(key, length, ".metadata.json") &&
            find_folder(root, key, length, "metadata/"));
}

bool s3_prefixes_overlap(const char *a, const char *b)
{
    size_t m = strlen(a), n = strlen(b);
    return memcmp(a, b, m < n ? m : n) == 0;
}
