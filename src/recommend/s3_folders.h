#ifndef RECOMMEND_S3_FOLDERS_H
#define RECOMMEND_S3_FOLDERS_H

#include "base/vec.h"
#include "s3.h"

/* A prefix that a rule could be for, and all below it. */
struct folder {
    const char *prefix;
    double usd; /* storage a month at STANDARD */
    const char *blocked;
    struct s3_part part; /* its own objects, without those of the folders below it */
    bool filled;
    struct s3_rule rule; /* for it and all below it */
    bool usable;
};

struct folders {
    const struct s3_bucket *bucket;
    struct advice *advice;
    struct node *existing;
    VEC(struct folder) all; /* sorted by prefix: what is below follows */
};

struct chosen {
    double saving;
    VEC(const struct folder *) folders;
};

/*
 * Finds the folders that cost enough, what forbids a rule for each, and the best rule
 * for those that may have one. f->bucket, advice and existing are given.
 */
bool s3_folders_judge(struct folders *f, struct err *err);
/* One folder for all of a bucket whose objects are declared, not listed. */
bool s3_folders_take(struct folders *f, const struct s3_population *population,
                     struct err *err);
/* The end of the folders below one: they follow it. */
size_t s3_folder_end(const struct folders *f, size_t at);
/* The best rules for the bucket: for a folder, or for several below it. */
struct chosen s3_folders_choose(const struct folders *f);

#endif
