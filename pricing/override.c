#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "book_parts.h"

static bool bad(const struct book_override *given, struct err *err, const char *what)
{
    return err_usage(err, "%s: the price match '%s' %s",
                     given->where ? given->where : "prices", given->match, what);
}

/* Cuts "a=1;b=2" in place. */
static bool split_pairs(struct override *o, char *text, struct err *err)
{
    for (char *rest = text, *pair; (pair = strsep(&rest, ";"));) {
        char *equals = strchr(pair, '=');
        if (!equals)
            return bad(o->given, err, "has an attribute without '='");
        if (o->attribute_count == ATTRIBUTES_MAX)
            return bad(o->given, err, "has more than 8 attributes");
        *equals = '\0';
        o->names[o->attribute_count] = pair;
        o->values[o->attribute_count++] = equals + 1;
    }
    return true;
}

static bool split_match(struct override *o, struct err *err)
{
    o->text = mem_strdup(o->given->match);
    bool attributes = false;
    for (char *rest = o->text, *word; (word = strsep(&rest, " \t"));) {
        if (!*word)
            continue;
        if (strchr(word, '=')) {
            if (attributes || !o->item)
                return bad(o->given, err, "needs service and item before the attributes");
            attributes = true;
            if (!split_pairs(o, word, err))
                return false;
        } else if (!o->service) {
            o->service = word;
        } else if (!o->item) {
            o->item = word;
        } else if (!o->region) {
            o->region = word;
        } else {
            return bad(o->given, err, "has a word too many: service item attributes region");
        }
    }
    return o->service || bad(o->given, err, "is empty");
}

/* Its own key, where it has no patterns and names service and item. */
static void name_price(struct override *o)
{
    const char *match = o->given->match;
    char key[KEY_ROOM];
    char attributes[KEY_ROOM] = "";
    size_t used = 0;
    if (!o->item || strpbrk(match, "*?[") || strlen(match) >= KEY_ROOM)
        return;
    for (size_t i = 0; i < o->attribute_count; i++)
        used += (size_t)sprintf(attributes + used, "%s%s=%s", i ? ";" : "", o->names[i],
                                o->values[i]);
    if (key_text(key, &(struct price_key){o->service, o->item, attributes, NULL}))
        o->key = mem_strdup(key);
}

static bool check_amount(const struct book_override *given, struct err *err)
{
    struct money all = money_of(100);
    if (money_cmp(given->amount, MONEY_ZERO) < 0)
        return bad(given, err, "has a negative amount");
    if (given->kind == OVERRIDE_DISCOUNT_PCT && money_cmp(given->amount, all) > 0)
        return bad(given, err, "has a discount of more than 100 percent");
    return true;
}

bool overrides_open(struct book *book, const struct book_options *options, struct err *err)
{
    size_t count = options ? options->override_count : 0;
    if (!count)
        return true;
    book->overrides = mem_alloc(count * sizeof *book->overrides);
    for (size_t i = 0; i < count; i++) {
        struct override *o = &book->overrides[book->override_count++];
        o->given = &options->overrides[i];
        if (!o->given->match)
            return err_usage(err, "a price override says nothing about what it matches");
        if (!split_match(o, err) || !check_amount(o->given, err))
            return false;
        name_price(o);
    }
    return true;
}

void overrides_free(struct book *book)
{
    for (size_t i = 0; i < book->override_count; i++) {
        free(book->overrides[i].text);
        free(book->overrides[i].key);
    }
    free(book->overrides);
}

static bool matches(const char *pattern, const char *text, size_t length)
{
    char copy[KEY_ROOM];
    if (!pattern)
        return true;
    if (length >= sizeof copy)
        return false;
    memcpy(copy, text, length);
    copy[length] = '\0';
    return !fnmatch(pattern, copy, 0);
}

static bool has_attribute(const char *attributes, const char *name, const char *pattern)
{
    size_t name_length = strlen(name);
    while (*attributes) {
        size_t length = strcspn(attributes, ";");
        if (length > name_length && attributes[name_length] == '=' &&
            !strncmp(attributes, name, name_length))
            return matches(pattern, attributes + name_length + 1, length - name_length - 1);
        attributes += length + (attributes[length] == ';');
    }
    return false;
}

static bool override_matches(const struct override *o, const char *key, const char *region)
{
    size_t service = strcspn(key, " ");
    const char *item = key + service + (key[service] == ' ');
    size_t item_length = strcspn(item, " ");
    const char *attributes = item + item_length + (item[item_length] == ' ');
    if (!matches(o->service, key, service) || !matches(o->item, item, item_length) ||
        !matches(o->region, region, strlen(region)))
        return false;
    for (size_t i = 0; i < o->attribute_count; i++)
        if (!has_attribute(attributes, o->names[i], o->values[i]))
            return false;
    return true;
}

const struct override *override_for(const struct book *book, const char *key,
                                    const char *region)
{
    for (size_t i = 0; i < book->override_count; i++)
        if (override_matches(&book->overrides[i], key, region))
            return &book->overrides[i];
    return NULL;
}

const struct override *override_alone(const struct book *book, const char *key,
                                      const char *region)
{
    for (size_t i = 0; i < book->override_count; i++) {
        const struct override *o = &book->overrides[i];
        if (o->key && o->given->kind == OVERRIDE_USD && !strcmp(o->key, key) &&
            (!o->region || (region && !strcmp(o->region, region))))
            return o;
    }
    return NULL;
}

/* A discount is on dollars: counts of DBUs and percentages stay as they are. */
struct money override_apply(const struct override *o, const char *unit, struct money list)
{
    if (!o)
        return list;
    if (o->given->kind == OVERRIDE_USD)
        return o->given->amount;
    if (strncmp(unit, "usd", 3))
        return list;
    struct money all = money_of(100);
    return money_share(list, money_sub(all, o->given->amount), all);
}
