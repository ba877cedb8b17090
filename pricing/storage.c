#include "pricing/storage.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NAME_ROOM = 64 };

static const char *one(char out[NAME_ROOM], const char *name, const char *value)
{
    int n = snprintf(out, NAME_ROOM, "%s=%s", name, value);
    return n > 0 && n < NAME_ROOM ? out : "?=";
}

bool ebs_price(struct price *out, const struct book *book, const char *type, const char *item,
               const char *region)
{
    char room[NAME_ROOM];
    return book_price(out, book,
                      &(struct price_key){"ebs", item, one(room, "type", type), region});
}

/* A part that has no price of its own (IOPS of gp2) comes with the storage. */
static bool add_part(struct money *sum, const struct book *book, const char *type,
                     const char *item, const char *region, double quantity)
{
    char room[NAME_ROOM];
    struct money amount;
    struct price_key key = {"ebs", item, one(room, "type", type), region};
    if (!book_cost(&amount, book, &key, quantity, NULL))
        return false;
    *sum = money_add(*sum, amount);
    return true;
}

/* Provisioned IOPS are billed from the first one, or above what gp3 includes. */
static bool sells(const char *type, const char *item)
{
    static const char *const sold[][2] = {
        {"gp3", "iops"}, {"gp3", "throughput"}, {"io1", "iops"}, {"io2", "iops"}};
    for (size_t i = 0; i < sizeof sold / sizeof *sold; i++)
        if (!strcmp(sold[i][0], type) && !strcmp(sold[i][1], item))
            return true;
    return false;
}

bool ebs_monthly(struct money *out, const struct book *book, const struct ebs_volume *volume,
                 const char *region)
{
    const char *type = volume->type;
    *out = MONEY_ZERO;
    if (!add_part(out, book, type, "storage", region, volume->gib))
        return false;
    if (volume->iops > 0 && sells(type, "iops") &&
        !add_part(out, book, type, "iops", region, volume->iops))
        return false;
    return volume->mb_per_s <= 0 || !sells(type, "throughput") ||
           add_part(out, book, type, "throughput", region, volume->mb_per_s);
}

bool ebs_limits_find(struct ebs_limits *out, const struct book *book, const char *type)
{
    static const struct {
        const char *column;
        size_t at;
    } columns[] = {
        {"min_gib", offsetof(struct ebs_limits, min_gib)},
        {"max_gib", offsetof(struct ebs_limits, max_gib)},
        {"base_iops", offsetof(struct ebs_limits, base_iops)},
        {"max_iops", offsetof(struct ebs_limits, max_iops)},
        {"base_mb_per_s", offsetof(struct ebs_limits, base_mb_per_s)},
        {"max_mb_per_s", offsetof(struct ebs_limits, max_mb_per_s)},
        {"mb_per_s_per_iops_max", offsetof(struct ebs_limits, mb_per_s_per_iops)},
        {"iops_per_gib_max", offsetof(struct ebs_limits, iops_per_gib)},
    };
    if (!book_fact(book, "ebs_limits", type, "max_gib"))
        return false;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        *(double *)(void *)((char *)out + columns[i].at) =
            book_fact_number(book, "ebs_limits", type, columns[i].column, 0);
    return true;
}

bool s3_price(struct price *out, const struct book *book, const char *storage_class,
              const char *item, const char *region)
{
    char room[NAME_ROOM];
    return book_price(
        out, book, &(struct price_key){"s3", item, one(room, "class", storage_class), region});
}

bool s3_cost(struct money *out, const struct book *book, const char *storage_class,
             const char *item, const char *region, double quantity, struct price_trace *trace)
{
    char room[NAME_ROOM];
    struct price_key key = {"s3", item, one(room, "class", storage_class), region};
    return book_cost(out, book, &key, quantity, trace);
}

static double rule(const struct book *book, const char *storage_class, const char *column)
{
    return book_fact_number(book, "s3_rules", storage_class, column, 0);
}

static bool rule_is(const struct book *book, const char *storage_class, const char *column,
                    const char *value)
{
    const char *text = book_fact(book, "s3_rules", storage_class, column);
    return text && !strcmp(text, value);
}

bool s3_class_find(struct s3_class *out, const struct book *book, const char *name)
{
    if (!book_fact(book, "s3_rules", name, "min_duration_days"))
        return false;
    *out = (struct s3_class){
        .min_days = rule(book, name, "min_duration_days"),
        .min_object_kb = rule(book, name, "min_billable_object_kb"),
        .overhead_standard_kb = rule(book, name, "overhead_kb_at_standard_rate"),
        .overhead_class_kb = rule(book, name, "overhead_kb_at_class_rate"),
        .auto_tier_min_kb = rule(book, name, "auto_tier_min_object_kb"),
        .retrieval_fee = rule_is(book, name, "per_gb_retrieval_fee", "yes"),
        .milliseconds = rule(book, name, "millisecond_access") > 0,
        .needs_restore = rule_is(book, name, "readable_without_restore", "no"),
    };
    return true;
}

const char *s3_class_name(const char *written)
{
    static const char *const names[][2] = {
        {"STANDARD", "standard"},
        {"INTELLIGENT_TIERING", "intelligent_tiering"},
        {"STANDARD_IA", "standard_ia"},
        {"ONEZONE_IA", "onezone_ia"},
        {"GLACIER_IR", "glacier_ir"},
        {"GLACIER", "glacier_flexible"},
        {"GLACIER_FLEXIBLE", "glacier_flexible"},
        {"DEEP_ARCHIVE", "deep_archive"},
        {"EXPRESS_ONEZONE", "express_onezone"},
        {"REDUCED_REDUNDANCY", "reduced_redundancy"},
    };
    for (size_t i = 0; written && i < sizeof names / sizeof *names; i++)
        if (!strcasecmp(written, names[i][0]))
            return names[i][1];
    return NULL;
}
