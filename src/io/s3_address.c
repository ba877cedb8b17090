#include "s3_address.h"

#include <string.h>

enum { SCHEME = sizeof "s3://" - 1, LONGEST_BUCKET = 63 };

static bool bucket_of(char out[LONGEST_BUCKET + 1], const char *name, struct err *err)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
    const char *bucket = name + SCHEME;
    size_t length = strcspn(bucket, "/");
    if (length < 3 || length > LONGEST_BUCKET || strspn(bucket, plain) < length)
        return err_set(err,
                       "%s: '%.*s' is no bucket's name (3 to 63 lower-case letters, digits, "
                       "dots and hyphens)",
                       name, (int)length, bucket);
    memcpy(out, bucket, length);
    out[length] = '\0';
    return true;
}

bool s3_address_of(struct s3_address *out, const char *name, bool whole, const char *region,
                   const struct aws_session *session, struct err *err)
{
    char bucket[LONGEST_BUCKET + 1];
    *out = (struct s3_address){0};
    if (!bucket_of(bucket, name, err))
        return false;
    bool in_path = session->endpoint || strchr(bucket, '.');
    const char *key = name + SCHEME + strlen(bucket);
    if (session->endpoint)
        buf_add(&out->origin, session->endpoint);
    else
        buf_printf(&out->origin, "https://%s%ss3.%s.amazonaws.com%s", in_path ? "" : bucket,
                   in_path ? "" : ".", region, strncmp(region, "cn-", 3) ? "" : ".cn");
    if (in_path)
        buf_printf(&out->path, "/%s", bucket);
    if (whole || !*key)
        buf_add(&out->path, "/");
    else
        sigv4_encode(&out->path, key, true);
    return true;
}

void s3_address_release(struct s3_address *a)
{
    buf_release(&a->origin);
    buf_release(&a->path);
}

const char *s3_address_host(const struct s3_address *a)
{
    return strstr(a->origin.text, "://") + 3;
}
