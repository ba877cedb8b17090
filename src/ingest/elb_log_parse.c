#include <string.h>

#include "base/bytes.h"
#include "base/when.h"
#include "elb_log.h"

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

static bool long_number(uint64_t *out, struct word w)
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

/* The next eight bytes; 0 where the line has fewer: no fast path knows what to do with that.
 */
static inline uint64_t next8(const struct cursor *c)
{
    return c->end - c->at >= 8 ? bytes_load8(c->at) : 0;
}

/* The next word is a number; those of up to seven digits are read at a stroke. */
static inline bool take_number(uint64_t *out, struct cursor *c)
{
    uint64_t text = next8(c), spaces = bytes_zeros(text ^ bytes_repeat(' '));
    unsigned length = spaces ? (unsigned)__builtin_ctzll(spaces) / 8 : 0;
    if (length && bytes_join_digits(out, (text ^ bytes_repeat('0')) << (64 - 8 * length))) {
        c->at += length + 1;
        return true;
    }
    return long_number(out, plain_word(c));
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
    if (n > 9 || !long_number(&whole, (struct word){w.text, n}))
        return false;
    size_t digits = point ? w.length - n - 1 : 0;
    if (point && !long_number(&part, (struct word){point + 1, digits}))
        return false;
    for (; digits < 6; digits++)
        part *= 10;
    for (; digits > 6; digits--)
        part /= 10;
    *out = (int64_t)(whole * 1000000 + part);
    return true;
}

