#ifndef ADVISOR_CHECK_PARAMETERS_H
#define ADVISOR_CHECK_PARAMETERS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/node.h"

/*
 * "checks:" of the configuration, of the layer map and the waivers file as one: lists are
 * put together, and of what is said twice the configuration's word counts. Each may be
 * NULL; so is the result when all are.
 */
bool check_parameters(const struct node **out, struct arena *arena,
                      const struct node *configured, const struct node *map,
                      const char *waivers_path, struct err *err);

#endif
