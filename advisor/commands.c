#include "command.h"

/* Every command; each is `cmd_<name>` in cmd_<name>.c. */
#define COMMANDS(X)                                                                           \
    X(review)                                                                                 \
    X(estimate)                                                                               \
    X(diff)                                                                                   \
    X(check)                                                                                  \
    X(size)                                                                                   \
    X(phases)                                                                                 \
    X(explain)                                                                                \
    X(history)                                                                                \
    X(prices)                                                                                 \
    X(init)

#define DECLARE(name) extern const struct command cmd_##name;
#define LIST(name) &cmd_##name,

COMMANDS(DECLARE)

const struct command *const commands[] = {COMMANDS(LIST) NULL};