/* Most times are "0.003 ": a digit, a point, three digits, in one word. */
static inline bool take_micros(int64_t *out, struct cursor *c)
{
    uint64_t text = next8(c) & UINT64_C(0xffffffffffff), milliseconds;
    uint64_t digits = text ^ UINT64_C(0x203030302e30); /* "0.000 " */
    if (!((digits | (digits + UINT64_C(0x7f7676767f76))) & UINT64_C(0x808080808080))) {
        milliseconds = (digits & 15) * 1000 + (digits >> 16 & 15) * 100 +
                       (digits >> 24 & 15) * 10 + (digits >> 32 & 15);
        *out = (int64_t)milliseconds * 1000;
        c->at += 6;
        return true;
    }
    return micros_of(out, plain_word(c));
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

enum { DATE = 10 };

/* Midnight of the date; lines of one day follow each other. */
static inline bool midnight_of(int64_t *out, struct elb_log_day *today, const char *t)
{
    if (!memcmp(today->date, t, DATE)) {
        *out = today->midnight;
        return true;
    }
    if (!has_form(t, "0000-00-00"))
        return false;
    int year = (int)(two(t) * 100 + two(t + 2)), month = (int)two(t + 5),
        dom = (int)two(t + 8);
    if (year < 2009 || year > 2199 || month < 1 || month > 12 || dom < 1 ||
        dom > month_days(year * 12 + month - 1))
        return false;
    memcpy(today->date, t, DATE);
    *out = today->midnight = (int64_t)day_of(year, month, dom) * 86400;
    return true;
}

/* "T22:23:00" in seconds; -1 where it is no time of a day. */
static inline int seconds_of(const char *t)
{
    uint64_t digits = bytes_load8(t + 1) ^ UINT64_C(0x30303a30303a3030); /* "00:00:00" */
    if (*t != 'T' ||
        (digits | (digits + UINT64_C(0x76767f76767f7676))) & bytes_repeat((char)0x80))
        return -1;
    int hour = (int)(digits & 15) * 10 + (int)(digits >> 8 & 15);
    int minute = (int)(digits >> 24 & 15) * 10 + (int)(digits >> 32 & 15);
    int second = (int)(digits >> 48 & 15) * 10 + (int)(digits >> 56);
    return hour > 23 || minute > 59 || second > 60 ? -1 : hour * 3600 + minute * 60 + second;
}

/*
 * "2018-07-02T22:23:00.186641Z"; network logs leave out the part of the second and
 * the zone.
 */
static bool take_time(struct elb_log_line *out, struct elb_log_day *today, struct cursor *c)
{
    enum { PLAIN = 19, MICROSECONDS = 27 };
    const char *t = c->at;
    size_t left = (size_t)(c->end - t);
    uint64_t part;
    int seconds = left < PLAIN ? -1 : seconds_of(t + DATE);
    if (seconds < 0 || !midnight_of(&out->second, today, t))
        return false;
    out->second += seconds;
    if (left > MICROSECONDS && t[PLAIN] == '.' && t[MICROSECONDS] == ' ' &&
        bytes_number(&part, t + PLAIN + 1, 6)) {
        out->micro = (uint32_t)part;
        c->at += MICROSECONDS + 1;
    } else {
        plain_word(c);
    }
    return true;
}

static bool status_of(unsigned *out, struct word w)
{
    uint64_t n = 0;
    if (!is_dash(w) && (w.length != 3 || !long_number(&n, w)))
        return false;
    *out = (unsigned)n;
    return true;
}

/* "200 200 ", most often; each may be a dash. */
static inline bool take_statuses(struct elb_log_line *out, struct cursor *c)
{
    uint64_t digits = next8(c) ^ UINT64_C(0x2030303020303030); /* "000 000 " */
    if (!((digits | (digits + UINT64_C(0x7f7676767f767676))) & bytes_repeat((char)0x80))) {
        out->status =
            (unsigned)((digits & 15) * 100 + (digits >> 8 & 15) * 10 + (digits >> 16 & 15));
        out->target_status = (unsigned)((digits >> 32 & 15) * 100 + (digits >> 40 & 15) * 10 +
                                        (digits >> 48 & 15));
        c->at += 8;
        return true;
    }
    return status_of(&out->status, plain_word(c)) &&
           status_of(&out->target_status, plain_word(c));
}

static int64_t or_zero(int64_t micros)
{
    return micros < 0 ? 0 : micros;
}

static inline bool begins(struct word w, const char *with)
{
    size_t n = strlen(with);
    return w.length > n && memcmp(w.text, with, n) == 0;
}

/* RFC 1918, 6598 and 4193, and this host itself: clients that need no public address. */
static bool is_private(struct word w)
{
    unsigned second;
    if (w.length == 0 || w.text[0] != '1')
        return begins(w, "fc") || begins(w, "fd") || begins(w, "[fc") || begins(w, "[fd");
    if (begins(w, "10.") || begins(w, "192.168.") || begins(w, "127."))
        return true;
    if (w.length < 8 || w.text[3] != '.')
        return false;
    second = w.text[5] == '.'   ? (unsigned)(w.text[4] - '0')
             : w.text[6] == '.' ? two(w.text + 4)
                                : (unsigned)(w.text[4] - '0') * 100 + two(w.text + 5);
    return (begins(w, "172.") && second >= 16 && second <= 31) ||
           (begins(w, "100.") && second >= 64 && second <= 127);
}

static const char *take_when_and_who(struct elb_log_line *out, struct elb_log_day *today,
                                     struct cursor *c)
{
    if (!take_time(out, today, c))
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
    if (!take_micros(&request, c) || !take_micros(&out->service, c) ||
        !take_micros(&response, c))
        return "a processing time is not a number";
    out->duration = or_zero(request) + or_zero(out->service) + or_zero(response);
    if (!take_statuses(out, c))
        return "a status code is not a number";
    if (!take_number(&out->received, c) || !take_number(&out->sent, c))
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
    return take_number(&rule, c) && rule <= 50000 ? (int)rule : ELB_RULE_NONE;
}

/* Time, client, its port, the listener's port: what a connection log has, no request. */
static bool is_of_connection(struct cursor c)
{
    uint64_t port;
    plain_word(&c);
    plain_word(&c);
    return take_number(&port, &c) && take_number(&port, &c);
}

static const char *parse_classic(struct elb_log_line *out, struct elb_log_day *today,
                                 struct cursor *c)
{
    struct cursor line = *c;
    const char *wrong = take_when_and_who(out, today, c);
    wrong = wrong ? wrong : take_request(out, c);
    return wrong && is_of_connection(line)
               ? "it is of a connection log, which tells of no requests"
               : wrong;
}

static const char *parse_application(struct elb_log_line *out, struct elb_log_day *today,
                                     struct cursor *c)
{
    const char *wrong = take_when_and_who(out, today, c);
    wrong = wrong ? wrong : take_request(out, c);
    if (!wrong)
        out->rule = rule_of(c);
    return wrong;
}

static const char *parse_network(struct elb_log_line *out, struct elb_log_day *today,
                                 struct cursor *c)
{
    uint64_t milliseconds, handshake;
    plain_word(c); /* version */
    const char *wrong = take_when_and_who(out, today, c);
    if (wrong)
        return wrong;
    plain_word(c); /* listener */
    out->inside = is_private(plain_word(c));
    plain_word(c); /* destination */
    if (!take_number(&milliseconds, c) || milliseconds > INT64_MAX / 1000)
        return "the connection time is not a number";
    struct word shaking = plain_word(c);
    if (!is_dash(shaking) && !long_number(&handshake, shaking))
        return "the handshake time is not a number";
    if (!take_number(&out->received, c) || !take_number(&out->sent, c))
        return "a byte count is not a number";
    out->duration = (int64_t)milliseconds * 1000;
    return NULL;
}

/* Takes the type of connection; Classic lines have none and begin with their time. */
static inline bool take_kind(enum elb_log_kind *out, struct cursor *c)
{
    struct word line = {c->at, (size_t)(c->end - c->at)};
    if (line.length && (unsigned)(line.text[0] - '0') <= 9) {
        *out = ELB_LOG_CLASSIC;
        return true;
    }
    bool application = begins(line, "h2 ") || begins(line, "https ") ||
                       begins(line, "http ") || begins(line, "wss ") || begins(line, "ws ") ||
                       begins(line, "grpcs ");
    *out = application ? ELB_LOG_APPLICATION : ELB_LOG_NETWORK;
    if (!application && !begins(line, "tls "))
        return false;
    plain_word(c);
    return true;
}

const char *elb_log_parse(struct elb_log_line *out, struct elb_log_day *today,
                          const char *line, size_t length)
{
    static const char *(*const parsers[])(struct elb_log_line *, struct elb_log_day *,
                                          struct cursor *) = {
        [ELB_LOG_CLASSIC] = parse_classic,
        [ELB_LOG_APPLICATION] = parse_application,
        [ELB_LOG_NETWORK] = parse_network,
    };
    struct cursor c = {line, line + length};
    *out = (struct elb_log_line){.service = -1, .rule = ELB_RULE_NONE};
    if (!take_kind(&out->kind, &c))
        return "it begins with no type of connection and no time";
    return parsers[out->kind](out, today, &c);
}
