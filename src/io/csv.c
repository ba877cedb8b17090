#include "io/csv.h"

#include <stdlib.h>
#include <string.h>

#include <csv.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/vec.h"
#include "io/stream.h"

/* libcsv cannot stop in the middle of a block, so the rows of one are queued: small blocks. */
enum { BLOCK = 4096, ROW_LIMIT = 16 * 1024 * 1024, OPTIONS = CSV_EMPTY_IS_NULL };

struct stored_field {
    size_t offset, length; /* in `text` */
    bool quoted;
};

struct csv {
    struct csv_parser parser;
    char *name;
    struct stream *stream; /* NULL for a text in memory */
    const char *text_left;
    size_t text_left_length;
    bool started, ended;
    char delimiter;
    struct buf text;
    VEC(struct stored_field) fields;
    VEC(size_t) rows;              /* the end of each complete row in `fields` */
    size_t next_row, first, count; /* the queue's head; the current row's fields */
    size_t row;
    struct buf header_text;
    VEC(struct stored_field) header;
};

static int nothing_is_space(unsigned char c)
{
    (void)c;
    return 0;
}

static void on_field(void *bytes, size_t length, void *context)
{
    struct csv *csv = context;
    struct stored_field *f = VEC_PUSH(&csv->fields);
    *f = (struct stored_field){csv->text.length, length, bytes && !length};
    if (length)
        buf_add_n(&csv->text, bytes, length);
    buf_add_char(&csv->text, '\0');
}

static void on_row(int terminator, void *context)
{
    struct csv *csv = context;
    (void)terminator;
    VEC_ADD(&csv->rows, csv->fields.count);
}

/* Forgets the rows that were handed out; an unfinished row moves to the front. */
static void drop_read_rows(struct csv *csv)
{
    size_t used = csv->rows.count ? csv->rows.at[csv->rows.count - 1] : 0;
    size_t left = csv->fields.count - used;
    size_t from = left ? csv->fields.at[used].offset : csv->text.length;
    if (left) {
        memmove(csv->text.text, csv->text.text + from, csv->text.length - from);
        memmove(csv->fields.at, csv->fields.at + used, left * sizeof *csv->fields.at);
    }
    csv->text.length -= from;
    csv->fields.count = left;
    for (size_t i = 0; i < left; i++)
        csv->fields.at[i].offset -= from;
    csv->rows.count = csv->next_row = 0;
}

static bool next_block(struct csv *csv, char block[BLOCK], size_t *length, struct err *err)
{
    if (csv->stream)
        return stream_read(csv->stream, block, BLOCK, length, err);
    *length = csv->text_left_length < BLOCK ? csv->text_left_length : BLOCK;
    memcpy(block, csv->text_left, *length);
    csv->text_left += *length;
    csv->text_left_length -= *length;
    return true;
}

static size_t byte_order_mark(const char *block, size_t length)
{
    return length >= 3 && !memcmp(block, "\xef\xbb\xbf", 3) ? 3 : 0;
}

/* Spreadsheets of half the world write semicolons, since commas are in their numbers. */
static char delimiter_of(const char *header, size_t length)
{
    size_t semicolons = 0, tabs = 0;
    bool quoted = false;
    for (size_t i = 0; i < length && (quoted || !strchr("\r\n", header[i])); i++) {
        quoted ^= header[i] == '"';
        if (!quoted && header[i] == ',')
            return ',';
        semicolons += !quoted && header[i] == ';';
        tabs += !quoted && header[i] == '\t';
    }
    return semicolons ? ';' : tabs ? '\t' : ',';
}

static void start(struct csv *csv, const char *block, size_t length)
{
    csv->started = true;
    csv->delimiter = delimiter_of(block, length);
    csv_set_delim(&csv->parser, (unsigned char)csv->delimiter);
}

static bool feed(struct csv *csv, struct err *err)
{
    char block[BLOCK];
    size_t length;
    if (!next_block(csv, block, &length, err))
        return false;
    if (!length) {
        csv->ended = true;
        csv_set_opts(&csv->parser, OPTIONS | CSV_STRICT | CSV_STRICT_FINI);
        if (csv_fini(&csv->parser, on_field, on_row, csv))
            return err_row(
                err, csv->name, csv->row + 1, NULL,
                "the file ends inside quotes; it is cut off or a quote is not closed");
        return true;
    }
    size_t skip = csv->started ? 0 : byte_order_mark(block, length);
    if (!csv->started)
        start(csv, block + skip, length - skip);
    if (csv_parse(&csv->parser, block + skip, length - skip, on_field, on_row, csv) !=
        length - skip)
        return err_row(err, csv->name, csv->row + 1, NULL, "%s",
                       csv_strerror(csv_error(&csv->parser)));
    if (csv->text.length + csv->parser.entry_pos > ROW_LIMIT)
        return err_row(err, csv->name, csv->row + 1, NULL,
                       "longer than %d bytes; is a quote not closed?", ROW_LIMIT);
    return true;
}

