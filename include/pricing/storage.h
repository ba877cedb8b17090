#ifndef PRICING_STORAGE_H
#define PRICING_STORAGE_H

#include "pricing/book.h"

/* `item`: storage, iops, throughput; `type`: gp3, gp2, io1, io2, st1, sc1, standard. */
bool ebs_price(struct price *out, const struct book *book, const char *type,
               const char *item, const char *region);

/* Storage, and what is provisioned above the included IOPS and MB/s, for a month. */
struct ebs_volume {
    const char *type;
    double gib, iops, mb_per_s; /* 0 iops or MB/s: what the type includes */
};
bool ebs_monthly(struct money *out, const struct book *book, const struct ebs_volume *volume,
                 const char *region);

struct ebs_limits {
    double min_gib, max_gib, base_iops, max_iops, base_mb_per_s, max_mb_per_s;
    double mb_per_s_per_iops, iops_per_gib; /* 0: no such limit */
};
bool ebs_limits_find(struct ebs_limits *out, const struct book *book, const char *type);

/*
 * `storage_class`: standard, intelligent_tiering, standard_ia, onezone_ia, glacier_ir,
 * glacier_flexible, deep_archive, express_onezone, reduced_redundancy, any; `item`:
 * storage, put_copy_post_list, get_select_other, lifecycle_transition_into, retrieval...
 */
bool s3_price(struct price *out, const struct book *book, const char *storage_class,
              const char *item, const char *region);
bool s3_cost(struct money *out, const struct book *book, const char *storage_class,
             const char *item, const char *region, double quantity, struct price_trace *trace);

struct s3_class {
    double min_days;           /* billed at least so long */
    double min_object_kb;      /* billed at least so large */
    double overhead_standard_kb, overhead_class_kb; /* billed on top of each object */
    double auto_tier_min_kb;   /* smaller objects are neither monitored nor moved */
    bool retrieval_fee, milliseconds, needs_restore;
};
bool s3_class_find(struct s3_class *out, const struct book *book, const char *storage_class);

/*
 * The book's name of a class as the S3 API and Terraform write it ("GLACIER",
 * "STANDARD_IA"; in any case), or of the book's own. NULL for a name that is none.
 */
const char *s3_class_name(const char *written);

#endif
