/* The structural scan against libcsv, field by field, with every kernel of this machine. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "io/csv.h"
#include "io/csv_scan.h"

enum { COLUMNS = 8 };

static void add_field(struct buf *out, const char *text, size_t length)
{
    buf_add_char(out, '[');
    buf_add_n(out, text, length);
    buf_add_char(out, ']');
}

static bool by_libcsv(struct buf *out, const char *text, size_t length)
{
    struct csv *csv;
    struct err err = ERR_INIT;
    struct buf whole = BUF_INIT;
    buf_add(&whole, "h\n");
    buf_add_n(&whole, text, length);
    bool ok = csv_open_text(&csv, "fuzz", whole.text, whole.length, &err), more = true;
    if (ok) {
        while ((ok = csv_next(csv, &more, &err)) && more) {
            for (size_t i = 0; i < csv_field_count(csv) && i < COLUMNS; i++)
                add_field(out, csv_text(csv, i), csv_at(csv, i).length);
            buf_printf(out, "%zu\n", csv_field_count(csv));
        }
        csv_close(csv);
    }
    buf_release(&whole);
    return ok;
}

static bool by_scan(struct buf *out, enum csv_kernel kernel, const char *text, size_t length,
                    size_t step)
{
    static const uint32_t columns[COLUMNS] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct csv_plan plan;
    struct csv_rows rows;
    csv_plan_make(&plan, kernel, ',', columns, COLUMNS);
    csv_rows_init(&rows, &plan);
    bool closed = true;
    size_t at = 0, given = 0;
    do {
        given = length - given < step ? length : given + step;
        char *bytes = mem_alloc(given - at); /* its own block: reading past it shows */
        memcpy(bytes, text + at, given - at);
        size_t from = 0, used;
        do {
            used = csv_scan(&plan, &rows, bytes + from, given - at - from, given == length);
            closed &= !rows.unclosed;
            for (size_t r = 0; r < rows.count; r++) {
                for (size_t f = 0; f < COLUMNS && csv_has(&plan, &rows, r, f); f++) {
                    struct csv_view raw = csv_raw(&plan, &rows, r, f);
                    struct csv_view found = csv_find(&plan, &rows, r, (uint32_t)f);
                    if (found.at != raw.at || found.length != raw.length)
                        abort();
                    char *room = mem_alloc(raw.length);
                    struct csv_view v = csv_unquote(raw, room);
                    add_field(out, v.at, v.length);
                    free(room);
                }
                buf_printf(out, "%u\n", rows.field_counts[r]);
            }
            from += used;
        } while (rows.count);
        at += from;
        free(bytes);
    } while (given < length);
    csv_rows_release(&rows);
    return closed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf expected = BUF_INIT, got = BUF_INIT;
    if (!size)
        return 0;
    const char *text = (const char *)data + 1;
    size_t length = size - 1, step = data[0] < 128 ? length + 1 : data[0] - 127;
    bool whole = by_libcsv(&expected, text, length);
    for (unsigned k = 0; k < CSV_KERNELS; k++) {
        if (!csv_kernel_available((enum csv_kernel)k))
            continue;
        buf_clear(&got);
        bool closed = by_scan(&got, (enum csv_kernel)k, text, length, step);
        if (closed != whole)
            abort();
        if (whole && (got.length != expected.length ||
                      memcmp(buf_text(&got), buf_text(&expected), got.length)))
            abort();
    }
    buf_release(&expected);
    buf_release(&got);
    return 0;
}
