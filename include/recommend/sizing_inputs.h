#ifndef RECOMMEND_SIZING_INPUTS_H
#define RECOMMEND_SIZING_INPUTS_H

#include "estate/phase.h"
#include "models/sizing.h"
#include "pricing/catalogue.h"

/* The estate's and the catalogue's terms in those of the sizing model: unknown is NaN. */

/* NULL: a type that the catalogue does not know. */
struct sizing_hardware sizing_hardware_of(const struct instance_type *type);
/* Texts are borrowed from the run. */
struct sizing_run sizing_run_of(const struct book *book, const struct run *run);
/* Is good for workers of a Spark cluster: no burstable, bare-metal, GPU or gone type. */
bool sizing_can_work(const struct instance_type *type);

const char *sizing_class_text(enum workload_class class); /* NULL: not known */
int sizing_iterative(enum tristate iterative);

#endif
