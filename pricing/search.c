#include "pricing/search.h"

#include <fnmatch.h>
#include <string.h>
#include <strings.h>

#include "base/near.h"
#include "book_parts.h"
#include "pricing/storage.h"

static const struct {
    const char *word, *service, *item;
} aliases[] = {
    {"dbu", "databricks", "dbu"},
    {"dbus", "databricks", "instance_dbu"},
    {"instance", "ec2", "instance"},
    {"spot", "ec2", "spot"},
    {"transfer_data", "data_transfer", NULL},
};

static bool is_region(const struct book *book, const char *word)
{
    if (!strcmp(word, "*") || book_fact(book, "regions", word, "name"))
        return true;
    for (size_t i = 0; i < book->layer_count; i++) {
        const struct image *image = book->layers[i].image;
        const uint32_t *regions = image_at(image, image->regions);
        for (size_t k = 0; k < image->regions.count; k++)
            if (!strcmp(word, image_text(image, regions[k])))
                return true;
    }
    return false;
}

/* A word that looks like eu-west-9 is meant as a region, known or not. */
static bool looks_like_region(const char *word)
{
    return !fnmatch("[a-z][a-z]-*-[0-9]", word, 0) || !fnmatch("us-gov-*-[0-9]", word, 0);
}

static const char *as_the_book_writes(const struct price_search *search, const char *word)
{
    const char *name = !strcmp(search->service, "s3") ? s3_class_name(word) : NULL;
    return name ? name : word;
}

bool price_search_read(struct price_search *out, const struct book *book,
                       const char *const *words, size_t count, struct err *err)
{
    *out = (struct price_search){.word_count = 0};
    if (!count)
        return err_usage(err, "which price? for instance: ec2 m6i.2xlarge eu-west-1");
    if (count > SEARCH_WORDS_MAX)
        return err_usage(err, "a price is named by at most %d words", SEARCH_WORDS_MAX);
    out->service = words[0];
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (!strcasecmp(words[0], aliases[i].word)) {
            out->service = aliases[i].service;
            if (aliases[i].item)
                out->words[out->word_count++] = aliases[i].item;
            break;
        }
    for (size_t i = 1; i < count; i++) {
        if (!out->region && (is_region(book, words[i]) || looks_like_region(words[i])))
            out->region = words[i];
        else if (out->word_count < SEARCH_WORDS_MAX)
            out->words[out->word_count++] = as_the_book_writes(out, words[i]);
    }
    return true;
}

/* The parts of "service item a=1;b=2". */
struct name {
    char text[KEY_ROOM];
    char *service, *item, *values[ATTRIBUTES_MAX];
    const char *pairs[ATTRIBUTES_MAX];
    const char *attributes; /* in the key itself */
    size_t count;
    char copy[KEY_ROOM];
};

static bool take_apart(struct name *out, const char *key)
{
    if (strlen(key) >= sizeof out->text)
        return false;
    strcpy(out->text, key);
    char *rest = out->text;
    out->service = strsep(&rest, " ");
    out->item = strsep(&rest, " ");
    out->attributes = rest ? key + (rest - out->text) : "";
    out->count = 0;
    strcpy(out->copy, out->attributes);
    char *pairs = out->copy;
    for (char *pair;
         rest && *rest && (pair = strsep(&rest, ";")) && out->count < ATTRIBUTES_MAX;) {
        char *equals = strchr(pair, '=');
        out->pairs[out->count] = strsep(&pairs, ";");
        out->values[out->count++] = equals ? equals + 1 : pair;
    }
    return out->item != NULL;
}

static bool same(const char *pattern, const char *text)
{
    return !fnmatch(pattern, text, FNM_CASEFOLD);
}

static bool word_fits(const char *word, const struct name *name)
{
    if (same(word, name->item))
        return true;
    for (size_t i = 0; i < name->count; i++)
        if (same(word, strchr(word, '=') ? name->pairs[i] : name->values[i]))
            return true;
    return false;
}

/* "a=1;b=2" asks for both. */
static bool words_fit(const char *word, const struct name *name)
{
    while (*word) {
        char part[KEY_ROOM];
        size_t length = strcspn(word, ";");
        if (length >= sizeof part)
            return false;
        memcpy(part, word, length);
        part[length] = '\0';
        if (!word_fits(part, name))
            return false;
        word += length + (word[length] == ';');
    }
    return true;
}

static bool says_system(const struct price_search *search)
{
    static const char *const words[] = {"os_surcharge", "linux", "windows",   "rhel",
                                        "rhel-ha",      "suse",  "ubuntu-pro"};
    for (size_t i = 0; i < search->word_count; i++) {
        if (!strncmp(search->words[i], "os=", 3) || strstr(search->words[i], ";os=") ||
            strchr(search->words[i], '*'))
            return true;
        for (size_t k = 0; k < sizeof words / sizeof *words; k++)
            if (!strcasecmp(search->words[i], words[k]))
                return true;
    }
    return false;
}

static bool fits(const struct price_search *search, const struct name *name, bool linux_only)
{
    for (size_t i = 0; i < search->word_count; i++)
        if (!words_fit(search->words[i], name))
            return false;
    if (!linux_only)
        return true;
    for (size_t i = 0; i < name->count; i++)
        if (!strncmp(name->pairs[i], "os=", 3))
            return !strcmp(name->values[i], "linux") && strcmp(name->item, "os_surcharge");
    return true;
}

