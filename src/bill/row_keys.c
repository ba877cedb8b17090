#include <string.h>

#include "map_text.h"
#include "run.h"

enum { LONG_TEXT = 255 };

/* Its length in a byte, or behind one that says that it is long. */
static void add_text(struct buf *out, const char *text, size_t length)
{
    uint32_t n = (uint32_t)length;
    buf_add_char(out, (char)(n < LONG_TEXT ? n : LONG_TEXT));
    if (n >= LONG_TEXT)
        buf_add_n(out, (const char *)&n, sizeof n);
    buf_add_n(out, text, length);
}

static void add_role(struct buf *out, struct bill_worker *w, const struct bill_row *row,
                     enum role role)
{
    struct csv_view v = row_text(row, row->layout->field[role], &w->scratch);
    add_text(out, v.at, v.length);
}

static bool is_marketplace(struct csv_view entity)
{
    return memmem(entity.at, entity.length, "Marketplace", 11) != NULL;
}

/* AWS's own products are known by their code; what others sell needs its name. */
static void add_product_name(struct buf *out, struct bill_worker *w, const struct bill_row *row)
{
    struct csv_view entity = row_text(row, row->layout->field[ROLE_ENTITY], &w->scratch);
    if (row->layout->format->family == FAMILY_CUR && !is_marketplace(entity)) {
        add_text(out, "", 0);
        return;
    }
    struct buf name = BUF_INIT;
    struct csv_view v = row_text(row, row->layout->field[ROLE_PRODUCT_NAME], &w->scratch);
    if (v.length && v.at[0] == '{') {
        map_text_get(&name, v.at, v.length, "product_name");
        v = (struct csv_view){buf_text(&name), (uint32_t)name.length};
    }
    add_text(out, v.at, v.length);
    buf_release(&name);
}

static bool contains(struct csv_view v, const char *word)
{
    return memmem(v.at, v.length, word, strlen(word)) != NULL;
}

static const char *copy_text(struct buf *out, struct bill_worker *w, const struct bill_row *row,
                             enum role role)
{
    struct csv_view v = row_text(row, row->layout->field[role], &w->scratch);
    buf_clear(out);
    buf_add_n(out, v.at, v.length);
    return buf_text(out);
}

static enum charge focus_charge_of_row(struct bill_worker *w, const struct bill_row *row)
{
    struct buf category = BUF_INIT, commitment = BUF_INIT, frequency = BUF_INIT;
    struct focus_charge c = {
        .category = copy_text(&category, w, row, ROLE_LINE_TYPE),
        .commitment = copy_text(&commitment, w, row, ROLE_COMMITMENT),
        .frequency = copy_text(&frequency, w, row, ROLE_FREQUENCY),
    };
    struct csv_view type = row_text(row, row->layout->field[ROLE_COMMITMENT_TYPE], &w->scratch);
    c.plan = contains(type, "Spend") || contains(type, "Savings");
    c.commits = type.length > 0 || commitment.length > 0;
    enum charge charge = focus_charge_of(&c);
    buf_release(&category);
    buf_release(&commitment);
    buf_release(&frequency);
    return charge;
}

static enum charge charge_of(struct bill_worker *w, const struct bill_row *row,
                             const struct line_type *type)
{
    if (row->layout->format->family == FAMILY_CUR)
        return type->charge;
    return row->layout->format->family == FAMILY_FOCUS ? focus_charge_of_row(w, row)
                                                       : CHARGE_USAGE;
}

void sku_key(struct buf *out, struct bill_worker *w, const struct bill_row *row,
             const struct line_type *type)
{
    struct key_head head = {(uint8_t)row->layout->format->family,
                            (uint8_t)charge_of(w, row, type), (uint8_t)type->amortize};
    buf_clear(out);
    buf_add_n(out, (const char *)&head, sizeof head);
    for (unsigned r = 0; r < ROLE_PRODUCT_NAME; r++)
        add_role(out, w, row, (enum role)r);
    add_product_name(out, w, row);
    bool commits = charge_is_committed((enum charge)head.charge);
    for (unsigned r = ROLE_RI_ARN; r <= ROLE_SP_ARN; r++)
        if (commits)
            add_role(out, w, row, (enum role)r);
        else
            add_text(out, "", 0);
}

static void add_member(struct buf *out, struct csv_view map, const char *key, const char *other)
{
    struct buf value = BUF_INIT;
    if (!map_text_get(&value, map.at, map.length, key) && other)
        map_text_get(&value, map.at, map.length, other);
    add_text(out, buf_text(&value), value.length);
    buf_release(&value);
}

/* A tag in a map column: "user:Key", user_key in Athena's spelling, then the bare key. */
static void add_map_tag(struct buf *out, struct csv_view map, const char *key)
{
    struct buf name = BUF_INIT, value = BUF_INIT;
    buf_printf(&name, "user:%s", key);
    bool found = map_text_get(&value, map.at, map.length, buf_text(&name));
    if (!found) {
        buf_clear(&name);
        buf_add(&name, "user_");
        name_mangle(&name, key);
        found = map_text_get(&value, map.at, map.length, buf_text(&name));
    }
    if (!found)
        found = map_text_get(&value, map.at, map.length, key);
    add_text(out, found ? buf_text(&value) : "", found ? value.length : 0);
    buf_release(&name);
    buf_release(&value);
}

