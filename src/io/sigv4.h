#ifndef IO_SIGV4_H
#define IO_SIGV4_H

#include <stdbool.h>

#include "base/buf.h"

/* Who signs; session_token is NULL for long-lived keys. */
struct aws_keys {
    const char *id, *secret, *session_token;
};

/* A GET or HEAD without a body. Path and query are URI-encoded, the query's names sorted. */
struct sigv4_request {
    const char *method, *host, *path, *query, *region, *service;
    char time[17]; /* 20130524T000000Z */
};

/*
 * The value of the Authorization header: AWS Signature Version 4, in which these
 * headers are signed: host, x-amz-content-sha256 (SIGV4_EMPTY), x-amz-date and,
 * where there is one, x-amz-security-token.
 */
void sigv4_authorization(struct buf *out, const struct sigv4_request *r,
                         const struct aws_keys *keys);

/* The digest of no body at all. */
#define SIGV4_EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

/* Appends text with all but letters, digits and -._~ (and '/' where kept) as %XX. */
void sigv4_encode(struct buf *out, const char *text, bool keep_slash);

#endif
