#ifndef RECOMMEND_S3_RULES_H
#define RECOMMEND_S3_RULES_H

#include "s3.h"

/* A name of the tree of lifecycle rules in Terraform and in the API; `list` blocks may repeat.
 */
struct s3_rule_name {
    const char *terraform, *api;
    bool list;
};

/* NULL for a name that is none. */
const struct s3_rule_name *s3_name_of_terraform(const char *name);
const struct s3_rule_name *s3_name_of_api(const char *name);

#endif
