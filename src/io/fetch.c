#include "fetch.h"

#include <ctype.h>
#include <string.h>
#include <time.h>

#include "curl_call.h"
#include "header_value.h"
#include "io/http.h"
#include "s3_address.h"

enum {
    ATTEMPTS = 3,
    CONNECT_SECONDS = 30,
    STALLED_SECONDS = 120,
    REDIRECTS = 5,
    LONGEST_REFUSAL = 4096,
    LONGEST_REGION = 31,
};

/* One attempt. */
struct attempt {
    const struct fetch *fetch;
    const struct curl_call *call;
    CURL *curl;
    struct curl_slist *headers;
    struct buf refusal; /* what a server says that does not say 200 */
    char region[LONGEST_REGION + 1];
    long status;
    CURLcode code;
    bool delivered;
};

static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct attempt *a = context;
    size_t length = size * count;
    a->call->getinfo(a->curl, CURLINFO_RESPONSE_CODE, &a->status);
    if (a->status != 200) {
        if (a->refusal.length + length <= LONGEST_REFUSAL)
            buf_add_n(&a->refusal, bytes, length);
        return length;
    }
    a->delivered = true;
    return a->fetch->take(a->fetch->context, bytes, length) ? length : 0;
}

/* S3 tells in which region a bucket is when it is asked in another. */
static size_t take_header(char *line, size_t size, size_t count, void *context)
{
    struct attempt *a = context;
    size_t length = size * count, left, n = 0;
    const char *value = header_value(line, length, "x-amz-bucket-region:", &left);
    if (!value)
        return length;
    while (n < left && n < LONGEST_REGION &&
           (isalnum((unsigned char)value[n]) || value[n] == '-'))
        n++;
    memcpy(a->region, value, n);
    a->region[n] = '\0';
    return length;
}

static void add_header(struct attempt *a, const char *name, const char *value)
{
    struct buf line = BUF_INIT;
    buf_printf(&line, "%s: %s", name, value);
    a->headers = a->call->slist_append(a->headers, line.text);
    explicit_bzero(line.text, line.length);
    buf_release(&line);
}

static void sign(struct attempt *a, const struct s3_address *address, const char *region,
                 const struct aws_session *session)
{
    struct sigv4_request r = {.method = a->fetch->head ? "HEAD" : "GET",
                              .host = s3_address_host(address),
                              .path = address->path.text,
                              .query = a->fetch->query ? a->fetch->query : "",
                              .region = region,
                              .service = "s3"};
    struct buf authorization = BUF_INIT;
    time_t now = time(NULL);
    struct tm utc;
    strftime(r.time, sizeof r.time, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
    sigv4_authorization(&authorization, &r, &session->keys);
    add_header(a, "Authorization", authorization.text);
    add_header(a, "x-amz-content-sha256", SIGV4_EMPTY);
    add_header(a, "x-amz-date", r.time);
    if (session->keys.session_token)
        add_header(a, "x-amz-security-token", session->keys.session_token);
    buf_release(&authorization);
}

static bool prepare_s3(struct attempt *a, const char *region,
                       const struct aws_session *session, struct err *err)
{
    const struct fetch *f = a->fetch;
    struct s3_address address;
    struct buf url = BUF_INIT;
    if (!s3_address_of(&address, f->name, f->query, region, session, err))
        return false;
    buf_printf(&url, "%s%s%s%s", address.origin.text, address.path.text, f->query ? "?" : "",
               f->query ? f->query : "");
    a->call->setopt(a->curl, CURLOPT_URL, url.text);
    a->call->setopt(a->curl, CURLOPT_PATH_AS_IS,
                    1L); /* a key may hold dots as it was signed */
    sign(a, &address, region, session);
    s3_address_release(&address);
    buf_release(&url);
    return true;
}

/* Nothing secret is sent there, so a plain name may lead on to where the file is. */
static void prepare_plain(struct attempt *a)
{
    a->call->setopt(a->curl, CURLOPT_URL, a->fetch->name);
    a->call->setopt(a->curl, CURLOPT_FOLLOWLOCATION, 1L);
    a->call->setopt(a->curl, CURLOPT_MAXREDIRS, (long)REDIRECTS);
    a->call->setopt(a->curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
}

static void perform(struct attempt *a)
{
    CURL *curl = a->curl;
    a->headers = a->call->slist_append(a->headers, "User-Agent: advisor");
    a->call->setopt(curl, CURLOPT_HTTPHEADER, a->headers);
    a->call->setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    a->call->setopt(curl, CURLOPT_NOSIGNAL, 1L);
    a->call->setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    a->call->setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    a->call->setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)STALLED_SECONDS);
    a->call->setopt(curl, CURLOPT_NOBODY, a->fetch->head ? 1L : 0L);
    a->call->setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    a->call->setopt(curl, CURLOPT_WRITEDATA, a);
    a->call->setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    a->call->setopt(curl, CURLOPT_HEADERDATA, a);
    a->code = a->call->perform(curl);
    a->call->getinfo(curl, CURLINFO_RESPONSE_CODE, &a->status);
}

