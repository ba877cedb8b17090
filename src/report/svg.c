#include <math.h>

#include "html.h"
#include "terminal.h"

enum { WIDTH = 760, LABEL = 150, ROW = 26, TOP = 8, COLORS = 8, PLOT = 240 };

struct scale {
    double low, high; /* of the values */
    double from, to;  /* in the picture */
};

static double at(const struct scale *s, double value)
{
    double span = s->high - s->low;
    return span > 0 ? s->from + (value - s->low) / span * (s->to - s->from) : s->from;
}

static double value_of(const struct chart *c, size_t series, size_t category)
{
    return c->values[series * c->category_count + category];
}

static void compact(struct buf *out, double value)
{
    static const struct {
        double least, divisor;
        const char *suffix;
    } units[] = {{1e9, 1e9, "B"}, {1e6, 1e6, "M"}, {1e4, 1e3, "k"}, {0, 1, ""}};
    size_t i = 0;
    while (fabs(value) < units[i].least)
        i++;
    double n = value / units[i].divisor;
    buf_printf(out, fabs(n) >= 100 || n == trunc(n) ? "%.0f%s" : "%.3g%s", n, units[i].suffix);
}

static void extend(struct scale *s, double value)
{
    if (isnan(value))
        return;
    s->low = fmin(s->low, value);
    s->high = fmax(s->high, value);
}

/* From zero, so that bars compare by length. */
static struct scale scale_of(const struct chart *c, double from, double to)
{
    struct scale s = {0, 0, from, to};
    for (size_t k = 0; k < c->category_count; k++) {
        double sum = 0;
        for (size_t i = 0; i < c->series_count; i++) {
            double v = value_of(c, i, k);
            sum += isnan(v) || v < 0 ? 0 : v;
            extend(&s, v);
        }
        if (c->kind == CHART_STACKED_BARS)
            extend(&s, sum);
    }
    return s;
}

static void put_label(struct buf *out, double x, double y, const char *anchor, const char *text)
{
    buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">", x, y, anchor);
    html_text(out, text);
    buf_add(out, "</text>");
}

