#include <string.h>

#include "base/when.h"
#include "ingest/elb_log.h"

struct cursor {
    const char *at, *end;
};

struct word {
    const char *text;
    size_t length;
};

/* The next word, without quotes; an empty one at the end of the line. */
static inline struct word plain_word(struct cursor *c)
{
    const char *from = c->at;
    const char *space = memchr(from, ' ', (size_t)(c->end - from));
    const char *to = space ? space : c->end;
    c->at = space ? space + 1 : c->end;
    return (struct word){from, (size_t)(to - from)};
}

static bool is_escaped(const char *from, const char *quote)
{
    const char *at = quote;
    while (at > from && at[-1] == '\\')
        at--;
    return (quote - at) % 2 == 1;
}

/* A quote closes only before a space or the end; browsers send quotes inside. */
static const char *closing_quote(const char *from, const char *end, bool heed_escapes)
{
    for (const char *q = from; (q = memchr(q, '"', (size_t)(end - q))); q++)
        if ((q + 1 == end || q[1] == ' ') && !(heed_escapes && is_escaped(from, q)))
            return q;
    return NULL;
}

static inline struct word any_word(struct cursor *c)
{
    if (c->at == c->end || *c->at != '"')
        return plain_word(c);
    const char *from = c->at + 1;
    const char *quote = closing_quote(from, c->end, true);
    if (!quote) /* a backslash at the end of a user agent */
        quote = closing_quote(from, c->end, false);
    if (!quote)
        return plain_word(c);
    c->at = quote + 1 == c->end ? c->end : quote + 2;
    return (struct word){from, (size_t)(quote - from)};
}

static inline bool is_dash(struct word w)
{
    return w.length == 1 && *w.text == '-';
}

