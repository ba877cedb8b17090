#ifndef BILL_FORMAT_H
#define BILL_FORMAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/vec.h"
#include "estate/cost.h"
#include "io/csv_scan.h"

/*
 * What a column means, whatever the export calls it. The first ones make a sku
 * what it is, the next ones the place where it was used; both are keys.
 */
enum role {
    ROLE_SERVICE,
    ROLE_USAGE_TYPE,
    ROLE_OPERATION,
    ROLE_LINE_TYPE,
    ROLE_REGION,
    ROLE_UNIT,
    ROLE_CURRENCY,
    ROLE_ENTITY,          /* who bills it: AWS, AWS Marketplace; FOCUS: the provider */
    ROLE_COMMITMENT,      /* FOCUS: Used, Unused */
    ROLE_COMMITMENT_TYPE, /* FOCUS: Spend, Usage */
    ROLE_PRICING,         /* FOCUS: Standard, Dynamic, Committed */
    ROLE_FREQUENCY,       /* FOCUS: One-Time, Recurring, Usage-Based */
    ROLE_PRODUCT_NAME,    /* told by the service, so not part of a row's raw key */
    ROLE_RI_ARN,          /* what pays for covered usage, or what a fee is for */
    ROLE_SP_ARN,          /* of FOCUS any commitment */
    SKU_ROLES,

    ROLE_RESOURCE = SKU_ROLES,
    ROLE_ACCOUNT,
    ROLE_ZONE,
    ROLE_RESOURCE_NAME,
    ROLE_RESOURCE_TYPE,
    ROLE_METADATA, /* Databricks usage_metadata, a JSON object */
    ROLE_TAGS,     /* all tags in one field: JSON, or {key=value, ...} */
    PLACE_ROLES_END,

    ROLE_START = PLACE_ROLES_END,
    ROLE_END,
    ROLE_PERIOD, /* the billing period's start: for rows without a start of their own */
    ROLE_QUANTITY,
    ROLE_COST,
    ROLE_NET_COST,
    ROLE_EFFECTIVE_COST, /* FOCUS: amortized, on every row */
    ROLE_LIST_COST,
    ROLE_RI_EFFECTIVE,
    ROLE_RI_UNUSED_UPFRONT,
    ROLE_RI_UNUSED_RECURRING,
    ROLE_RI_NET_EFFECTIVE,
    ROLE_RI_NET_UNUSED_UPFRONT,
    ROLE_RI_NET_UNUSED_RECURRING,
    ROLE_RI_UPFRONT, /* the period's share of it */
    ROLE_RI_UNITS,   /* hours of the period, of all instances reserved */
    ROLE_RI_COUNT,
    ROLE_RI_END,
    ROLE_SP_EFFECTIVE,
    ROLE_SP_NET_EFFECTIVE,
    ROLE_SP_TOTAL,
    ROLE_SP_USED,
    ROLE_SP_UPFRONT,
    ROLE_SP_RECURRING,
    ROLE_SP_NET_UPFRONT,
    ROLE_SP_NET_RECURRING,
    ROLE_SP_END,
    ROLE_SP_KIND,
    ROLE_SP_FAMILY,
    ROLE_SP_REGION,
    ROLE_DESCRIPTION,
    ROLE_COUNT
};

enum { ABSENT = 0xff, LATE = 0x80, LATE_MAX = 32, TAGS_MAX = 40 };

struct header;

struct bill_column {
    enum role role;
    const char *name; /* several of one role: the first that the file has */
};

/* How the amounts of a row are told. */
enum bill_family {
    FAMILY_CUR,        /* by the line type, from many columns */
    FAMILY_FOCUS,      /* as they stand */
    FAMILY_DATABRICKS, /* a quantity, priced by the list */
};

/* One export. Names are compared in Athena's spelling where `mangled` says so. */
struct bill_format {
    const char *name;
    bool mangled;
    const char *const *required;      /* columns that only it has; ends with NULL */
    const struct bill_column *columns; /* ends with a NULL name */
    const char *tag_prefix;           /* of tag columns, in the compared spelling; or NULL */
    enum bill_family family;
    const char *(*version)(const struct header *header); /* NULL: the name is all */
    const char *refusal;              /* it is told apart, but cannot be read: why */
};

extern const struct bill_format *const bill_formats[]; /* ends with NULL */

/* The column names of one file, unquoted and, mangled, in Athena's spelling. */
struct header {
    struct arena arena;
    VEC(const char *) names;
    VEC(const char *) mangled;
    VEC(const char *) types; /* Parquet: DuckDB's names of the columns' types; else none */
};

bool header_read(struct header *out, const char *path, const char *bytes, size_t length,
                 struct err *err);
void header_add(struct header *header, const char *name); /* one column more */
void header_release(struct header *header);
size_t header_find(const struct header *header, bool mangled, const char *name); /* or SIZE_MAX */

/* NULL when no format fits. */
const struct bill_format *format_of(const struct header *header);

/* A column of a Parquet file. */
struct parquet_column {
    const char *name, *type;
    bool key;   /* its texts stand in the rows as numbers */
    bool exact; /* its doubles stand in the rows as exact_amount.h has them */
};

/* Which fields of a scan are what: made once for each different header. */
struct layout {
    const struct bill_format *format;
    const char *label; /* "FOCUS 1.2" */
    uint32_t number;   /* layouts of one run are numbered */
    uint32_t columns;  /* of the file */
    struct csv_plan plan;
    /* Index into the plan's fields; LATE + index into `late`: looked for when needed; ABSENT. */
    uint8_t field[ROLE_COUNT];
    bool net; /* has a column of costs after private discounts */
    uint32_t late[LATE_MAX]; /* columns that few rows need */
    size_t late_count;
    const char *column_name[ROLE_COUNT]; /* as the file spells it */
    uint8_t tag_field[TAGS_MAX];
    const struct parquet_column *parquet; /* of each field; NULL: the file is text */
    const char *parquet_names; /* of all columns where some must be called otherwise; NULL */
    struct symbols *symbols; /* the numbers' texts, while a Parquet file is read */
    /* Runs of neighbouring key fields: [first mark, last mark], compared as raw bytes. */
    struct raw_run {
        uint8_t begin, end;
    } sku_runs[SKU_ROLES], place_runs[PLACE_ROLES_END + TAGS_MAX];
    size_t sku_run_count, place_run_count;
};

/*
 * `tags`: the keys wanted, in the order of tag_field. Names are kept in `arena`.
 * Fails when a column is missing without which nothing can be summed.
 */
bool layout_make(struct layout *out, struct arena *arena, const struct header *header,
                 const char *path, const char *const *tags, size_t tag_count, struct err *err);

/* Athena's spelling of a name: "resourceTags/user:ClusterId" -> resource_tags_user_cluster_id. */
void name_mangle(struct buf *out, const char *name);

#endif
