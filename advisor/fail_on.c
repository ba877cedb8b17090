#include "fail_on.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct rule {
    const struct measure *measure;
    const char *operator;
    double limit;
};

static const char *const operators[] = {">=", "<=", "==", "!=", ">", "<"};
enum { OPERATORS = sizeof operators / sizeof *operators };

static bool holds(const struct rule *r)
{
    double a = r->measure->value, b = r->limit;
    bool results[OPERATORS] = {a >= b, a <= b, a >= b && a <= b, a < b || a > b, a > b, a < b};
    for (int i = 0; i < OPERATORS; i++)
        if (!strcmp(r->operator, operators[i]))
            return !isnan(a) && results[i];
    return false;
}

static bool unknown_measure(const char *text, const struct measure *measures, size_t count,
                            struct err *err)
{
    struct buf names = BUF_INIT;
    for (size_t i = 0; i < count; i++)
        buf_printf(&names, "%s%s", i ? ", " : "", measures[i].name);
    err_usage(err, "--fail-on '%s': the figures are %s", text, buf_text(&names));
    buf_release(&names);
    return false;
}

static const char *operator_at(const char *text)
{
    for (int i = 0; i < OPERATORS; i++)
        if (!strncmp(text, operators[i], strlen(operators[i])))
            return operators[i];
    return NULL;
}

static bool parse(struct rule *out, const char *text, const struct measure *measures,
                  size_t count, struct err *err)
{
    size_t n = strcspn(text, " <>=!");
    const char *at = text + n + strspn(text + n, " ");
    out->measure = NULL;
    for (size_t i = 0; i < count; i++)
        if (strlen(measures[i].name) == n && !strncmp(measures[i].name, text, n))
            out->measure = &measures[i];
    if (!out->measure)
        return unknown_measure(text, measures, count, err);
    out->operator= operator_at(at);
    if (!out->operator)
        return err_usage(err, "--fail-on '%s': an operator is missing: > >= < <= == !=", text);
    at += strlen(out->operator);
    char *end;
    out->limit = strtod(at, &end);
    if (end == at || end[strspn(end, " ")])
        return err_usage(err, "--fail-on '%s': a number is missing behind %s", text,
                         out->operator);
    return true;
}

bool fail_on_check(bool *broken, const struct session *session, const struct text_list *rules,
                   const struct measure *measures, size_t count, struct err *err)
{
    *broken = false;
    for (size_t i = 0; i < rules->texts.count; i++) {
        struct rule rule = {0};
        if (!parse(&rule, rules->texts.at[i], measures, count, err))
            return false;
        if (!holds(&rule))
            continue;
        session_say(session, "advisor: --fail-on '%s' holds: %s is %.10g", rules->texts.at[i],
                    rule.measure->about, rule.measure->value);
        *broken = true;
    }
    return true;
}