bool csv_next(struct csv *csv, bool *more, struct err *err)
{
    while (csv->next_row == csv->rows.count && !csv->ended) {
        drop_read_rows(csv);
        if (!feed(csv, err))
            return false;
    }
    *more = csv->next_row < csv->rows.count;
    csv->first = csv->next_row ? csv->rows.at[csv->next_row - 1] : 0;
    csv->count = *more ? csv->rows.at[csv->next_row] - csv->first : 0;
    csv->next_row += *more;
    csv->row += *more;
    return true;
}

static bool read_header(struct csv *csv, struct err *err)
{
    bool more;
    if (!csv_next(csv, &more, err))
        return false;
    if (!more)
        return err_set(err, "%s: empty; a CSV file begins with a row of column names",
                       csv->name);
    for (size_t i = 0; i < csv->count; i++) {
        struct csv_field f = csv_at(csv, i);
        VEC_ADD(&csv->header,
                ((struct stored_field){csv->header_text.length, f.length, false}));
        buf_add_n(&csv->header_text, f.text, f.length);
        buf_add_char(&csv->header_text, '\0');
    }
    return true;
}

static bool open_on(struct csv **out, struct csv *csv, struct err *err)
{
    if (csv_init(&csv->parser, OPTIONS)) {
        csv_close(csv);
        return err_set(err, "%s: the CSV reader could not start", csv->name);
    }
    csv_set_space_func(&csv->parser, nothing_is_space);
    if (!read_header(csv, err)) {
        csv_close(csv);
        return false;
    }
    *out = csv;
    return true;
}

bool csv_open(struct csv **out, const char *path, struct err *err)
{
    struct stream *stream;
    if (!stream_open(&stream, path, err))
        return false;
    struct csv *csv = mem_alloc(sizeof *csv);
    csv->stream = stream;
    csv->name = mem_strdup(path);
    return open_on(out, csv, err);
}

bool csv_open_text(struct csv **out, const char *name, const char *text, size_t length,
                   struct err *err)
{
    struct csv *csv = mem_alloc(sizeof *csv);
    csv->name = mem_strdup(name);
    csv->text_left = text;
    csv->text_left_length = length;
    return open_on(out, csv, err);
}

void csv_close(struct csv *csv)
{
    if (!csv)
        return;
    csv_free(&csv->parser);
    stream_close(csv->stream);
    buf_release(&csv->text);
    buf_release(&csv->header_text);
    VEC_FREE(&csv->fields);
    VEC_FREE(&csv->rows);
    VEC_FREE(&csv->header);
    free(csv->name);
    free(csv);
}

size_t csv_columns(const struct csv *csv)
{
    return csv->header.count;
}

const char *csv_column_name(const struct csv *csv, size_t column)
{
    return csv->header_text.text + csv->header.at[column].offset;
}

size_t csv_column(const struct csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->header.count; i++)
        if (!strcmp(csv_column_name(csv, i), name))
            return i;
    return (size_t)-1;
}

size_t csv_row(const struct csv *csv)
{
    return csv->row;
}

size_t csv_field_count(const struct csv *csv)
{
    return csv->count;
}

struct csv_field csv_at(const struct csv *csv, size_t column)
{
    if (column >= csv->count)
        return (struct csv_field){"", 0, false};
    const struct stored_field *f = &csv->fields.at[csv->first + column];
    return (struct csv_field){csv->text.text + f->offset, f->length, f->quoted};
}

const char *csv_text(const struct csv *csv, size_t column)
{
    return csv_at(csv, column).text;
}

const char *csv_decimal(const struct csv *csv, size_t column, char room[CSV_DECIMAL])
{
    struct csv_field f = csv_at(csv, column);
    const char *comma = strchr(f.text, ',');
    if (csv->delimiter == ',' || !comma || strchr(comma + 1, ',') || strchr(f.text, '.') ||
        f.length >= CSV_DECIMAL)
        return f.text;
    memcpy(room, f.text, f.length + 1);
    room[comma - f.text] = '.';
    return room;
}