struct run {
    const struct price_search *search;
    const struct book *book;
    price_visit *visit;
    void *context;
    size_t count;
    bool linux_only, stopped;
};

static bool show(struct run *run, const struct price_key *key)
{
    struct price price;
    if (!book_price(&price, run->book, key))
        return true;
    run->count++;
    run->stopped = run->visit && !run->visit(run->context, key, &price);
    return !run->stopped;
}

static bool show_key(void *context, const char *text, const char *unit)
{
    (void)unit;
    struct run *run = context;
    struct name name;
    if (!take_apart(&name, text) || !fits(run->search, &name, run->linux_only))
        return true;
    struct price_key key = {name.service, name.item, name.attributes, run->search->region};
    if (key.region && strcmp(key.region, "*"))
        return show(run, &key);
    const char *regions[256];
    size_t count = book_regions(regions, 256, run->book, &key);
    for (size_t i = 0; i < count && i < 256; i++) {
        key.region = regions[i];
        if ((!run->search->region || !strcmp(regions[i], "*")) && !show(run, &key))
            return false;
    }
    return true;
}

size_t price_search_run(const struct price_search *search, const struct book *book,
                        price_visit *visit, void *context)
{
    struct run run = {search, book, visit, context, 0, false, false};
    run.linux_only = !strcmp(search->service, "ec2") && !says_system(search);
    char prefix[KEY_ROOM];
    size_t length = strlen(search->service);
    if (length + 2 > sizeof prefix)
        return 0;
    memcpy(prefix, search->service, length);
    memcpy(prefix + length, " ", 2);
    book_scan(book, prefix, show_key, &run);
    return run.count;
}

struct hints {
    struct near near;
    bool exact, by_service;
};

static bool try_key(void *context, const char *text, const char *unit)
{
    (void)unit;
    struct hints *hints = context;
    struct name name;
    if (!take_apart(&name, text))
        return true;
    const char *candidates[ATTRIBUTES_MAX + 1] = {hints->by_service ? name.service
                                                                    : name.item};
    size_t count = 1;
    for (size_t i = 0; !hints->by_service && i < name.count; i++)
        candidates[count++] = name.values[i];
    for (size_t i = 0; i < count; i++) {
        const char *before = hints->near.best;
        near_try(&hints->near, candidates[i]);
        if (hints->near.best != before) /* point into the book, not into `name` */
            hints->near.best = text + (candidates[i] - name.text);
    }
    hints->exact = hints->exact || (!hints->by_service && words_fit(hints->near.word, &name));
    return !hints->exact;
}

static void add_near(struct buf *out, const struct hints *hints)
{
    if (hints->near.best)
        buf_printf(out, "; the nearest is '%.*s'", (int)strcspn(hints->near.best, "; "),
                   hints->near.best);
}

/* Says which word nobody knows; false when all are known. */
static bool explain_words(struct buf *out, const struct price_search *search,
                          const struct book *book)
{
    char prefix[KEY_ROOM];
    size_t length = strlen(search->service);
    memcpy(prefix, search->service, length);
    memcpy(prefix + length, " ", 2);
    for (size_t i = 0; i < search->word_count; i++) {
        struct hints hints = {.near = {.word = search->words[i]}};
        book_scan(book, prefix, try_key, &hints);
        if (hints.exact)
            continue;
        buf_printf(out, "the book has no '%s' under %s", search->words[i], search->service);
        add_near(out, &hints);
        return true;
    }
    return false;
}

static bool note_region(void *context, const struct price_key *key, const struct price *price)
{
    (void)price;
    struct buf *list = context;
    size_t length = strlen(key->region);
    const char *at = list->length ? strstr(list->text, key->region) : NULL;
    for (; at; at = strstr(at + 1, key->region))
        if (at[length] == ',' || !at[length])
            return true;
    if (list->length > 400)
        return false;
    buf_printf(list, "%s%s", list->length ? ", " : "", key->region);
    return true;
}

static bool stop(void *context, const char *key, const char *unit)
{
    (void)key, (void)unit;
    *(bool *)context = true;
    return false;
}

static bool explain_service(struct buf *out, const struct price_search *search,
                            const struct book *book)
{
    char prefix[KEY_ROOM];
    size_t length = strlen(search->service);
    bool known = false;
    if (length + 2 <= sizeof prefix) {
        memcpy(prefix, search->service, length);
        memcpy(prefix + length, " ", 2);
        book_scan(book, prefix, stop, &known);
    }
    if (known)
        return false;
    struct hints hints = {.near = {.word = search->service}, .by_service = true};
    book_scan(book, "", try_key, &hints);
    buf_printf(out, "the book has no service '%s'", search->service);
    add_near(out, &hints);
    return true;
}

void price_search_explain(struct buf *out, const struct price_search *search,
                          const struct book *book)
{
    if (explain_service(out, search, book) || explain_words(out, search, book))
        return;
    struct price_search anywhere = *search;
    struct buf regions = BUF_INIT;
    anywhere.region = NULL;
    size_t count = price_search_run(&anywhere, book, note_region, &regions);
    if (!count)
        buf_add(out, "no price has all of these words; each alone is known");
    else
        buf_printf(out, "there is no such price in %s; regions that have one: %s",
                   search->region ? search->region : "any region", buf_text(&regions));
    buf_release(&regions);
}
