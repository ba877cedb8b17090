/*
 * ec2_agreement [FILE]: takes a file of AWS's own rightsizing recommendations as the
 * metrics of its instances and prints how often ours name AWS's type, twice: with
 * memory that nobody measured kept, and with it ignored as AWS does. For every
 * disagreement the reason is printed with -v.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/csv.h"
#include "pricing/book.h"
#include "recommend/recommend.h"

enum { HOURS = 14 * 24, MOST_ROWS = 100000 };

extern const struct recommender recommender_ec2;

struct row {
    uint32_t resource;
    const char *action, *type, *theirs;
};

struct file {
    struct estate *estate;
    VEC(struct row) rows;
};

static const char *field(const struct csv *csv, const char *name)
{
    size_t column = csv_column(csv, name);
    return column == (size_t)-1 ? "" : csv_text(csv, column);
}

/* "EU (Ireland)" of the console; the book calls it Europe (Ireland). */
static const char *region_of(const struct book *book, const char *name)
{
    const char *place = strchr(name, '(');
    for (size_t i = 0; place && i < book_fact_count(book, "regions"); i++) {
        const char *key = book_fact_key(book, "regions", i);
        const char *full = book_fact(book, "regions", key, "name");
        if (full && strstr(full, place))
            return key;
    }
    return NULL;
}

static const char *os_of(const char *name)
{
    return strncmp(name, "Windows", 7) == 0   ? "windows"
           : strncmp(name, "Red Hat", 7) == 0 ? "rhel"
                                              : "linux";
}

/* One figure for the whole window: the file states the peak, so every hour has it. */
static void add_series(struct estate *e, const char *id, const char *metric, const char *text,
                       double scale)
{
    if (!*text)
        return;
    struct metric_series *m = VEC_PUSH(&e->series);
    *m = (struct metric_series){
        .resource = NOTHING,
        .subject = intern(e->symbols, id),
        .metric = intern(e->symbols, metric),
        .stat = intern(e->symbols, strstr(metric, "tilization") ? "Maximum" : "Sum"),
        .step = 3600,
        .count = HOURS,
        .times = ARENA_ARRAY(&e->arena, int64_t, HOURS),
        .values = ARENA_ARRAY(&e->arena, double, HOURS),
    };
    for (int h = 0; h < HOURS; h++) {
        m->times[h] = 1700000000 / 3600 * 3600 + h * 3600L;
        m->values[h] = strtod(text, NULL) * scale;
    }
}

static void add_row(struct file *f, const struct book *book, const struct csv *csv)
{
    static const struct {
        const char *column, *metric;
        double scale;
    } metrics[] = {
        {"CPU utilization", "CPUUtilization", 1},
        {"Memory utilization", "MemoryUtilization", 1},
        {"Network in (KiB/s)", "NetworkIn", 1024 * 3600},
        {"Network out (KiB/s)", "NetworkOut", 1024 * 3600},
        {"EBS read throughput (KiB/s)", "EBSReadBytes", 1024 * 3600},
        {"EBS write throughput (KiB/s)", "EBSWriteBytes", 1024 * 3600},
        {"EBS read (Ops/s)", "EBSReadOps", 3600},
        {"EBS write (Ops/s)", "EBSWriteOps", 3600},
    };
    struct estate *e = f->estate;
    const char *id = field(csv, "Instance ID");
    uint32_t index = estate_resource(e, id);
    struct resource *r = &e->resources.at[index];
    struct node *attrs = node_new(&e->arena, NODE_MAP);
    node_add(&e->arena, attrs, "instance_type",
             node_string(&e->arena, field(csv, "Instance type")));
    node_add(&e->arena, attrs, "os", node_string(&e->arena, os_of(field(csv, "OS"))));
    r->type = intern(e->symbols, "aws_instance");
    r->region = intern(e->symbols, region_of(book, field(csv, "Region")));
    r->attrs = attrs;
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++)
        add_series(e, r->key, metrics[i].metric, field(csv, metrics[i].column),
                   metrics[i].scale);
    VEC_ADD(&f->rows,
            ((struct row){index, intern(e->symbols, field(csv, "Recommended action")),
                          intern(e->symbols, field(csv, "Instance type")),
                          intern(e->symbols, field(csv, "Recommended instance type 1"))}));
}

