#ifndef INGEST_CHANGE_H
#define INGEST_CHANGE_H

#include <stdbool.h>

#include "base/err.h"
#include "estate/diff.h"
#include "ingest/ingest.h"

/*
 * Reads an infrastructure change into change->before and change->after (both
 * open): a Terraform or OpenTofu plan gives both; a state, a CloudFormation
 * template or a Databricks bundle gives one, in `after`, with has_before false; a
 * CloudFormation change set gives both as far as it tells. Anything else that
 * ingest_path() knows is read into `after`. `default_region` (may be NULL) is
 * taken where the input names none. Resources that could not be understood
 * become notes of `after`, counted.
 */
bool change_read(struct change *change, const char *path, const char *default_region,
                 const struct ingest_options *options, struct err *err);

/*
 * Usage of resources by address, from a usage file (YAML, the form that Infracost
 * users have: resource_usage, resource_type_default_usage; "[*]" in an address stands
 * for any index, "*" for any text; one address counts over patterns) or from another
 * estate's resources with the same address. A later call overrides single keys. Addresses
 * that match nothing become notes; of them those that are usage alone (aws_data_transfer)
 * become resources.
 */
bool usage_read(struct estate *estate, const char *path, struct err *err);
void usage_from_estate(struct estate *estate, const struct estate *map);

#endif
