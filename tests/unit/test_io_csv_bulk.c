#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "io/csv_bulk.h"
#include "io/files.h"

enum { ROWS = 20000, WORKERS = 3 };

struct seen {
    uint64_t rows, sum, last;
};

/* Column 0 is the row's number, column 2 a text with it: a row cut wrongly shows. */
static bool count(void *worker, const struct csv_batch *batch, struct err *err)
{
    struct seen *seen = worker;
    for (size_t r = batch->first; r < batch->rows->count; r++) {
        struct csv_view n = csv_raw(batch->plan, batch->rows, r, 0);
        struct csv_view text = csv_raw(batch->plan, batch->rows, r, 1);
        uint64_t value = strtoull(n.at, NULL, 10);
        char room[200000];
        text = csv_unquote(text, room);
        char expected[32];
        int length = snprintf(expected, sizeof expected, "n\"%llu", (unsigned long long)value);
        if (text.length < (size_t)length || memcmp(text.at, expected, (size_t)length))
            return err_set(err, "row %llu is cut wrongly", (unsigned long long)value);
        seen->rows++;
        seen->sum += value;
        seen->last = batch->row + r;
    }
    return true;
}

static void make_rows(struct buf *out, bool irregular)
{
    buf_add(out, "\xef\xbb\xbfid,skipped,text\r\n");
    for (int i = 1; i <= ROWS; i++) {
        buf_printf(out, "%d,\"with, comma\nand line %s\",\"n\"\"%d", i, i % 7 ? "" : "\"\"", i);
        if (i == ROWS / 2)
            buf_fill(out, 'x', 150000);
        buf_printf(out, "\"%s", i % 3 ? "\n" : "\r\n");
        if (irregular && i == ROWS / 3)
            buf_printf(out, "0,5\" disk,\"n\"\"0\"\n");
    }
}

struct reached {
    uint64_t done, all;
};

static void reach(void *context, uint64_t done, uint64_t all)
{
    struct reached *reached = context;
    assert_true(done >= reached->done);
    *reached = (struct reached){done, all};
}

static void run(struct csv_part *part, unsigned threads, uint64_t rows)
{
    static const uint32_t columns[] = {0, 2};
    struct seen seen[WORKERS];
    void *workers[WORKERS];
    struct csv_bulk_result result;
    struct err err = ERR_INIT;
    enum csv_bulk_status status;
    struct reached reached;
    int runs = 0;
    csv_plan_make(&part->plan, csv_kernel_best(), ',', columns, 2);
    do {
        memset(seen, 0, sizeof seen);
        for (size_t i = 0; i < WORKERS; i++)
            workers[i] = &seen[i];
        reached = (struct reached){0, 0};
        struct csv_bulk job = {part, 1, threads, workers, count, 4096, reach, &reached};
        status = csv_bulk_run(&job, &result, &err);
        assert_true(++runs <= 2);
    } while (status == CSV_BULK_AGAIN);
    assert_string_equal(err.text, "");
    assert_int_equal(status, CSV_BULK_DONE);
    uint64_t total = 0, sum = 0;
    for (size_t i = 0; i < WORKERS; i++) {
        total += seen[i].rows;
        sum += seen[i].sum;
    }
    assert_int_equal(total, rows);
    assert_int_equal(sum, (uint64_t)ROWS * (ROWS + 1) / 2);
    assert_true(part->text || (reached.all && reached.done == reached.all));
    csv_bulk_result_release(&result);
}

static void write_packed(const char *name, const struct buf *text)
{
    gzFile out = gzopen(name, "wb");
    assert_int_equal(gzwrite(out, text->text, (unsigned)text->length), text->length);
    gzclose(out);
}

static void with_file(const struct buf *text, bool packed, uint64_t rows)
{
    char name[64];
    struct err err = ERR_INIT;
    snprintf(name, sizeof name, "/tmp/advisor-test-bulk-%d", (int)getpid());
    if (packed) {
        write_packed(name, text);
    } else {
        assert_true(files_write(name, text->text, text->length, &err));
    }
    for (unsigned threads = 1; threads <= WORKERS; threads++) {
        struct csv_part part = {.path = name};
        run(&part, threads, rows);
    }
    unlink(name);
}

static void test_pieces_blocks_and_memory_agree(void **state)
{
    (void)state;
    struct buf text = BUF_INIT;
    make_rows(&text, false);
    with_file(&text, false, ROWS);
    with_file(&text, true, ROWS);
    struct csv_part part = {.path = "memory", .text = text.text, .text_length = text.length};
    run(&part, 2, ROWS);
    buf_release(&text);
}

