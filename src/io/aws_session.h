#ifndef IO_AWS_SESSION_H
#define IO_AWS_SESSION_H

#include "base/arena.h"
#include "base/err.h"
#include "sigv4.h"

/* Who reads from S3 and where, as the AWS command line finds it. */
struct aws_session {
    struct arena arena;
    struct aws_keys keys;
    const char *region;
    const char *endpoint; /* https://host of another server that speaks S3; NULL: AWS's own */
};

/*
 * Keys: AWS_ACCESS_KEY_ID and its companions, else the profile (AWS_PROFILE, else
 * "default") of the shared credentials file. Region: AWS_REGION, AWS_DEFAULT_REGION,
 * the profile's, else us-east-1. Endpoint: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL.
 */
bool aws_session_open(struct aws_session *out, struct err *err);
void aws_session_release(struct aws_session *s); /* wipes the keys */

/* The value of a key in a section of an INI text; NULL when it is not there. */
const char *ini_value(struct arena *arena, const char *text, const char *section,
                      const char *key);

#endif
