#ifndef IO_HTTP_H
#define IO_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

/*
 * One request at a time through libcurl. Redirects are never followed, so that a
 * credential goes to the host it is meant for and to no other. Plain http is
 * refused, except to this machine itself. Nothing here is ever logged.
 */
struct http_request {
    const char *method; /* "GET", "POST", "PATCH", "PUT", "DELETE" */
    const char *url;
    const char *authorization; /* a whole header: "Authorization: Bearer ..."; NULL: none */
    const char *body;          /* JSON; NULL: none */
    long timeout_seconds;      /* 0: 30 */
};

struct http_answer {
    long status;
    struct buf body;
    char next[2048];       /* rel="next" of the Link header; "" when there is none */
    double retry_after;    /* seconds that the server asks to wait; 0: it does not */
    bool limit_reached;    /* x-ratelimit-remaining: 0 */
};

/*
 * True when the server answered, whatever the status. Release the answer either
 * way. Messages name the host and path, never the authorization.
 */
bool http_send(struct http_answer *out, const struct http_request *request, struct err *err);
void http_answer_release(struct http_answer *answer);

/* Whether nobody between reads what is sent there: https, or this machine itself. */
bool http_is_private(const char *url);

#endif
