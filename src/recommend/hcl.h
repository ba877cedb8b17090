#ifndef RECOMMEND_HCL_H
#define RECOMMEND_HCL_H

#include "base/buf.h"
#include "base/node.h"

/*
 * A map as the body of a Terraform block, laid out as `terraform fmt` does: its
 * scalars and the maps whose keys are the user's own (custom_tags, spark_conf) as attributes,
 * other maps as blocks. `indent` counts spaces.
 */
void hcl_write_body(struct buf *out, const struct node *map, size_t indent);

/* A text as a quoted HCL string: quotes, control bytes, ${ and %{ escaped. */
void hcl_write_string(struct buf *out, const char *text);

#endif
