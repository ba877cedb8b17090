#ifndef UNIT_S3_SITE_H
#define UNIT_S3_SITE_H

#include <math.h>
#include <string.h>

#include "pricing/book.h"
#include "recommend/advice.h"
#include "recommend/s3.h"

/* An estate of one bucket, "lake" in us-east-1, and what the S3 recommender says of it. */
extern const struct recommender recommender_s3;

struct site {
    struct estate *estate;
    struct book *book;
    struct recommend_options options;
    struct advice advice;
    uint32_t bucket;
    struct err err;
};

static inline void site_open(struct site *s)
{
    *s = (struct site){.estate = estate_open(), .options = recommend_defaults()};
    assert_true(book_open(&s->book, NULL, &s->err));
    advice_init(&s->advice, s->estate);
    s->bucket = estate_resource(s->estate, "lake");
    struct resource *r = &s->estate->resources.at[s->bucket];
    r->type = intern(s->estate->symbols, "aws_s3_bucket");
    r->id = r->name = intern(s->estate->symbols, "lake");
    r->region = intern(s->estate->symbols, "us-east-1");
}

static inline void site_close(struct site *s)
{
    advice_release(&s->advice);
    book_free(s->book);
    estate_free(s->estate);
}

/* `count` objects of `bytes` in every age bin from `from` up to `to`. */
static inline struct object_group *put(struct site *s, const char *prefix, const char *class,
                                       double bytes, uint64_t count, int from, int to)
{
    struct object_group *g = VEC_PUSH(&s->estate->objects);
    int size = 0;
    while (size < SIZE_BINS - 1 && bytes >= object_size_bound_bytes[size])
        size++;
    g->bucket = s->bucket;
    g->prefix = intern(s->estate->symbols, prefix);
    g->storage_class = intern(s->estate->symbols, class);
    g->taken_on = day_of(2026, 1, 1);
    for (int a = from; a <= to; a++)
        g->bins[a][size] = (struct object_bin){count, (uint64_t)(bytes * (double)count)};
    return g;
}

/* Reads of a share of the bytes a day in the age bins up to `until`, none later. */
static inline void put_access(struct site *s, const char *prefix, double share, int until)
{
    struct access_evidence *e = VEC_PUSH(&s->estate->access);
    e->bucket = s->bucket;
    e->prefix = intern(s->estate->symbols, prefix);
    e->days = 60;
    e->source = "access.log";
    for (int a = 0; a < AGE_BINS; a++) {
        double bytes = 0, objects = 0;
        for (size_t i = 0; i < s->estate->objects.count; i++)
            for (int z = 0; z < SIZE_BINS; z++) {
                const struct object_group *g = &s->estate->objects.at[i];
                bool here = strncmp(g->prefix, prefix, strlen(prefix)) == 0;
                bytes += here ? (double)g->bins[a][z].bytes : 0;
                objects += here ? (double)g->bins[a][z].count : 0;
            }
        e->stored_byte_days[a] = NAN;
        e->read_bytes[a] = a <= until ? bytes * share * e->days : 0;
        e->read_requests[a] = a <= until ? objects * share * e->days : 0;
    }
}

static inline void run(struct site *s)
{
    struct recommend_input in = {s->estate, s->book, &s->options};
    estate_index(s->estate);
    if (!recommender_s3.run(&s->advice, &in, &s->err))
        fail_msg("%s", s->err.text);
}

static inline const struct recommendation *advised(const struct site *s, const char *kind)
{
    for (size_t i = 0; i < s->advice.recommendations.count; i++)
        if (strcmp(s->advice.recommendations.at[i].kind, kind) == 0)
            return &s->advice.recommendations.at[i];
    return NULL;
}

static inline bool declined(const struct site *s, const char *part)
{
    for (size_t i = 0; i < s->advice.declined.count; i++)
        if (strstr(s->advice.declined.at[i].reason, part))
            return true;
    return false;
}

static inline const char *artefact(const struct recommendation *r, const char *name)
{
    for (size_t i = 0; i < r->artefacts.count; i++)
        if (strcmp(r->artefacts.at[i].name, name) == 0)
            return r->artefacts.at[i].text;
    return "";
}

static inline double expected(const struct recommendation *r)
{
    return money_double(recommendation_saving(r).expected);
}

/* A usage type of the bucket on the bill of one month of 730 hours. */
static inline void put_bill(struct site *s, const char *measure, double quantity, double usd)
{
    struct sku *sku = VEC_PUSH(&s->estate->skus);
    sku->measure = sku->usage_type = intern(s->estate->symbols, measure);
    sku->region = intern(s->estate->symbols, "us-east-1");
    struct cost_line *line = VEC_PUSH(&s->estate->lines);
    line->resource = s->bucket;
    line->sku = (uint32_t)s->estate->skus.count - 1;
    line->hours = 730;
    line->quantity = money_of(quantity);
    for (int b = 0; b < BASIS_COUNT; b++)
        line->cost[b] = money_of(usd);
}

#endif
