#ifndef IO_JSON_FIELDS_H
#define IO_JSON_FIELDS_H

#include <stdint.h>

#include "io/json_walk.h"

/*
 * An object read by a table: which key goes where in a struct. Keys that come in
 * the table's order are found by one comparison each; any order works, other keys
 * are skipped. A value of another kind than asked leaves its member as it was.
 */
enum json_field_kind {
    JSON_INTEGER_FIELD, /* int64_t */
    JSON_NUMBER_FIELD,  /* double */
    JSON_TEXT_FIELD,    /* struct json_span */
    JSON_TRUTH_FIELD,   /* bool */
    JSON_OBJECT_FIELD,  /* `fields` into the same struct */
    JSON_LIST_FIELD,    /* `item` for each of a list, or once for what is no list */
    JSON_VALUE_FIELD,   /* `item` once, at the value whatever it is */
    JSON_SKIPPED_FIELD, /* known to be there and not wanted */
};

struct json_fields;

struct json_field {
    const char *key;
    uint16_t length; /* of the key */
    enum json_field_kind kind;
    uint16_t offset; /* of the member */
    const struct json_fields *fields;
    void (*item)(struct json_walk *w, void *into); /* must take the value */
};

struct json_fields {
    const struct json_field *at;
    size_t count;
};

#define JSON_KEY(text) (text), sizeof(text) - 1 /* the first two members */
#define JSON_FIELDS(table)                                                                    \
    {                                                                                         \
        (table), sizeof(table) / sizeof *(table)                                              \
    }

/* Takes one value; false when the text is broken. What is no object is skipped. */
bool json_read_fields(struct json_walk *w, const struct json_fields *fields, void *into);

#endif