static void add_tags(struct buf *out, struct bill_worker *w, const struct bill_row *row)
{
    struct buf copy = BUF_INIT;
    struct csv_view map = row_text(row, row->layout->field[ROLE_TAGS], &w->scratch);
    if (map.length) {
        buf_add_n(&copy, map.at, map.length);
        map.at = buf_text(&copy);
    }
    for (size_t t = 0; t < w->run->tag_count; t++) {
        struct csv_view v = row_text(row, row->layout->tag_field[t], &w->scratch);
        if (v.length || !map.length)
            add_text(out, v.at, v.length);
        else
            add_map_tag(out, map, w->run->tags[t]);
    }
    buf_release(&copy);
}

/* PLACE_CLUSTER to PLACE_NODE_TYPE: what Databricks says of a record. */
static void add_metadata(struct buf *out, struct bill_worker *w, const struct bill_row *row)
{
    static const char *const members[][2] = {
        {"cluster_id", NULL},  {"job_id", NULL},          {"warehouse_id", "endpoint_id"},
        {"instance_pool_id", NULL}, {"dlt_pipeline_id", NULL}, {"endpoint_name", NULL},
        {"node_type", NULL}};
    struct buf copy = BUF_INIT;
    struct csv_view map = row_text(row, row->layout->field[ROLE_METADATA], &w->scratch);
    buf_add_n(&copy, map.at, map.length);
    map.at = buf_text(&copy);
    for (size_t m = 0; m < sizeof members / sizeof *members; m++)
        if (map.length)
            add_member(out, map, members[m][0], members[m][1]);
        else
            add_text(out, "", 0);
    buf_release(&copy);
}

void place_key(struct buf *out, struct bill_worker *w, const struct bill_row *row)
{
    struct key_head head = {(uint8_t)row->layout->format->family, 0, 0};
    buf_clear(out);
    buf_add_n(out, (const char *)&head, sizeof head);
    for (unsigned r = ROLE_RESOURCE; r < ROLE_METADATA; r++)
        add_role(out, w, row, (enum role)r);
    add_metadata(out, w, row);
    add_tags(out, w, row);
}

size_t key_parts(struct key_head *head, struct key_text *out, size_t room, const char *key,
                 size_t length)
{
    size_t n = 0;
    memcpy(head, key, sizeof *head);
    for (size_t at = sizeof *head; at < length && n < room; n++) {
        out[n].length = (unsigned char)key[at++];
        if (out[n].length == LONG_TEXT) {
            memcpy(&out[n].length, key + at, sizeof out[n].length);
            at += sizeof out[n].length;
        }
        out[n].at = key + at;
        at += out[n].length;
    }
    return n;
}

/*
 * What states no currency is taken as US dollars: AWS bills in them unless told otherwise.
 * What is too long for a code is cut, here alone, so that everybody sees the same one.
 */
struct key_text currency_of(const struct key_text *texts)
{
    struct key_text code = texts[ROLE_CURRENCY];
    if (code.length)
        code.length = (uint32_t)strnlen(code.at, code.length < CURRENCY_LETTERS
                                                     ? code.length : CURRENCY_LETTERS);
    return code.length ? code : (struct key_text){"USD", 3};
}

static bool text_is(struct key_text text, const char *word)
{
    return text.length == strlen(word) && !memcmp(text.at, word, text.length);
}

static uint8_t currency_index(struct bill_run *run, struct key_text code)
{
    pthread_mutex_lock(&run->lock);
    size_t i = 0;
    while (i < run->currency_count && !text_is(code, run->currencies[i]))
        i++;
    if (i == run->currency_count && i < CURRENCIES_MAX) {
        memcpy(run->currencies[i], code.at, code.length);
        run->currency_count++;
    }
    run->too_many_currencies |= i == CURRENCIES_MAX;
    pthread_mutex_unlock(&run->lock);
    return (uint8_t)(i < CURRENCIES_MAX ? i : CURRENCIES_MAX - 1);
}

static const struct list_price *prices_of(struct bill_run *run, const struct key_text *texts)
{
    char text[3][128];
    static const enum role roles[] = {ROLE_USAGE_TYPE, ROLE_ENTITY, ROLE_UNIT};
    for (unsigned i = 0; i < 3; i++) {
        const struct key_text *t = &texts[roles[i]];
        if (t->length >= sizeof text[i])
            return NULL;
        memcpy(text[i], t->at, t->length);
        text[i][t->length] = '\0';
    }
    /* The usage log names neither cloud nor unit; it is of AWS and in DBU. */
    return list_prices_find(&run->prices, text[0], *text[1] ? text[1] : "AWS",
                            *text[2] ? text[2] : "DBU");
}

struct sku_info sku_info_of(struct bill_worker *w, const struct line_type *type,
                            const char *key, size_t length)
{
    struct key_text texts[SKU_ROLES];
    struct key_head head;
    key_parts(&head, texts, SKU_ROLES, key, length);
    struct sku_info info = {.charge = (enum charge)head.charge, .type = type};
    info.currency = currency_index(w->run, currency_of(texts));
    info.skipped = text_is(texts[ROLE_OPERATION], "EKSPod-EC2") ||
                   text_is(texts[ROLE_OPERATION], "ECSTask-EC2");
    info.commits = charge_is_committed(info.charge) && !charge_is_usage(info.charge) &&
                   (texts[ROLE_RI_ARN].length || texts[ROLE_SP_ARN].length);
    for (size_t i = 0; i < w->run->options->hourly_service_count; i++)
        info.hourly |= text_is(texts[ROLE_SERVICE], w->run->options->hourly_services[i]);
    if (head.family == FAMILY_DATABRICKS)
        info.prices = prices_of(w->run, texts);
    return info;
}
