#ifndef ADVISOR_INIT_H
#define ADVISOR_INIT_H

#include "base/buf.h"
#include "command.h"
#include "estate/estate.h"

/* What a file is an input of, in the words of advisor.yaml. */
enum input_kind {
    INPUT_OTHER, /* nothing that advisor reads */
    INPUT_BILLS,
    INPUT_METRICS,
    INPUT_INVENTORY,
    INPUT_LOGS,
    INPUT_RUNS,
    INPUT_PLANS,
    INPUT_MAP,
    INPUT_KINDS
};
const char *input_key(enum input_kind kind); /* "bills" */

/* Inputs below the working directory: folders that hold one kind only, else files. */
struct found_inputs {
    struct text_list paths[INPUT_KINDS];
    size_t files[INPUT_KINDS];
};

bool init_find(struct found_inputs *out, struct session *session, struct err *err);
void found_inputs_release(struct found_inputs *found);

/* advisor.yaml with what was found; `map` is the layer map's name. */
void init_write_config(struct buf *out, const struct found_inputs *found, const char *map);

/* A layer map whose entries name what the bill shows, the dearest first in each list. */
void init_write_map(struct buf *out, const struct estate *bill);

#endif
