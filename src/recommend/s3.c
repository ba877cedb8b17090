#include "s3.h"

#include <string.h>

static bool has_objects(const struct estate *e, uint32_t bucket)
{
    for (size_t i = 0; i < e->objects.count; i++)
        if (e->objects.at[i].bucket == bucket)
            return true;
    return false;
}

static bool judge(struct advice *out, const struct recommend_input *in, uint32_t resource,
                  struct err *err)
{
    struct s3_bucket bucket;
    bool listed = has_objects(in->estate, resource);
    double gb, usd;
    s3_bucket_init(&bucket, out, in, resource);
    if (!bucket.priced) {
        if (listed || s3_billed(&gb, &usd, &bucket, "TimedStorage-ByteHrs"))
            advice_note(out, NOTE_UNPRICED, "bucket %s is not judged: %s", bucket.name,
                        bucket.unpriced_why);
        return true;
    }
    if (listed && (!s3_advise_lifecycle(out, &bucket, err) ||
                   !s3_advise_versions(out, &bucket, err)))
        return false;
    if (listed)
        s3_advise_tables(out, &bucket);
    else
        s3_advise_from_bill(out, &bucket);
    s3_advise_way_back(out, &bucket);
    s3_advise_requests(out, &bucket);
    s3_advise_transfer(out, &bucket);
    return s3_advise_uploads(out, &bucket, err);
}

static bool run(struct advice *out, const struct recommend_input *in, struct err *err)
{
    for (uint32_t i = 0; i < in->estate->resources.count; i++) {
        const char *type = in->estate->resources.at[i].type;
        if (type && strcmp(type, "aws_s3_bucket") == 0 && !judge(out, in, i, err))
            return false;
    }
    return true;
}

extern const struct recommender recommender_s3;
const struct recommender recommender_s3 = {
    .name = "s3",
    .summary = "storage classes by lifecycle rules, versions, uploads, requests and transfer",
    .run = run,
};
