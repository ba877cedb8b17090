#ifndef IO_S3_ADDRESS_H
#define IO_S3_ADDRESS_H

#include "aws_session.h"
#include "base/buf.h"

/* Where an s3://bucket/key is asked for, encoded as it is sent and signed. */
struct s3_address {
    struct buf origin; /* https://bucket.s3.eu-west-1.amazonaws.com */
    struct buf path;   /* /logs/2026%2007.gz */
};

/*
 * A bucket with dots in its name, and every bucket of another endpoint, stands in
 * the path instead of the host: no certificate is made out for it. With `whole`
 * the address is the bucket's own, to list it.
 */
bool s3_address_of(struct s3_address *out, const char *name, bool whole, const char *region,
                   const struct aws_session *session, struct err *err);
void s3_address_release(struct s3_address *a);
const char *s3_address_host(const struct s3_address *a); /* behind the scheme */

#endif
