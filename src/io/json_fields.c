#include "io/json_fields.h"

#include <string.h>

/* Halves that overlap: sizes that the compiler knows are compared without a call. */
static inline bool same_bytes(const char *a, const char *b, size_t n)
{
    if (n < 8 || n > 32)
        return memcmp(a, b, n) == 0;
    if (n <= 16)
        return !memcmp(a, b, 8) && !memcmp(a + n - 8, b + n - 8, 8);
    return !memcmp(a, b, 16) && !memcmp(a + n - 16, b + n - 16, 16);
}

/* Takes the next key of an object when it is exactly this one; else takes nothing. */
static inline bool take_key(struct json_walk *w, const char *key, size_t length)
{
    const char *p = w->at;
    if (!w->first && p < w->end && *p == ',')
        p++;
    else if (!w->first)
        return false;
    if ((size_t)(w->end - p) < length || !same_bytes(p, key, length))
        return false;
    w->at = p + length;
    w->first = false;
    return true;
}

static void read_list(struct json_walk *w, const struct json_field *field, void *into)
{
    if (!json_enter(w, '[')) {
        field->item(w, into);
        return;
    }
    while (json_item(w))
        field->item(w, into);
}

static void read_field(struct json_walk *w, const struct json_field *field, void *into)
{
    void *member = (char *)into + field->offset;
    switch (field->kind) {
    case JSON_INTEGER_FIELD:
        json_integer(w, member);
        return;
    case JSON_TEXT_FIELD:
        json_string(w, member);
        return;
    case JSON_TRUTH_FIELD:
        json_truth(w, member);
        return;
    case JSON_OBJECT_FIELD:
        json_read_fields(w, field->fields, into);
        return;
    case JSON_LIST_FIELD:
        read_list(w, field, into);
        return;
    case JSON_VALUE_FIELD:
        field->item(w, into);
        return;
    case JSON_SKIPPED_FIELD:
        break;
    }
    json_skip(w);
}

static const struct json_field *field_of(const struct json_fields *fields,
                                         struct json_span key, size_t *expected)
{
    for (size_t i = 0; i < fields->count; i++)
        if (fields->at[i].length == key.length + 3 &&
            !memcmp(fields->at[i].key + 1, key.at, key.length)) {
            *expected = i + 1;
            return &fields->at[i];
        }
    return NULL;
}

bool json_read_fields(struct json_walk *w, const struct json_fields *fields, void *into)
{
    if (!json_enter(w, '{'))
        return json_skip(w);
    size_t expected = 0;
    for (;;) {
        const struct json_field *field = NULL;
        struct json_span key;
        if (expected < fields->count) {
            const struct json_field *next = &fields->at[expected];
            if (take_key(w, next->key, next->length)) {
                field = next;
                expected++;
            }
        }
        if (!field) {
            if (!json_key(w, &key))
                return !w->bad;
            field = field_of(fields, key, &expected);
        }
        if (field)
            read_field(w, field, into);
        else
            json_skip(w);
    }
}
