#include "io/http.h"

#include <stdlib.h>
#include <string.h>

#include "curl_call.h"
#include "header_value.h"

enum { LARGEST_ANSWER = 64 * 1024 * 1024, TIMEOUT_SECONDS = 30 };

struct transfer {
    struct http_answer *answer;
    bool too_large;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *t = context;
    size_t n = size * count;
    if (t->answer->body.length + n > LARGEST_ANSWER) {
        t->too_large = true;
        return 0;
    }
    buf_add_n(&t->answer->body, bytes, n);
    return n;
}

/* <https://host/path?page=2>; rel="next", <...>; rel="last" */
static void take_link(struct http_answer *answer, const char *value, size_t length)
{
    const char *end = value + length;
    for (const char *p = value; p < end;) {
        const char *open = memchr(p, '<', (size_t)(end - p));
        const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
        if (!close)
            return;
        const char *stop = memchr(close, ',', (size_t)(end - close));
        stop = stop ? stop : end;
        size_t n = (size_t)(close - open) - 1;
        if (memmem(close, (size_t)(stop - close), "rel=\"next\"", 10) &&
            n < sizeof answer->next) {
            memcpy(answer->next, open + 1, n);
            answer->next[n] = '\0';
        }
        p = stop + (stop < end);
    }
}

/* A date in its place is no number and reads as 0. */
static double seconds_of(const char *value, size_t length)
{
    char text[16] = "";
    memcpy(text, value, length < sizeof text ? length : sizeof text - 1);
    double seconds = strtod(text, NULL);
    return seconds > 0 ? seconds : 0;
}

static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    struct http_answer *answer = ((struct transfer *)context)->answer;
    size_t length = size * count, left;
    const char *value;
    if ((value = header_value(line, length, "link:", &left)))
        take_link(answer, value, left);
    if ((value = header_value(line, length, "retry-after:", &left)))
        answer->retry_after = seconds_of(value, left);
    if ((value = header_value(line, length, "x-ratelimit-remaining:", &left)))
        answer->limit_reached = left && *value == '0';
    return length;
}

bool http_is_private(const char *url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost",
                                        "http://[::1]"};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        size_t n = strlen(hosts[i]);
        if (!strncmp(url, hosts[i], n) && (url[n] == ':' || url[n] == '/' || !url[n]))
            return true;
    }
    return !strncmp(url, "https://", 8);
}

static void prepare(const struct curl_call *call, CURL *curl, const struct http_request *r,
                    struct curl_slist *headers, struct transfer *transfer)
{
    call->setopt(curl, CURLOPT_URL, r->url);
    call->setopt(curl, CURLOPT_CUSTOMREQUEST, r->method);
    call->setopt(curl, CURLOPT_HTTPHEADER, headers);
    call->setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    call->setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    call->setopt(curl, CURLOPT_NOSIGNAL, 1L);
    call->setopt(curl, CURLOPT_TIMEOUT,
                 r->timeout_seconds ? r->timeout_seconds : (long)TIMEOUT_SECONDS);
    call->setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    call->setopt(curl, CURLOPT_WRITEDATA, transfer);
    call->setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    call->setopt(curl, CURLOPT_HEADERDATA, transfer);
    if (r->body) {
        call->setopt(curl, CURLOPT_POSTFIELDS, r->body);
        call->setopt(curl, CURLOPT_POSTFIELDSIZE, (long)strlen(r->body));
    }
}

bool http_send(struct http_answer *out, const struct http_request *request, struct err *err)
{
    *out = (struct http_answer){0};
    if (!http_is_private(request->url))
        return err_set(err, "%s: only https is used, so that nobody else reads the token",
                       request->url);
    struct curl_call call;
    if (!curl_call_open(&call, err))
        return err_within(err, "%s", request->url);
    CURL *curl = call.easy_init();
    if (!curl)
        return err_set(err, "libcurl could not be started");
    struct transfer transfer = {out, false};
    struct curl_slist *headers = call.slist_append(NULL, "Content-Type: application/json");
    headers = call.slist_append(headers, "Accept: application/json");
    headers = call.slist_append(headers, "User-Agent: advisor");
    headers = call.slist_append(headers, "Expect:"); /* no wait before a long body */
    if (request->authorization)
        headers = call.slist_append(headers, request->authorization);
    prepare(&call, curl, request, headers, &transfer);
    CURLcode code = call.perform(curl);
    call.getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
    call.slist_free(headers);
    call.cleanup(curl);
    if (transfer.too_large)
        return err_set(err, "%s: the answer is larger than 64 MiB", request->url);
    if (code != CURLE_OK)
        return err_set(err, "%s %s: %s", request->method, request->url, call.strerror(code));
    return true;
}

void http_answer_release(struct http_answer *answer)
{
    buf_release(&answer->body);
}
