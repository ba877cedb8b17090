/* Small bills in a scratch folder, loaded into an estate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/buf.h"
#include "bill/bill.h"
#include "io/files.h"

struct fixture {
    char folder[64];
    struct arena arena;
    struct estate *estate;
    struct bill_summary summary;
    struct bill_options options;
    const char *path;
    struct err err;
    bool ok;
};

static inline void fixture_open(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    strcpy(f->folder, "/tmp/advisor-bill-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    f->options.threads = 2;
}

static inline const char *fixture_path(struct fixture *f, const char *name)
{
    char *path = arena_printf(&f->arena, "%s/%s", f->folder, name);
    for (char *slash = path + strlen(f->folder) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    return path;
}

static inline void fixture_write(struct fixture *f, const char *name, const char *text)
{
    assert_true(files_write(fixture_path(f, name), text, strlen(text), &f->err));
}

static inline void fixture_write_gzip(struct fixture *f, const char *name, const char *text)
{
    gzFile out = gzopen(fixture_path(f, name), "wb");
    assert_int_equal(gzwrite(out, text, (unsigned)strlen(text)), strlen(text));
    gzclose(out);
}

/* Loads a file of the folder, or with "" the folder. */
static inline struct estate *fixture_load(struct fixture *f, const char *name)
{
    if (f->estate && f->ok)
        bill_summary_release(&f->summary);
    estate_free(f->estate);
    f->estate = estate_open();
    f->err = (struct err)ERR_INIT;
    f->path = *name ? fixture_path(f, name) : f->folder;
    f->options.paths = &f->path;
    f->options.path_count = 1;
    f->ok = bill_load(f->estate, &f->options, &f->summary, &f->err);
    return f->estate;
}

static inline void fixture_close(struct fixture *f)
{
    char *command = arena_printf(&f->arena, "rm -rf %s", f->folder);
    assert_int_equal(system(command), 0);
    if (f->ok)
        bill_summary_release(&f->summary);
    estate_free(f->estate);
    arena_release(&f->arena);
}

static inline struct money total_of(const struct estate *estate, enum basis basis)
{
    struct money sum = MONEY_ZERO;
    for (size_t i = 0; i < estate->lines.count; i++)
        sum = money_add(sum, estate->lines.at[i].cost[basis]);
    return sum;
}

static inline void assert_total(const struct estate *estate, enum basis basis, const char *expected)
{
    struct buf text = BUF_INIT;
    struct money files = MONEY_ZERO;
    money_format_exact(&text, total_of(estate, basis));
    assert_string_equal(buf_text(&text), expected);
    for (size_t i = 0; i < estate->bills.count; i++)
        if (estate->bills.at[i].currency == estate->currency)
            files = money_add(files, estate->bills.at[i].total[basis]);
    assert_int_equal(money_cmp(files, total_of(estate, basis)), 0);
    buf_release(&text);
}

static inline const struct resource *resource_of(const struct estate *estate, const char *key)
{
    uint32_t index = estate_find(estate, key);
    assert_int_not_equal(index, NOTHING);
    return &estate->resources.at[index];
}

static inline struct money cost_of(const struct estate *estate, const char *key, enum basis basis)
{
    struct money sum = MONEY_ZERO;
    uint32_t index = estate_find(estate, key);
    for (size_t i = 0; i < estate->lines.count; i++)
        if (estate->lines.at[i].resource == index)
            sum = money_add(sum, estate->lines.at[i].cost[basis]);
    return sum;
}

static inline bool has_note(const struct estate *estate, const char *part)
{
    for (size_t i = 0; i < estate->notes.count; i++)
        if (strstr(estate->notes.at[i].text, part))
            return true;
    return false;
}
