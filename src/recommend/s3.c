#include "s3.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Where the groups of each resource begin and end among estate.objects. */
struct extent {
    size_t first, end;
};

struct survey {
    struct advice *out;
    const struct recommend_input *in;
    struct s3_site site;
    struct extent *extents;
    size_t small; /* buckets that cost too little */
};

static struct extent *find_extents(const struct estate *e)
{
    struct extent *extents = mem_alloc(sizeof *extents * (e->resources.count + 1));
    for (size_t i = 0; i < e->objects.count; i++) {
        struct extent *x = &extents[e->objects.at[i].bucket];
        x->first = x->end ? x->first : i;
        x->end = i + 1;
    }
    return extents;
}

/* The bill knows more than a map, but neither sizes nor ages. */
static bool judge_unlisted(struct survey *s, const struct s3_bucket *bucket, struct err *err)
{
    double gb, usd;
    if (!s3_billed(&gb, &usd, bucket, "TimedStorage-ByteHrs"))
        return s3_advise_declared(s->out, bucket, err);
    s->small += !s3_advise_from_bill(s->out, bucket);
    return true;
}

static bool judge(struct survey *s, uint32_t resource, struct err *err)
{
    struct s3_bucket bucket;
    double gb, usd;
    s3_bucket_init(&bucket, s->out, s->in, &s->site, resource);
    bucket.first_object = s->extents[resource].first;
    bucket.end_object = s->extents[resource].end;
    bool listed = bucket.end_object > 0;
    s3_advise_guard(s->out, &bucket);
    if (!bucket.priced) {
        if (listed || s3_billed(&gb, &usd, &bucket, "TimedStorage-ByteHrs"))
            advice_note(s->out, NOTE_UNPRICED, "bucket %s is not judged: %s", bucket.name,
                        bucket.unpriced_why);
        return true;
    }
    if (listed && !s3_advise_lifecycle(s->out, &bucket, err))
        return false;
    if (listed)
        s3_advise_tables(s->out, &bucket);
    else if (!judge_unlisted(s, &bucket, err))
        return false;
    s3_advise_versions(s->out, &bucket);
    s3_advise_way_back(s->out, &bucket);
    s3_advise_requests(s->out, &bucket);
    s3_advise_replication(s->out, &bucket);
    s3_advise_transfer(s->out, &bucket);
    s3_advise_uploads(s->out, &bucket);
    return true;
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    struct survey s = {.out = out, .in = in, .extents = find_extents(in->estate)};
    bool ok = true;
    s3_site_init(&s.site, in->estate);
    for (uint32_t i = 0; ok && i < in->estate->resources.count; i++) {
        const char *type = in->estate->resources.at[i].type;
        if (type && strcmp(type, "aws_s3_bucket") == 0)
            ok = judge(&s, i, err);
    }
    if (ok && s.small > 0)
        advice_note(out, NOTE_INFO,
                    "%zu %s so little in STANDARD that no storage class could save %.2f USD a "
                    "month on any of them",
                    s.small, s.small == 1 ? "bucket holds" : "buckets hold",
                    in->options->min_monthly_usd);
    s3_site_release(&s.site);
    free(s.extents);
    return ok;
}

extern const struct recommender recommender_s3;
const struct recommender recommender_s3 = {
    .name = "s3",
    .summary = "storage classes by lifecycle rules, versions, uploads, requests and transfer",
    .run = run,
};
