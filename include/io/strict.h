#ifndef IO_STRICT_H
#define IO_STRICT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/node.h"

/*
 * What a document written by people may say, as a table: the same table checks
 * the document, is published as its JSON Schema and prints its reference.
 */
enum strict_type {
    STRICT_TEXT,     /* a string; digits without quotes are taken as they are written */
    STRICT_ID,       /* [a-z0-9_-]{1,64} */
    STRICT_BOOL,
    STRICT_NUMBER,
    STRICT_QUANTITY, /* a number, or a map of min, typ and max that do not fall */
    STRICT_DATE,     /* 2027-01-31 */
    STRICT_TEXTS,    /* a list of strings, or one string */
    STRICT_TAGS,     /* a map of strings */
    STRICT_NUMBERS,  /* a map of numbers */
    STRICT_MAP,      /* with the keys of `inner` */
    STRICT_LIST,     /* of maps with the keys of `inner` */
    STRICT_NAMED,    /* a map from free names to maps with the keys of `inner` */
    STRICT_ANY,
};

struct strict_field {
    const char *key;
    enum strict_type type;
    const char *about; /* one phrase for the reference and for editors */
    const struct strict_field *inner;
    const char *choices;  /* "a|b|c": the only texts; NULL: any */
    double least, most;   /* of numbers; `most` 0: no upper end. Never negative. */
    bool required;
    const char *becomes; /* for the reader of the document; of no meaning here */
};

/* Tables end with a field whose key is NULL. */
#define STRICT_END {.key = NULL}

/*
 * Whether the document holds to the table: no unknown keys but those that begin
 * with "x_", right types, numbers in their range. A failure tells the first ones in
 * the file, each with its line, column and nearest valid key, as many as there is room
 * for, and how many more there are.
 */
bool strict_check(const struct node *root, const struct strict_field *fields,
                  const char *file, struct err *err);

/* The table as a JSON Schema (draft 2020-12), indented. */
void strict_schema(struct buf *out, const struct strict_field *fields, const char *title);

/* The table as a Markdown reference: a line per key with its type, range and meaning. */
void strict_reference(struct buf *out, const struct strict_field *fields);

const struct strict_field *strict_find(const struct strict_field *fields, const char *key);

/*
 * Reads a document that strict_check() can point into: JSON gets its lines and
 * columns too. "-" is standard input.
 */
bool strict_read(const struct node **out, struct arena *arena, const char *path,
                 struct err *err);

#endif
