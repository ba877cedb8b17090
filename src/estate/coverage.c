#include <string.h>

#include "base/when.h"
#include "estate/estate.h"

/* Shorter ones are delays of delivery and resources that came and went. */
enum { LEAST_HOLE = 48 * 3600 };

struct span {
    int64_t from, to;
};

static int by_from(const void *a, const void *b)
{
    const struct span *x = a, *y = b;
    return (x->from > y->from) - (x->from < y->from);
}

static void note_hole(struct estate *estate, const char *what, int64_t from, int64_t to)
{
    char since[DAY_TEXT], until[DAY_TEXT], first[DAY_TEXT], last[DAY_TEXT];
    if (to - from < LEAST_HOLE)
        return;
    estate_note(estate, NOTE_WARNING, NULL,
                "no %s covers %s to %s; what a month costs and saves is reckoned over the whole "
                "time, %s to %s, and is too low by what is missing there: give bills of the same "
                "months",
                what, day_format(since, (day)(from / 86400)), day_format(until, (day)(to / 86400)),
                day_format(first, estate->first_hour / 24),
                day_format(last, estate->last_hour / 24));
}

static void note_holes(struct estate *estate, const char *what, bool databricks)
{
    VEC(struct span) spans = {0};
    if (estate->last_hour <= estate->first_hour)
        return; /* no usage, so no window */
    int64_t at = (int64_t)estate->first_hour * 3600;
    for (size_t i = 0; i < estate->bills.count; i++) {
        const struct bill_file *b = &estate->bills.at[i];
        if (b->rows && databricks == !strncmp(b->format, "Databricks", 10))
            VEC_ADD(&spans, ((struct span){b->from, b->to}));
    }
    VEC_SORT(&spans, by_from);
    for (size_t i = 0; i < spans.count; i++) {
        note_hole(estate, what, at, spans.at[i].from);
        at = spans.at[i].to > at ? spans.at[i].to : at;
    }
    if (spans.count)
        note_hole(estate, what, at, (int64_t)estate->last_hour * 3600);
    VEC_FREE(&spans);
}

void estate_note_uncovered(struct estate *estate)
{
    note_holes(estate, "bill", false);
    note_holes(estate, "Databricks usage", true);
}
