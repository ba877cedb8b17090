#include "row_known.h"

static struct key_record *canonical(struct key_table *keys, const struct buf *key, bool *is_new)
{
    uint64_t hash = key_hash(key->text, key->length);
    struct key_record *r = key_table_find(keys, key->text, key->length, hash);
    *is_new = !r;
    return r ? r : key_table_add(keys, key->text, key->length, hash);
}

static const struct line_type *type_of_row(struct bill_worker *w, const struct bill_row *row)
{
    if (row->layout->field[ROLE_LINE_TYPE] == ABSENT || row->layout->format->family != FAMILY_CUR)
        return line_type_named("Usage", 5);
    struct csv_view v = row_text(row, row->layout->field[ROLE_LINE_TYPE], &w->scratch);
    const struct line_type *type = line_type_named(v.at, v.length);
    if (!type->depends)
        return type;
    bool arn = row_text(row, row->layout->field[ROLE_RI_ARN], &w->scratch).length > 0;
    v = row_text(row, row->layout->field[ROLE_DESCRIPTION], &w->scratch);
    return line_type_of_row(type, arn, v.at, v.length);
}

static unsigned partition_of_place(struct bill_worker *w)
{
    struct key_text texts[PLACE_TEXTS];
    struct key_head head;
    struct buf *name = &w->scratch;
    key_parts(&head, texts, PLACE_TEXTS, w->key.text, w->key.length);
    place_resource(name, &head, texts);
    return name->length ? partition_of(key_hash(name->text, name->length)) : NAMELESS;
}

struct known_sku learn_sku(struct bill_worker *w, const struct bill_row *row)
{
    bool is_new;
    const struct line_type *type = type_of_row(w, row);
    sku_key(&w->key, w, row, type);
    const struct key_record *r = canonical(&w->sku_keys, &w->key, &is_new);
    if (is_new)
        VEC_ADD(&w->skus, sku_info_of(w, type, w->key.text, w->key.length));
    return (struct known_sku){r->number, type->depends || type->charge == CHARGE_UPFRONT ||
                                             type->charge == CHARGE_REFUND};
}

struct known_place learn_place(struct bill_worker *w, const struct bill_row *row)
{
    bool is_new;
    place_key(&w->key, w, row);
    struct key_record *r = canonical(&w->place_keys, &w->key, &is_new);
    if (is_new)
        r->partition = partition_of_place(w);
    return (struct known_place){.number = r->number, .partition = r->partition};
}