static inline bool number_of(uint64_t *out, struct word w)
{
    uint64_t n = 0;
    if (w.length == 0 || w.length > 18)
        return false;
    for (size_t i = 0; i < w.length; i++) {
        unsigned digit = (unsigned)(w.text[i] - '0');
        if (digit > 9)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

/* "0.001035" seconds in microseconds; "-1" and "-" give -1: not dispatched. */
static bool micros_of(int64_t *out, struct word w)
{
    uint64_t whole, part = 0;
    if (is_dash(w) || (w.length >= 2 && w.text[0] == '-' && w.text[1] == '1')) {
        *out = -1;
        return true;
    }
    const char *point = memchr(w.text, '.', w.length);
    size_t n = point ? (size_t)(point - w.text) : w.length;
    if (n > 9 || !number_of(&whole, (struct word){w.text, n}))
        return false;
    size_t digits = point ? w.length - n - 1 : 0;
    if (point && !number_of(&part, (struct word){point + 1, digits}))
        return false;
    for (; digits < 6; digits++)
        part *= 10;
    for (; digits > 6; digits--)
        part /= 10;
    *out = (int64_t)(whole * 1000000 + part);
    return true;
}

static inline unsigned two(const char *at)
{
    return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

/* Every place that is 0 in the pattern is a digit, every other one as it stands there. */
static inline bool has_form(const char *text, const char *pattern)
{
    for (; *pattern; pattern++, text++)
        if (*pattern == '0' ? (unsigned)(*text - '0') > 9 : *text != *pattern)
            return false;
    return true;
}

/* "2018-07-02T22:23:00.186641Z"; network logs leave out the part of the second and the zone.
 */
static bool time_of(struct elb_log_line *out, struct word w)
{
    const char *t = w.text;
    if (w.length < 19 || !has_form(t, "0000-00-00T00:00:00"))
        return false;
    int year = (int)(two(t) * 100 + two(t + 2)), month = (int)two(t + 5),
        dom = (int)two(t + 8);
    unsigned hour = two(t + 11), minute = two(t + 14), second = two(t + 17);
    if (year < 2009 || year > 2199 || month < 1 || month > 12 || dom < 1 ||
        dom > month_days(year * 12 + month - 1) || hour > 23 || minute > 59 || second > 60)
        return false;
    out->second =
        (int64_t)day_of(year, month, dom) * 86400 + hour * 3600 + minute * 60 + second;
    uint64_t part = 0;
    if (w.length == 27 && t[19] == '.' && number_of(&part, (struct word){t + 20, 6}))
        out->micro = (uint32_t)part;
    return true;
}

static bool status_of(unsigned *out, struct word w)
{
    uint64_t n = 0;
    if (!is_dash(w) && (w.length != 3 || !number_of(&n, w)))
        return false;
    *out = (unsigned)n;
    return true;
}

static int64_t or_zero(int64_t micros)
{
    return micros < 0 ? 0 : micros;
}

/* RFC 1918, 6598 and 4193, and this host itself: clients that need no public address. */
static bool is_private(struct word w)
{
    static const char *const begins[] = {"10.", "192.168.", "127.", "fc", "fd", "[fc", "[fd"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (w.length > strlen(begins[i]) && memcmp(w.text, begins[i], strlen(begins[i])) == 0)
            return true;
    unsigned second;
    if (w.length < 8 || w.text[0] != '1' || !has_form(w.text + 3, "."))
        return false;
    second = w.text[5] == '.'   ? (unsigned)(w.text[4] - '0')
             : w.text[6] == '.' ? two(w.text + 4)
                                : (unsigned)(w.text[4] - '0') * 100 + two(w.text + 5);
    bool of_172 = memcmp(w.text, "172", 3) == 0, of_100 = memcmp(w.text, "100", 3) == 0;
    return (of_172 && second >= 16 && second <= 31) ||
           (of_100 && second >= 64 && second <= 127);
}

static const char *take_when_and_who(struct elb_log_line *out, struct cursor *c)
{
    if (!time_of(out, plain_word(c)))
        return "the time is not one";
    struct word balancer = plain_word(c);
    if (balancer.length == 0 || balancer.length > 256)
        return "the load balancer has no name";
    out->balancer = balancer.text;
    out->balancer_length = balancer.length;
    return NULL;
}

/* From the client to the bytes: the same in Classic and application logs. */
static const char *take_request(struct elb_log_line *out, struct cursor *c)
{
    struct word client = plain_word(c), target = plain_word(c);
    if (client.length == 0 || target.length == 0)
        return "it ends before the target";
    int64_t request, response;
    out->inside = is_private(client);
    if (!micros_of(&request, plain_word(c)) || !micros_of(&out->service, plain_word(c)) ||
        !micros_of(&response, plain_word(c)))
        return "a processing time is not a number";
    out->duration = or_zero(request) + or_zero(out->service) + or_zero(response);
    if (!status_of(&out->status, plain_word(c)) ||
        !status_of(&out->target_status, plain_word(c)))
        return "a status code is not a number";
    if (!number_of(&out->received, plain_word(c)) || !number_of(&out->sent, plain_word(c)))
        return "a byte count is not a number";
    return NULL;
}

/* Behind the bytes: request, agent, cipher, protocol, target group, trace, domain,
 * certificate. */
enum { WORDS_BEFORE_RULE = 8 };

static int rule_of(struct cursor *c)
{
    uint64_t rule;
    for (int i = 0; i < WORDS_BEFORE_RULE; i++)
        any_word(c);
    struct word w = plain_word(c);
    return number_of(&rule, w) && rule <= 50000 ? (int)rule : ELB_RULE_NONE;
}

static const char *parse_classic(struct elb_log_line *out, struct cursor *c)
{
    const char *wrong = take_when_and_who(out, c);
    return wrong ? wrong : take_request(out, c);
}

static const char *parse_application(struct elb_log_line *out, struct cursor *c)
{
    plain_word(c);
    const char *wrong = take_when_and_who(out, c);
    wrong = wrong ? wrong : take_request(out, c);
    if (!wrong)
        out->rule = rule_of(c);
    return wrong;
}

static const char *parse_network(struct elb_log_line *out, struct cursor *c)
{
    uint64_t milliseconds, handshake;
    plain_word(c);
    plain_word(c);
    const char *wrong = take_when_and_who(out, c);
    if (wrong)
        return wrong;
    plain_word(c); /* listener */
    out->inside = is_private(plain_word(c));
    plain_word(c); /* destination */
    if (!number_of(&milliseconds, plain_word(c)) || milliseconds > INT64_MAX / 1000)
        return "the connection time is not a number";
    struct word shaking = plain_word(c);
    if (!is_dash(shaking) && !number_of(&handshake, shaking))
        return "the handshake time is not a number";
    if (!number_of(&out->received, plain_word(c)) || !number_of(&out->sent, plain_word(c)))
        return "a byte count is not a number";
    out->duration = (int64_t)milliseconds * 1000;
    return NULL;
}

static bool is_application_type(struct word type)
{
    static const char *const types[] = {"h2", "https", "http", "wss", "ws", "grpcs"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (type.length == strlen(types[i]) && memcmp(type.text, types[i], type.length) == 0)
            return true;
    return false;
}

const char *elb_log_parse(struct elb_log_line *out, const char *line, size_t length)
{
    struct cursor c = {line, line + length}, peek = c;
    *out = (struct elb_log_line){.service = -1, .rule = ELB_RULE_NONE};
    if (length && line[0] >= '0' && line[0] <= '9') {
        out->kind = ELB_LOG_CLASSIC;
        return parse_classic(out, &c);
    }
    struct word type = plain_word(&peek);
    if (type.length == 3 && memcmp(type.text, "tls", 3) == 0) {
        out->kind = ELB_LOG_NETWORK;
        return parse_network(out, &c);
    }
    out->kind = ELB_LOG_APPLICATION;
    return is_application_type(type) ? parse_application(out, &c)
                                     : "it begins with no type of connection and no time";
}
