#ifndef ADVISOR_POLICY_TEXTS_H
#define ADVISOR_POLICY_TEXTS_H

#include "base/arena.h"
#include "base/node.h"
#include "report/check.h"

/* Every policy of the program, then the team's own under params.custom of `checks`. */
const struct policy_text *policy_texts(size_t *count, struct arena *arena,
                                       const struct node *checks);

#endif