static void test_irregular_quotes_fall_back(void **state)
{
    (void)state;
    struct buf text = BUF_INIT;
    make_rows(&text, true);
    with_file(&text, false, ROWS + 1);
    buf_release(&text);
}

static bool refuse(void *worker, const struct csv_batch *batch, struct err *err)
{
    (void)worker;
    return err_set(err, "row %llu", (unsigned long long)batch->row);
}

static bool accept(void *worker, const struct csv_batch *batch, struct err *err)
{
    (void)worker, (void)batch, (void)err;
    return true;
}

/* More workers than parts: those without one unpack for the others, who may stop early. */
static void test_helpers_leave_when_a_part_fails(void **state)
{
    (void)state;
    static const uint32_t columns[] = {0, 2};
    struct buf text = BUF_INIT;
    struct seen seen[WORKERS];
    struct csv_part parts[2];
    char names[2][64];
    make_rows(&text, false);
    for (int i = 0; i < 2; i++) {
        snprintf(names[i], sizeof names[i], "/tmp/advisor-test-help-%d-%d", (int)getpid(), i);
        write_packed(names[i], &text);
        parts[i] = (struct csv_part){.path = names[i]};
        csv_plan_make(&parts[i].plan, csv_kernel_best(), ',', columns, 2);
    }
    void *workers[WORKERS] = {&seen[0], &seen[1], &seen[2]};
    for (int round = 0; round < 20; round++) {
        struct csv_bulk_result result;
        struct err err = ERR_INIT;
        bool fails = round % 2;
        memset(seen, 0, sizeof seen);
        struct csv_bulk job = {parts, 2, WORKERS, workers, fails ? refuse : count, 0, NULL, NULL};
        assert_int_equal(csv_bulk_run(&job, &result, &err),
                         fails ? CSV_BULK_FAILED : CSV_BULK_DONE);
        if (fails)
            continue;
        assert_int_equal(seen[0].rows + seen[1].rows + seen[2].rows, 2 * ROWS);
        csv_bulk_result_release(&result);
    }
    for (int i = 0; i < 2; i++)
        unlink(names[i]);
    buf_release(&text);
}

enum { SHARED_PARTS = 5, SHARED_ROWS = 30000 };

/* Files that workers leave for each other; one reads a file at a time. */
struct shared {
    uint64_t next[SHARED_PARTS]; /* row of each file */
    atomic_uint left;            /* times that a worker went on elsewhere before a file's end */
};

struct reader {
    struct shared *shared;
    uint32_t part;
    uint64_t reached; /* its next row, when this worker last had it */
};

static bool follow(void *worker, const struct csv_batch *batch, struct err *err)
{
    struct reader *reader = worker;
    struct shared *shared = reader->shared;
    if (batch->row != shared->next[batch->part])
        return err_set(err, "file %u: row %llu, not %llu", batch->part,
                       (unsigned long long)batch->row,
                       (unsigned long long)shared->next[batch->part]);
    shared->next[batch->part] += batch->rows->count;
    if (reader->part != batch->part && reader->reached && reader->reached <= SHARED_ROWS)
        shared->left++;
    reader->part = batch->part;
    reader->reached = shared->next[batch->part];
    return true;
}

/* Text that packs badly: what is left of a file is counted as it is stored. */
static void make_noise(struct buf *out)
{
    uint64_t noise = 1;
    buf_add(out, "id,noise\n");
    for (int i = 1; i <= SHARED_ROWS; i++) {
        buf_printf(out, "%d,", i);
        for (int word = 0; word < 4; word++, noise = noise * 6364136223846793005u + 1)
            buf_printf(out, "%016llx", (unsigned long long)noise);
        buf_add(out, "\n");
    }
}

static enum csv_bulk_status share(struct csv_part *parts, unsigned threads,
                                  struct shared *shared, struct err *err)
{
    struct reader readers[WORKERS];
    void *workers[WORKERS];
    struct csv_bulk_result result;
    *shared = (struct shared){.left = 0};
    for (size_t i = 0; i < WORKERS; i++) {
        readers[i] = (struct reader){.shared = shared};
        workers[i] = &readers[i];
    }
    struct csv_bulk job = {parts, SHARED_PARTS, threads, workers, follow, 0, NULL, NULL};
    enum csv_bulk_status status = csv_bulk_run(&job, &result, err);
    if (status == CSV_BULK_DONE)
        csv_bulk_result_release(&result);
    return status;
}

