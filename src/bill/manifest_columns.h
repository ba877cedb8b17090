#ifndef BILL_MANIFEST_COLUMNS_H
#define BILL_MANIFEST_COLUMNS_H

#include "base/node.h"
#include "format.h"

/*
 * A sentence about how a part's header differs from the columns of its manifest, a
 * list of maps with a name and, of a legacy report, a category. Nothing when both
 * name the same columns, in any order and in either spelling.
 */
void manifest_columns_compare(struct buf *out, const struct header *header,
                              const struct node *columns);

#endif