static bool read_file(struct file *f, const struct book *book, const char *path,
                      struct err *err)
{
    struct csv *csv;
    bool more = true, ok = csv_open(&csv, path, err);
    if (!ok)
        return false;
    while (ok && f->rows.count < MOST_ROWS && (ok = csv_next(csv, &more, err)) && more)
        if (*field(csv, "Instance ID"))
            add_row(f, book, csv);
    csv_close(csv);
    estate_index(f->estate);
    return ok;
}

struct outcome {
    const char *ours, *why; /* ours: "", "stop" or a type */
    bool among;             /* AWS's type is one of our options */
};

static struct outcome outcome_of(const struct advice *a, const struct row *row)
{
    struct outcome o = {"", "no advice", false};
    for (size_t i = 0; i < a->declined.count; i++)
        if (a->declined.at[i].resource == row->resource)
            o.why = a->declined.at[i].reason;
    for (size_t i = 0; i < a->recommendations.count; i++) {
        const struct recommendation *r = &a->recommendations.at[i];
        if (r->resources.at[0] != row->resource)
            continue;
        o.ours = r->action == ACTION_STOP
                     ? "stop"
                     : node_text(node_get(r->proposed, "instance_type"), "");
        o.why = "ours is another";
        o.among = strcmp(o.ours, row->theirs) == 0;
        for (size_t k = 0; k < r->alternatives.count; k++) {
            const struct alternative *alt = &r->alternatives.at[k];
            size_t n = strlen(row->theirs);
            if (n && strncmp(alt->title, row->theirs, n) == 0) {
                o.among = o.among || alt->title[n] == ',';
                o.why = alt->title[n] == '\0' ? alt->why_not : o.why;
            }
        }
    }
    return o;
}

static void compare(const struct file *f, const struct book *book, bool memory_ignored,
                    bool verbose)
{
    struct recommend_options options = recommend_defaults();
    struct arena arena = ARENA_INIT;
    struct advice advice;
    struct node *parameters = node_new(&arena, NODE_MAP), *ec2 = node_new(&arena, NODE_MAP);
    node_add(&arena, ec2, "memory_unknown",
             node_string(&arena, memory_ignored ? "ignore" : "keep"));
    node_add(&arena, parameters, "ec2", ec2);
    options.parameters = parameters;
    options.min_monthly_usd = 0;
    advice_init(&advice, f->estate);
    struct recommend_input in = {f->estate, book, &options};
    recommender_ec2.run(&advice, &in, NULL);

    size_t modify = 0, first = 0, among = 0, stop = 0, stopped = 0, memory = 0, ours_stop = 0;
    for (size_t i = 0; i < f->rows.count; i++) {
        const struct row *row = &f->rows.at[i];
        struct outcome o = outcome_of(&advice, row);
        bool terminate = strcmp(row->action, "Terminate") == 0;
        bool same = strcmp(o.ours, terminate ? "stop" : row->theirs) == 0;
        stop += terminate;
        stopped += terminate && same;
        modify += !terminate;
        first += !terminate && same;
        among += !terminate && o.among;
        ours_stop += !terminate && strcmp(o.ours, "stop") == 0;
        memory += !terminate && !same && strstr(o.why, "memory use is not known");
        if (verbose && !same)
            printf("%s: AWS %s, ours %s: %s\n", row->type, terminate ? "stop" : row->theirs,
                   *o.ours ? o.ours : "none", o.why);
    }
    printf("unknown memory %-8s same first type %zu of %zu (%.1f %%), among our options %zu "
           "(%.1f %%), refused for unknown memory %zu, stopped instead %zu; stop %zu of "
           "%zu\n",
           memory_ignored ? "ignored:" : "kept:", first, modify,
           100.0 * (double)first / (double)modify, among,
           100.0 * (double)among / (double)modify, memory, ours_stop, stopped, stop);
    advice_release(&advice);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    bool verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    const char *data = getenv("ADVISOR_DATA") ? getenv("ADVISOR_DATA") : "../shared/data";
    char path[1024];
    snprintf(path, sizeof path, "%s/recommendations/aws-ec2-rightsizing-700.csv", data);
    const char *name = argc > 1 + verbose ? argv[1 + verbose] : path;
    struct file f = {.estate = estate_open()};
    struct book *book = NULL;
    struct err err = ERR_INIT;
    bool ok = book_open(&book, NULL, &err) && read_file(&f, book, name, &err);
    if (ok) {
        compare(&f, book, false, verbose);
        compare(&f, book, true, verbose);
    } else {
        fprintf(stderr, "ec2_agreement: %s\n", err.text);
    }
    VEC_FREE(&f.rows);
    estate_free(f.estate);
    book_free(book);
    return ok ? 0 : 1;
}
