#include <math.h>

#include "estimate_build.h"
#include "pricing/storage.h"

/* What objects are billed beyond their bytes, for each GiB of one class in a bucket. */
struct beyond {
    double objects, short_kib; /* how many there are; what they lack of the least size billed */
};

static const double kib_per_gib = 1048576;

static void add_size(struct beyond *b, double kib, double count, double least_kib)
{
    b->objects += count;
    b->short_kib += count * fmax(0, least_kib - kib);
}

/* Rows [KiB, count]; false where they say nothing. */
static bool by_histogram(struct beyond *out, const struct node *rows, double least_kib)
{
    double sum = 0;
    for (size_t i = 0; node_is(rows, NODE_LIST) && i < rows->count; i++) {
        double kib = node_number(node_at(rows->items[i], "0"), 0);
        double count = node_number(node_at(rows->items[i], "1"), 0);
        if (!(kib > 0) || !(count > 0))
            continue;
        sum += kib * count;
        add_size(out, kib, count, least_kib);
    }
    if (!(sum > 0))
        return false;
    out->objects *= kib_per_gib / sum;
    out->short_kib *= kib_per_gib / sum;
    return true;
}

/* With a mean alone the least there can be: objects of one size fall short of less. */
static struct beyond beyond_of(const struct node *n, double least_kib)
{
    struct beyond out = {0, 0};
    struct range gb = {0, 0, 0}, objects;
    double mean = node_number(node_get(n, "mean_kb"), 0);
    if (by_histogram(&out, node_get(n, "histogram"), least_kib))
        return out;
    range_read(&gb, node_get(n, "gb"));
    if (range_read(&objects, node_get(n, "objects")) && objects.expected > 0)
        mean = gb.expected * kib_per_gib / objects.expected;
    if (mean > 0)
        add_size(&out, mean, kib_per_gib / mean, least_kib);
    return out;
}

static void add_gb(struct quote *q, const char *what, const char *written, const char *class,
                   struct range gb, double share)
{
    struct arena *arena = &q->run->out->arena;
    if (!(share > 0) || !(gb.high > 0))
        return;
    quote_add(q, arena_printf(arena, "Storage (%s), %s", written, what), "GB",
              &(struct price_key){"s3", "storage", arena_printf(arena, "class=%s", class),
                                  q->r->region},
              (struct range){gb.low * share, gb.expected * share, gb.high * share});
}

static void quote_class(struct quote *q, const struct node *n)
{
    struct s3_class rules;
    struct range gb = {0, 0, 0}, noncurrent = {0, 0, 0};
    const char *written = node_text(node_get(n, "class"), ""), *class = s3_class_name(written);
    if (!class || !s3_class_find(&rules, q->run->book, class))
        return;
    struct beyond beyond = beyond_of(n, rules.min_object_kb);
    range_read(&gb, node_get(n, "gb"));
    range_read(&noncurrent, node_get(n, "noncurrent_gb"));
    gb = (struct range){gb.low + noncurrent.low, gb.expected + noncurrent.expected,
                        gb.high + noncurrent.high};
    add_gb(q, "what small objects are billed more", written, class, gb,
           beyond.short_kib / kib_per_gib);
    add_gb(q, "index of each object", written, class, gb,
           beyond.objects * rules.overhead_class_kb / kib_per_gib);
    add_gb(q, "name of each object, as STANDARD", written, "standard", gb,
           beyond.objects * rules.overhead_standard_kb / kib_per_gib);
}

void quote_objects(struct quote *q)
{
    const struct node *storage = node_get(q->r->usage, "storage");
    for (size_t i = 0; node_is(storage, NODE_LIST) && i < storage->count; i++)
        quote_class(q, storage->items[i]);
}
