#ifndef BILL_ASSEMBLY_H
#define BILL_ASSEMBLY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/node.h"
#include "io/files.h"

/*
 * Which files of a folder make up the bills in it. A manifest names exactly the
 * parts of the current delivery of its month; what else lies beside them (older
 * deliveries, copies) is not read. Without a manifest the newest of several
 * delivery folders of a month is taken.
 */
struct assembly_note {
    const char *path, *text;
};

struct assembly {
    struct path_list chosen; /* sorted */
    VEC(const struct node *) columns; /* of each chosen one, by its manifest; NULL without */
    struct path_list beside; /* where a manifest rules, but not named by it */
    VEC(struct assembly_note) notes;
};

bool assembly_is_manifest(const char *path);

/* `found` is all files of the folder. A part that a manifest names but is not there fails. */
bool assembly_choose(struct assembly *out, struct arena *arena, const struct path_list *found,
                     struct err *err);
void assembly_release(struct assembly *assembly);

#endif
