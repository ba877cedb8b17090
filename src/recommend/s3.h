#ifndef RECOMMEND_S3_H
#define RECOMMEND_S3_H

#include "advice.h"
#include "base/multimap.h"
#include "models/lifecycle.h"
#include "pricing/book.h"

/* What the files of the S3 recommender share. All of it lives in the advice's arena. */

enum { S3_HORIZON_DAYS = 365, S3_DECISION_DAYS = 3 * 365, S3_SMALL_BYTES = 128 * 1024 };

struct s3_bucket {
    const struct recommend_input *in;
    const struct s3_site *site;
    uint32_t resource;
    size_t first_object, end_object; /* its groups are among these of estate.objects */
    const char *name;
    const char *region; /* NULL: nobody says */
    struct lifecycle_prices prices;
    bool priced;
    const char *unpriced_why;
};

/* What is stored in STANDARD by region: it decides the tier of the storage price. */
struct s3_stored {
    sym region;
    double gb;
};

/* Storage that Unity Catalog manages: "s3://bucket/prefix/". */
struct s3_root {
    const char *url, *owner;
};

/* The book's prices of a region, read once for all of its buckets. */
struct s3_region {
    const char *region, *missing; /* missing: the item without a price; NULL none */
    struct lifecycle_prices prices;
};

/* What all buckets share, found once. */
struct s3_site {
    VEC(struct s3_stored) standard;
    double listed_gb;         /* of all inventories, where no bill says it */
    struct multimap companions; /* "aws_s3_bucket_..." by what they call their bucket */
    VEC(struct s3_root) roots;
    VEC(struct s3_region) regions; /* those that buckets were met in */
};

void s3_site_init(struct s3_site *out, const struct estate *estate);
void s3_site_release(struct s3_site *site);
/* Fills in region and prices. */
void s3_bucket_init(struct s3_bucket *out, struct advice *advice,
                    const struct recommend_input *in, struct s3_site *site, uint32_t resource);
/* Companion *at, counted from 0, that is about the bucket and of the type; NULL at the end. */
const struct resource *s3_companion(const struct s3_bucket *bucket, const char *type,
                                    size_t *at);
/* The book's price rows that a move to `to` rests on, as evidence. */
void s3_evidence_prices(struct advice *advice, struct recommendation *r,
                        const struct s3_bucket *bucket, enum lifecycle_class to);

/*
 * The quantity and unblended cost of one usage type of a bucket in a month
 * ("TimedStorage-ByteHrs", without region); false when the bill has no such line.
 */
bool s3_billed(double *quantity, double *usd, const struct s3_bucket *bucket,
               const char *measure);

/* The same over all usage types that contain `part` ("AWS-Out-Bytes"), in GB. */
bool s3_billed_with(double *gb, double *usd, const struct s3_bucket *bucket, const char *part);

/* Where the rates of reading by age come from; decides how sure advice is. */
enum s3_access_source { S3_ACCESS_NONE, S3_ACCESS_BILL, S3_ACCESS_MEASURED };

enum s3_scenario { S3_LOW, S3_EXPECTED, S3_HIGH, S3_SCENARIOS }; /* of the saving */

/* What lies at or below a prefix, without what lies at or below the exceptions. */
struct s3_scope {
    const char *prefix;
    const char *const *except;
    size_t excepts;
};

/* Objects of one scope as the lifecycle model sees them, in three scenarios. */
struct s3_population {
    const char *prefix;
    bool declared; /* a map says what is stored; else an inventory */
    enum s3_access_source access;
    const char *access_source; /* file, or what of the bill or map */
    double access_days;
    double objects, bytes;
    double small_objects; /* below 128 KiB */
    double young_bytes;   /* below 30 days */
    struct lifecycle_population scenario[S3_SCENARIOS];
};

/* Sums the current objects in classes that a rule can move. False when there are none. */
bool s3_population_of(struct s3_population *out, struct advice *advice,
                      const struct s3_bucket *bucket, struct s3_scope scope);

/* GETs a month that logs and class analyses saw in the whole bucket; 0 without any. */
double s3_measured_gets(const struct s3_bucket *bucket);

/* The same for a whole bucket of which a layer map alone knows; false when it says too little.
 */
bool s3_population_declared(struct s3_population *out, struct advice *advice,
                            const struct s3_bucket *bucket);

/* What a policy does, in dollars a month over the coming year. */
struct s3_effect {
    double now[S3_SCENARIOS], after[S3_SCENARIOS], one_off;
    struct lifecycle_bill bill_now, bill_after; /* as expected, by item */
};

double s3_saving(const struct s3_effect *effect, enum s3_scenario scenario);

enum { S3_CANDIDATES = 2 * S3_SCENARIOS + 1 };

/* A scope with the policies that are best for it under some scenario. */
struct s3_part {
    struct s3_population population;
    struct lifecycle_policy candidate[S3_CANDIDATES];
    struct lifecycle_policy waterfall; /* the best of any length, as expected */
};

