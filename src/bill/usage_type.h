#ifndef BILL_USAGE_TYPE_H
#define BILL_USAGE_TYPE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Parts of an AWS usage type: "EUW2-BoxUsage:m6i.xlarge" has the region
 * eu-west-2, the measure "BoxUsage:m6i.xlarge" and the instance type m6i.xlarge.
 * us-east-1 mostly has no prefix. A transfer between two regions has two.
 */
struct usage_type {
    const char *region;  /* of the first prefix; NULL without one */
    const char *measure; /* into the given text */
    const char *instance_type; /* into the given text, to its end; NULL when there is none */
    bool spot;
};

struct usage_type usage_type_parts(const char *text);

#endif
