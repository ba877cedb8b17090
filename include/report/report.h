#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/money.h"
#include "base/node.h"
#include "base/vec.h"

/*
 * A result laid out for people (sections of paragraphs, typed tables, charts)
 * and for programs (one JSON tree), without knowing any format. Texts in it are
 * raw: each renderer escapes for its own kind, in one place.
 */

enum cell_kind {
    CELL_NONE,    /* nothing to say: blank */
    CELL_TEXT,
    CELL_MONEY,   /* two decimals, grouped thousands */
    CELL_PRICE,   /* a unit price: all its digits */
    CELL_RANGE,   /* "low .. high" behind the expected value */
    CELL_NUMBER,  /* up to three decimals, four digits below 1 */
    CELL_COUNT,
    CELL_PERCENT, /* number is a share: 0.25 prints as 25 % */
    CELL_UNKNOWN, /* prints as "unknown"; text, if any, says the upper bound or why */
};

struct cell {
    enum cell_kind kind;
    const char *text;
    double number;
    struct money money;
    struct money shown; /* of CELL_MONEY for people: table_total() may move it by a cent */
    struct money_range range;
};

enum align { ALIGN_LEFT, ALIGN_RIGHT };

struct column {
    const char *key;   /* snake_case, for CSV */
    const char *title; /* for people */
    enum align align;
    int priority;      /* narrow outputs drop the highest first; 0 always stays */
    bool wraps;        /* long text may take several lines */
};

struct row {
    struct cell *cells; /* one per column */
    bool is_total;
    int indent;         /* steps of nesting in the first column */
};

struct table {
    const char *key;   /* snake_case, names the CSV file or block */
    const char *title; /* may be "" */
    size_t column_count;
    const struct column *columns;
    VEC(struct row) rows;
    const char *empty; /* what to print when there are no rows */
};

enum chart_kind {
    CHART_STACKED_BARS, /* one bar a category, one piece a series */
    CHART_BARS,         /* one bar a category, may be negative */
    CHART_RANGE_BARS,   /* low, expected, high a category: three series in that order */
    CHART_LINES,        /* one line a series over the categories */
};

/* values[series * category_count + category]; NaN leaves a gap. */
struct chart {
    enum chart_kind kind;
    const char *title;
    const char *unit; /* "USD" */
    size_t series_count, category_count;
    const char **series;
    const char **categories;
    double *values;
};

enum block_kind { BLOCK_TEXT, BLOCK_TABLE, BLOCK_CHART, BLOCK_CODE };

struct block {
    enum block_kind kind;
    const char *text;     /* paragraph, or the code itself */
    const char *language; /* of code */
    const char *caption;  /* of code */
    struct table *table;
    struct chart *chart;
};

struct section {
    const char *key, *heading;
    int level;    /* 1 a section, 2 below it */
    int priority; /* outputs with a size limit drop the highest first; 0 stays */
    VEC(struct block) blocks;
};

struct fact { /* a line under the title: "Currency: USD" */
    const char *label, *text;
};

struct report {
    struct arena arena;
    const char *title;
    const char *lead; /* the one or two sentences that matter most */
    VEC(struct fact) facts;
    VEC(struct section) sections;
    struct node *json; /* a map: what --format json prints */
    struct node *sarif; /* what --format sarif prints; NULL: this report has none */
};

struct report *report_new(const char *title);
void report_free(struct report *report); /* NULL is fine */

void report_lead(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void report_fact(struct report *report, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
struct section *report_section(struct report *report, const char *key, const char *heading);
void section_text(struct report *report, struct section *section, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void section_code(struct report *report, struct section *section, const char *language,
                  const char *caption, const char *text);
/* columns are borrowed: a static table. */
struct table *section_table(struct report *report, struct section *section, const char *key,
                            const char *title, const struct column *columns, size_t count);
struct chart *section_chart(struct report *report, struct section *section,
                            enum chart_kind kind, const char *title, const char *unit,
                            size_t series_count, size_t category_count);
struct row *table_row(struct report *report, struct table *table); /* all cells CELL_NONE */
/*
 * A last row with the sums of the money columns first .. first + count - 1, in which people can
 * add up what they see: where rounded rows would miss their rounded sum, the largest of those
 * that were rounded away from it are rounded to it. Formats for programs keep all digits.
 */
void table_total(struct report *report, struct table *table, const char *label, size_t first,
                 size_t count);
/*
 * After that, of columns whose last is the sum of the others: people can add up rows too. Where
 * rounded parts miss their rounded sum, a cent moves between two rows of a column; every figure
 * stays a rounding of its amount, and the sums of the columns give way last. A row whose parts
 * are not what its sum is made of stays as it is.
 */
void table_add_across(struct table *table, size_t first, size_t count);

struct cell cell_text(struct report *report, const char *text); /* copied; NULL gives none */
struct cell cell_printf(struct report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct cell cell_money(struct money m);
/* "1,234.56" in the report's arena, for sentences. */
const char *money_text(struct report *report, struct money m);
struct cell cell_price(struct money m);
struct cell cell_range(struct money_range r);
struct cell cell_number(double number); /* NaN gives unknown */
struct cell cell_count(double count);
struct cell cell_percent(double share);
struct cell cell_unknown(struct report *report, const char *why); /* why may be NULL */

/* JSON helpers: money goes out as a number with all its digits. */
struct node *json_money(struct report *report, struct money m);
/* {low, expected, high}: estimates, so to a millionth; beyond that digits mean nothing. */
struct node *json_range(struct report *report, struct money_range r);

struct render_options {
    size_t width; /* columns of a text output: 80 */
    bool color;   /* of a text output */
};

struct renderer {
    const char *name; /* "text" */
    bool (*render)(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err);
};

extern const struct renderer *const renderers[]; /* ends with NULL */
const struct renderer *renderer_named(const char *name); /* NULL when there is none */

#endif