/* The last files come to their ends together, each row once and in order. */
static void test_workers_share_the_last_files(void **state)
{
    (void)state;
    static const uint32_t columns[] = {0};
    struct buf text = BUF_INIT;
    struct csv_part parts[SHARED_PARTS];
    char names[SHARED_PARTS][64];
    struct shared shared;
    struct err err = ERR_INIT;
    make_noise(&text);
    for (int i = 0; i < SHARED_PARTS; i++) {
        snprintf(names[i], sizeof names[i], "/tmp/advisor-test-share-%d-%d", (int)getpid(), i);
        write_packed(names[i], &text);
        parts[i] = (struct csv_part){.path = names[i]};
        csv_plan_make(&parts[i].plan, csv_kernel_best(), ',', columns, 1);
    }
    for (unsigned threads = 2; threads <= WORKERS; threads++) {
        assert_int_equal(share(parts, threads, &shared, &err), CSV_BULK_DONE);
        for (int i = 0; i < SHARED_PARTS; i++)
            assert_int_equal(shared.next[i], SHARED_ROWS + 1);
        assert_true(shared.left > 0);
    }
    assert_int_equal(truncate(names[3], 500000), 0);
    assert_int_equal(share(parts, 2, &shared, &err), CSV_BULK_FAILED);
    assert_non_null(strstr(err.text, names[3]));
    assert_non_null(strstr(err.text, "cut off at byte 500000"));
    for (int i = 0; i < SHARED_PARTS; i++)
        unlink(names[i]);
    buf_release(&text);
}

/* Many members of which each is small, and unpacks to a thousand times its size. */
static void write_bomb(const char *name)
{
    enum { MEMBER = 16 << 20, MEMBERS = 72 };
    struct err err = ERR_INIT;
    struct buf lines = BUF_INIT, packed = BUF_INIT, bomb = BUF_INIT;
    buf_fill(&lines, 'a', MEMBER);
    for (size_t i = 20000; i < MEMBER; i += 20000)
        lines.text[i] = '\n';
    buf_fill(&packed, '\0', MEMBER / 64);
    z_stream z = {.next_in = (Bytef *)lines.text, .avail_in = MEMBER,
                  .next_out = (Bytef *)packed.text, .avail_out = MEMBER / 64};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    for (int i = 0; i < MEMBERS; i++)
        buf_add_n(&bomb, packed.text, z.total_out);
    deflateEnd(&z);
    assert_true(files_write(name, bomb.text, bomb.length, &err));
    buf_release(&lines);
    buf_release(&packed);
    buf_release(&bomb);
}

static void test_bombs_stop(void **state)
{
    (void)state;
    static const uint32_t columns[] = {0};
    char name[64];
    struct err err = ERR_INIT;
    struct csv_bulk_result result;
    void *worker = NULL;
    snprintf(name, sizeof name, "/tmp/advisor-test-bomb-%d", (int)getpid());
    write_bomb(name);
    struct csv_part part = {.path = name};
    csv_plan_make(&part.plan, csv_kernel_best(), ',', columns, 1);
    struct csv_bulk job = {&part, 1, 1, &worker, accept, 0, NULL, NULL};
    assert_int_equal(csv_bulk_run(&job, &result, &err), CSV_BULK_FAILED);
    assert_non_null(strstr(err.text, "more than 400 times its size unpacked at byte 1"));
    unlink(name);
}

static void test_failures_come_out(void **state)
{
    (void)state;
    static const uint32_t columns[] = {0};
    struct err err = ERR_INIT;
    struct csv_bulk_result result;
    void *worker = NULL;
    struct csv_part part = {.path = "t", .text = "a\n1\n\"2", .text_length = 6};
    csv_plan_make(&part.plan, csv_kernel_best(), ',', columns, 1);
    struct csv_bulk job = {&part, 1, 1, &worker, accept, 0, NULL, NULL};
    assert_int_equal(csv_bulk_run(&job, &result, &err), CSV_BULK_FAILED);
    assert_non_null(strstr(err.text, "t: row 3"));
    job.on_batch = refuse;
    part.text_length = 4;
    assert_int_equal(csv_bulk_run(&job, &result, &err), CSV_BULK_FAILED);
    assert_string_equal(err.text, "row 0");
    part.text = NULL;
    part.path = "/nonexistent/file.csv";
    assert_int_equal(csv_bulk_run(&job, &result, &err), CSV_BULK_FAILED);
    assert_non_null(strstr(err.text, "/nonexistent/file.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pieces_blocks_and_memory_agree),
        cmocka_unit_test(test_irregular_quotes_fall_back),
        cmocka_unit_test(test_helpers_leave_when_a_part_fails),
        cmocka_unit_test(test_workers_share_the_last_files),
        cmocka_unit_test(test_bombs_stop),
        cmocka_unit_test(test_failures_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