bool s3_part_optimise(struct s3_part *part, const struct s3_bucket *bucket, int expire_day,
                      struct err *err);

/* The rule that a prefix gets, with what it was weighed against. */
struct s3_rule {
    const struct s3_part *const
        *part; /* all that the rule acts on; each keeps its own rates */
    size_t parts;
    struct s3_population total; /* of the parts; no model */
    struct lifecycle_policy before, policy;
    struct s3_effect effect;
    struct s3_effect tiering, habit, waterfall; /* of the alternatives */
    struct lifecycle_policy waterfall_policy;   /* of the largest part */
    const char *declined;                       /* why there is no rule; NULL when there is */
};

/* `out` has its parts and the policy of today in `before`; finds the rest. */
bool s3_rule_find(struct s3_rule *out, struct advice *advice, const struct s3_bucket *bucket,
                  struct err *err);

/* "GLACIER_IR after 90 days, objects above 1 MiB". */
const char *s3_policy_text(struct arena *arena, const struct lifecycle_policy *policy);
const char *s3_bytes_text(struct arena *arena, double bytes); /* "1.5 GiB" */

/* The rules of a bucket in the shape of the S3 API, and what advice did to them. */
struct s3_rules {
    struct node *list;
    struct node *touched;   /* IDs of rules that advice added, changed or took out */
    bool known;             /* the estate says what stands; else `list` is advice alone */
    const char *least_size; /* "varies_by_storage_class"; NULL: nobody says */
};

/* As the estate knows them; may be empty. */
struct s3_rules s3_standing_rules(struct arena *arena, const struct s3_bucket *bucket);
/* Adds a rule that has no ID yet, under `id` or, where that is taken, one that begins so. */
void s3_rules_add(struct arena *arena, struct s3_rules *rules, const char *id,
                  struct node *rule);
/* NULL takes it out. */
void s3_rules_replace(struct arena *arena, struct s3_rules *rules, size_t at,
                      struct node *rule);
/* Whether one of them, enabled, aborts incomplete uploads in all of the bucket. */
bool s3_rules_abort_uploads(const struct s3_rules *rules);
/* What an existing rule does to objects, where the model can say it. */
bool s3_rule_policy(struct lifecycle_policy *out, const char **prefix,
                    const struct node *rule);
/* Adds a rule with the policy's transitions for `prefix`. */
void s3_rules_add_tiers(struct arena *arena, struct s3_rules *rules, const char *prefix,
                        const struct lifecycle_policy *policy);
/* Adds one that aborts uploads after 7 days in the whole bucket. */
void s3_rules_add_abort(struct arena *arena, struct s3_rules *rules);
/* Whether put-bucket-lifecycle-configuration accepts it; says which rule breaks what. */
bool s3_configuration_check(const struct node *configuration, struct err *err);
/*
 * Adds lifecycle.json, the whole configuration with what is known to stand;
 * lifecycle.tf, the same; and lifecycle.sh, which fetches what stands when it
 * runs and changes only the rules that advice touched. Where S3 would refuse the
 * configuration a note says why, and nothing is written.
 */
void s3_add_configuration(struct advice *advice, struct recommendation *r,
                          const struct s3_bucket *bucket, const struct s3_rules *rules);
const char *s3_configuration_json(struct arena *arena, const struct node *configuration);
const char *s3_configuration_terraform(struct arena *arena, const char *bucket,
                                       const struct s3_rules *rules);

/* Whether a rule acts on objects with some tags alone. */
bool s3_rule_has_tags(const struct node *rule);
/* Why a rule by age for a prefix would meet a table; NULL where nothing is known of one. */
const char *s3_tables_near(struct arena *arena, const struct s3_bucket *bucket,
                           const char *prefix);

/* Parts of the recommender; each looks at one bucket. */
void s3_advise_guard(struct advice *advice, const struct s3_bucket *bucket);
bool s3_advise_lifecycle(struct advice *advice, const struct s3_bucket *bucket,
                         struct err *err);
/* The same from a layer map; nothing where it says too little. */
bool s3_advise_declared(struct advice *advice, const struct s3_bucket *bucket,
                        struct err *err);
/* False when the bucket is too small for any advice to pay. */
bool s3_advise_from_bill(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_way_back(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_versions(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_uploads(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_tables(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_requests(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_replication(struct advice *advice, const struct s3_bucket *bucket);
void s3_advise_transfer(struct advice *advice, const struct s3_bucket *bucket);

/* What is at or below a prefix; two prefixes of which one holds the other. */
bool s3_is_below(const char *prefix, const char *of);
bool s3_overlap(const char *a, const char *b);

/* A range that is the same saving in every scenario order: low to high around expected. */
void s3_set_saving(struct recommendation *r, const struct recommend_input *in, double now,
                   const double saving[S3_SCENARIOS]);

#endif