static void attempt_release(struct attempt *a)
{
    for (struct curl_slist *h = a->headers; h; h = h->next)
        explicit_bzero(h->data, strlen(h->data));
    a->call->slist_free(a->headers);
    a->call->cleanup(a->curl);
    buf_release(&a->refusal);
}

/* The text of an element of S3's answer, of plain characters only. */
static size_t element(char *out, size_t room, const char *xml, const char *open)
{
    const char *p = strstr(xml, open);
    size_t n = 0;
    for (p = p ? p + strlen(open) : ""; *p && *p != '<' && n + 1 < room; p++)
        out[n++] = isprint((unsigned char)*p) ? *p : ' ';
    out[n] = '\0';
    return n;
}

static bool refused(const struct attempt *a, struct err *err)
{
    char code[64], message[256];
    const char *name = a->fetch->name, *xml = buf_text(&a->refusal);
    if (a->code != CURLE_OK)
        return err_set(err, "%s: %s%s", name, a->call->strerror(a->code),
                       a->delivered ? "; what came before is not all of it" : "");
    if (a->status == 404)
        return err_set(err, "%s: there is no such file (404)", name);
    if (!element(code, sizeof code, xml, "<Code>"))
        return err_set(err, "%s: the server answered %ld", name, a->status);
    element(message, sizeof message, xml, "<Message>");
    return err_set(err, "%s: %s: %s (%ld)", name, code, message, a->status);
}

static bool is_busy(const struct attempt *a)
{
    return a->code == CURLE_OK
               ? a->status == 500 || a->status == 503 || a->status == 429
               : a->code == CURLE_COULDNT_CONNECT || a->code == CURLE_OPERATION_TIMEDOUT ||
                     a->code == CURLE_GOT_NOTHING;
}

/* Whether another attempt is worth it, after a wait or in the bucket's own region. */
static bool again(const struct attempt *a, char region[LONGEST_REGION + 1], int number)
{
    if (a->delivered || number == ATTEMPTS)
        return false;
    if (a->status != 200 && *a->region && strcmp(a->region, region) != 0) {
        strcpy(region, a->region);
        return true;
    }
    if (!is_busy(a))
        return false;
    nanosleep(&(struct timespec){.tv_nsec = 200000000L * number}, NULL);
    return true;
}

static bool run(const struct fetch *f, const struct aws_session *session, bool *missing,
                struct err *err)
{
    char region[LONGEST_REGION + 1] = "";
    struct curl_call call;
    if (!curl_call_open(&call, err))
        return err_within(err, "%s", f->name);
    if (session)
        strncat(region, session->region, LONGEST_REGION);
    for (int number = 1;; number++) {
        struct attempt a = {.fetch = f, .call = &call, .curl = call.easy_init()};
        if (!a.curl)
            return err_set(err, "libcurl could not be started");
        bool ready = !session || prepare_s3(&a, region, session, err), more = false;
        if (!session)
            prepare_plain(&a);
        if (ready) {
            perform(&a);
            more = again(&a, region, number);
        }
        bool ok = ready && a.code == CURLE_OK && a.status == 200;
        if (missing)
            *missing = ready && a.code == CURLE_OK && a.status == 404;
        if (ready && !ok && !more)
            refused(&a, err);
        attempt_release(&a);
        if (!more)
            return ok;
    }
}

bool fetch_run(const struct fetch *f, bool *missing, struct err *err)
{
    struct aws_session session;
    if (missing)
        *missing = false;
    if (strncmp(f->name, "s3://", 5) != 0)
        return http_is_private(f->name) ? run(f, NULL, missing, err)
                                        : err_set(err, "%s: only https is used", f->name);
    if (!aws_session_open(&session, err))
        return err_within(err, "%s", f->name);
    bool ok = run(f, &session, missing, err);
    aws_session_release(&session);
    return ok;
}