static void put_value(struct buf *out, double x, double y, double value)
{
    struct buf text = BUF_INIT;
    compact(&text, value);
    buf_printf(out, "<text class=\"dim\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, y, buf_text(&text));
    buf_release(&text);
}

static void put_rect(struct buf *out, double x, double y, double width, double height,
                     size_t color)
{
    buf_printf(out,
               "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
               "style=\"fill:var(--s%zu)\"/>",
               x, y, width, height, color % COLORS);
}

static void short_label(struct buf *out, const char *text)
{
    enum { MOST = 22 };
    size_t n = 0, bytes = 0;
    for (; text[bytes] && n < MOST; n++)
        do
            bytes++;
        while (((unsigned char)text[bytes] & 0xc0) == 0x80);
    buf_add_n(out, text, bytes);
    buf_add(out, text[bytes] ? "\xe2\x80\xa6" : "");
}

static void stacked_bar(struct buf *out, const struct chart *c, const struct scale *s, size_t k,
                        double y)
{
    double sum = 0;
    for (size_t i = 0; i < c->series_count; i++) {
        double v = value_of(c, i, k);
        if (isnan(v) || v <= 0)
            continue;
        put_rect(out, at(s, sum), y, at(s, sum + v) - at(s, sum), ROW - 8, i);
        sum += v;
    }
    put_value(out, at(s, sum) + 6, y + ROW - 13, sum);
}

static void plain_bar(struct buf *out, const struct chart *c, const struct scale *s, size_t k,
                      double y)
{
    double v = value_of(c, 0, k), zero = at(s, 0);
    if (isnan(v))
        return;
    double end = at(s, v);
    put_rect(out, fmin(zero, end), y, fabs(end - zero), ROW - 8, v < 0 ? 2 : 0);
    put_value(out, fmax(zero, end) + 6, y + ROW - 13, v);
}

static void range_bar(struct buf *out, const struct chart *c, const struct scale *s, size_t k,
                      double y)
{
    double low = value_of(c, 0, k), expected = value_of(c, 1, k), high = value_of(c, 2, k);
    double middle = y + (ROW - 8) / 2.0;
    put_rect(out, at(s, 0), y, fmax(0, at(s, expected) - at(s, 0)), ROW - 8, 0);
    buf_printf(out,
               "<path class=\"axis\" fill=\"none\" stroke-width=\"2\" "
               "d=\"M%.1f %.1fH%.1fM%.1f %.1fv8M%.1f %.1fv8\"/>",
               at(s, low), middle, at(s, high), at(s, low), middle - 4, at(s, high), middle - 4);
    put_value(out, at(s, fmax(expected, high)) + 6, y + ROW - 13, expected);
}

static void put_bars(struct buf *out, const struct chart *c)
{
    struct scale s = scale_of(c, LABEL + 10, WIDTH - 60);
    for (size_t k = 0; k < c->category_count; k++) {
        double y = TOP + (double)k * ROW;
        struct buf label = BUF_INIT;
        short_label(&label, c->categories[k]);
        put_label(out, LABEL, y + ROW - 13, "end", buf_text(&label));
        buf_release(&label);
        if (c->kind == CHART_STACKED_BARS)
            stacked_bar(out, c, &s, k, y);
        else if (c->kind == CHART_RANGE_BARS)
            range_bar(out, c, &s, k, y);
        else
            plain_bar(out, c, &s, k, y);
    }
    buf_printf(out, "<path class=\"axis\" d=\"M%.1f %dV%zu\"/>", at(&s, 0), TOP - 4,
               TOP + c->category_count * ROW);
}

static void put_line(struct buf *out, const struct chart *c, size_t series,
                     const struct scale *x, const struct scale *y)
{
    bool pen_down = false;
    buf_printf(out, "<path fill=\"none\" stroke-width=\"2\" style=\"stroke:var(--s%zu)\" d=\"",
               series % COLORS);
    for (size_t k = 0; k < c->category_count; k++) {
        double v = value_of(c, series, k);
        if (!isnan(v))
            buf_printf(out, "%c%.1f %.1f", pen_down ? 'L' : 'M', at(x, (double)k), at(y, v));
        pen_down = !isnan(v);
    }
    buf_add(out, "\"/>");
}

static void put_lines(struct buf *out, const struct chart *c)
{
    struct scale x = {0, c->category_count > 1 ? (double)c->category_count - 1 : 1, 70, WIDTH - 20};
    struct scale y = scale_of(c, PLOT - 24, TOP + 4);
    for (int i = 0; i <= 4; i++) {
        double v = y.low + (y.high - y.low) * i / 4;
        buf_printf(out, "<path class=\"grid\" d=\"M70 %.1fH%d\"/>", at(&y, v), WIDTH - 20);
        struct buf text = BUF_INIT;
        compact(&text, v);
        put_label(out, 64, at(&y, v) + 4, "end", buf_text(&text));
        buf_release(&text);
    }
    for (size_t i = 0; i < c->series_count; i++)
        put_line(out, c, i, &x, &y);
    if (c->category_count) {
        put_label(out, 70, PLOT - 4, "start", c->categories[0]);
        put_label(out, WIDTH - 20, PLOT - 4, "end", c->categories[c->category_count - 1]);
    }
}

static double put_legend(struct buf *out, const struct chart *c, double y)
{
    if (c->kind == CHART_RANGE_BARS) {
        put_label(out, LABEL + 10, y + 14, "start", "bar: expected, line: low to high");
        return y + 22;
    }
    if (c->series_count < 2)
        return y;
    double x = LABEL + 10;
    for (size_t i = 0; i < c->series_count; i++) {
        double width = 34 + 7.2 * (double)terminal_width(c->series[i]);
        if (x + width > WIDTH) {
            x = LABEL + 10;
            y += 20;
        }
        put_rect(out, x, y + 4, 12, 12, i);
        put_label(out, x + 18, y + 14, "start", c->series[i]);
        x += width;
    }
    return y + 22;
}

void svg_chart(struct buf *out, const struct chart *chart, size_t id)
{
    struct buf body = BUF_INIT;
    bool lines = chart->kind == CHART_LINES;
    if (lines)
        put_lines(&body, chart);
    else
        put_bars(&body, chart);
    double bottom = lines ? PLOT : TOP + (double)chart->category_count * ROW + 4;
    bottom = put_legend(&body, chart, bottom);
    buf_printf(out,
               "<figure><figcaption id=\"c%zu\">", id);
    html_text(out, chart->title);
    buf_printf(
        out,
        " (%s)</figcaption><svg role=\"img\" aria-labelledby=\"c%zu\" viewBox=\"0 0 %d %.0f\">",
        chart->unit, id, WIDTH, bottom + 4);
    buf_add_n(out, buf_text(&body), body.length);
    buf_add(out, "</svg></figure>\n");
    buf_release(&body);
}
