#ifndef INGEST_EMBEDDED_JSON_H
#define INGEST_EMBEDDED_JSON_H

#include "estate/estate.h"

/*
 * Providers keep documents as JSON in a string: IAM policies, trust, cluster
 * policies. Replaces such attributes by the tree they hold, so that policies can
 * read them. What does not parse stays a string and becomes a note.
 */
void embedded_json_decode(struct estate *estate);

#endif
