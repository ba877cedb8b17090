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
    JSON_TEXT_FIELD,    /* struct json_span */
    JSON_TRUTH_FIELD,   /* bool */
    JSON_OBJECT_FIELD,  /* `fields` into the same struct */
    JSON_LIST_FIELD,    /* `item` for each of a list, or once for what is no list */
    JSON_VALUE_FIELD,   /* `item` once, at the value whatever it is */
    JSON_SKIPPED_FIELD, /* known to be there and not wanted */
};

struct json_fields;

struct json_field {
    const char *key; /* as it stands in a text: with its quotes and the colon */
    uint16_t length;
    enum json_field_kind kind;
    uint16_t offset; /* of the member */
    const struct json_fields *fields;
    void (*item)(struct json_walk *w, void *into); /* must take the value */
};

struct json_fields {
    const struct json_field *at;
    size_t count;
};

/* Rows of a table; `owner` is the tag of the struct that is filled. */
#define JSON_ROW(key, kind, offset, fields, item)                                             \
    {                                                                                         \
        "\"" key "\":", sizeof(key) + 2, kind, offset, fields, item                           \
    }
#define JSON_MEMBER(owner, key, kind, member)                                                 \
    JSON_ROW(key, kind, offsetof(struct owner, member), 0, 0)
#define JSON_INTEGER(owner, key, member) JSON_MEMBER(owner, key, JSON_INTEGER_FIELD, member)
#define JSON_TEXT(owner, key, member)    JSON_MEMBER(owner, key, JSON_TEXT_FIELD, member)
#define JSON_TRUTH(owner, key, member)   JSON_MEMBER(owner, key, JSON_TRUTH_FIELD, member)
#define JSON_OBJECT(key, fields)         JSON_ROW(key, JSON_OBJECT_FIELD, 0, &(fields), 0)
#define JSON_EACH(key, reader)           JSON_ROW(key, JSON_LIST_FIELD, 0, 0, reader)
#define JSON_READ(key, reader)           JSON_ROW(key, JSON_VALUE_FIELD, 0, 0, reader)
#define JSON_SKIPPED(key)                JSON_ROW(key, JSON_SKIPPED_FIELD, 0, 0, 0)
#define JSON_FIELDS(table)                                                                    \
    {                                                                                         \
        (table), sizeof(table) / sizeof *(table)                                              \
    }

/* Takes one value; false when the text is broken. What is no object is skipped. */
bool json_read_fields(struct json_walk *w, const struct json_fields *fields, void *into);

#endif
