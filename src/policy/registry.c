#include "policy/policy.h"

/* Every policy, in the order of the reports; each is `policy_<name>` in its file. */
#define POLICIES(X)

#define DECLARE(name) extern const struct policy policy_##name;
#define LIST(name) &policy_##name,

POLICIES(DECLARE)

const struct policy *const policies[] = {POLICIES(LIST) NULL};
