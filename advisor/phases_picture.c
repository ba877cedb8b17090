#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd_phases.h"

enum { ROWS = 8, MARGIN = 7, MOST_COLUMNS = 200 };

/* A cell of a column that is `level` of 0..8 eighths full. */
static const char *block_of(int eighths)
{
    static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    return blocks[eighths < 0 ? 0 : eighths > 8 ? 8 : eighths];
}

static double highest(const struct spark_slots *s)
{
    double top = 1;
    for (size_t i = 0; i < s->count; i++)
        top = fmax(top, fmax(s->offered[i], s->used[i]));
    return top;
}

/* What was used is filled, what was offered and not used has a line at its height. */
static void draw_row(struct buf *out, const struct spark_slots *s, double top, int row)
{
    double floor_of_row = top * (ROWS - 1 - row) / ROWS, height = top / ROWS;
    for (size_t i = 0; i < s->count; i++) {
        double filled = (s->used[i] - floor_of_row) / height;
        double line = (s->offered[i] - floor_of_row) / height;
        int eighths = (int)lround(filled * 8);
        if (eighths <= 0 && line > 0 && line <= 1)
            buf_add(out, "─");
        else
            buf_add(out, block_of(eighths));
    }
}

/* Of a name that does not begin with a plain letter, the class stands for it. */
static char letter_of(const struct spark_phase *p)
{
    if (p->idle)
        return '.';
    return isalnum((unsigned char)p->name[0]) ? p->name[0] : spark_phase_class(p)[0];
}

static char letter_at(const struct spark_phases *phases, int64_t from_ms, int64_t to_ms)
{
    char letter = ' ';
    int64_t longest = 0;
    for (size_t i = 0; i < phases->at.count; i++) {
        const struct spark_phase *p = &phases->at.at[i];
        int64_t from = p->from_ms > from_ms ? p->from_ms : from_ms;
        int64_t to = p->to_ms < to_ms ? p->to_ms : to_ms;
        if (to - from < longest || to <= from)
            continue;
        longest = to - from;
        letter = letter_of(p);
    }
    return letter;
}

static void draw_axis(struct buf *out, const struct spark_slots *s)
{
    double seconds = (double)(s->step_ms * (int64_t)s->count) / 1e3;
    bool minutes = seconds >= 180;
    char end[40];
    snprintf(end, sizeof end, "%.*f %s", minutes && seconds >= 6000 ? 0 : 1,
             minutes ? seconds / 60 : seconds, minutes ? "min" : "s");
    size_t width = s->count > strlen(end) + 1 ? s->count - strlen(end) - 1 : 1;
    buf_fill(out, ' ', MARGIN);
    buf_add_char(out, '0');
    buf_fill(out, ' ', width);
    buf_add(out, end);
}

const char *phases_picture(struct report *report, const struct spark_log *log,
                           const struct spark_phases *phases, size_t width)
{
    struct buf out = BUF_INIT;
    struct spark_slots slots;
    size_t columns = width > MARGIN + 20 ? width - MARGIN - 2 : 20;
    columns = columns > MOST_COLUMNS ? MOST_COLUMNS : columns;
    if (log->ended_ms <= log->started_ms)
        return NULL;
    spark_slots_over(&slots, &report->arena, log, log->started_ms, log->ended_ms, columns);
    double top = highest(&slots);
    for (int row = 0; row < ROWS; row++) {
        if (row == 0)
            buf_printf(&out, "%5.0f ┤", top);
        else
            buf_add(&out, row == ROWS - 1 ? "    0 ┤" : "      │");
        draw_row(&out, &slots, top, row);
        buf_add_char(&out, '\n');
    }
    buf_fill(&out, ' ', MARGIN);
    for (size_t i = 0; i < slots.count; i++) {
        int64_t from = slots.from_ms + slots.step_ms * (int64_t)i;
        buf_add_char(&out, letter_at(phases, from, from + slots.step_ms));
    }
    buf_add_char(&out, '\n');
    draw_axis(&out, &slots);
    const char *text = arena_strdup(&report->arena, buf_text(&out));
    buf_release(&out);
    return text;
}
