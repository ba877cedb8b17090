#include "s3_tally.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "s3_key.h"

static const char *const known_classes[] = {
    "STANDARD", "STANDARD_IA",  "INTELLIGENT_TIERING", "ONEZONE_IA",      "GLACIER_IR",
    "GLACIER",  "DEEP_ARCHIVE", "REDUCED_REDUNDANCY",  "EXPRESS_ONEZONE", "OUTPOSTS",
};
enum { KNOWN_CLASSES = sizeof known_classes / sizeof *known_classes };

static uint8_t add_class(struct tally *t, const char *name, size_t length)
{
    t->class_name[t->classes] = intern_n(t->strings, name, length);
    t->class_length[t->classes] = length;
    return (uint8_t)t->classes++;
}

void tally_init(struct tally *t)
{
    *t = (struct tally){.strings = intern_open(), .depth = TALLY_DEPTH};
    for (size_t i = 0; i < KNOWN_CLASSES; i++)
        add_class(t, known_classes[i], strlen(known_classes[i]));
}

void tally_release(struct tally *t)
{
    VEC_FREE(&t->prefixes);
    VEC_FREE(&t->groups);
    VEC_FREE(&t->roots);
    map_release(&t->prefix_by_text);
    map_release(&t->root_by_text);
    intern_free(t->strings);
}

bool tally_class_known(uint8_t class)
{
    return class < KNOWN_CLASSES;
}

uint8_t tally_class(struct tally *t, const char *name, size_t length)
{
    for (size_t i = 0; i < t->classes; i++)
        if (t->class_length[i] == length && memcmp(t->class_name[i], name, length) == 0)
            return (uint8_t)i;
    if (t->classes == TALLY_CLASSES)
        return TALLY_CLASSES - 1;
    if (t->classes == TALLY_CLASSES - 1)
        return add_class(t, "OTHER", 5);
    return add_class(t, name, length);
}

static uint32_t prefix_index(struct tally *t, const char *text, size_t length)
{
    sym prefix = intern_n(t->strings, text, length);
    size_t index;
    prefix = prefix ? prefix : "";
    if (map_get(&t->prefix_by_text, prefix, length, &index))
        return (uint32_t)index;
    index = t->prefixes.count;
    VEC_PUSH(&t->prefixes)->text = prefix;
    map_put(&t->prefix_by_text, prefix, length, index);
    return (uint32_t)index;
}

static void add_root(struct tally *t, const char *text, size_t length)
{
    size_t index;
    if (map_get(&t->root_by_text, text, length, &index))
        return;
    if (t->roots.count == TALLY_ROOTS) {
        t->too_many_roots = true;
        return;
    }
    sym root = intern_n(t->strings, text, length);
    root = root ? root : "";
    map_put(&t->root_by_text, root, length, t->roots.count);
    VEC_ADD(&t->roots, root);
}

uint32_t tally_prefix_of(struct tally *t, const char *key, size_t length)
{
    size_t root;
    if (s3_key_table_root(&root, key, length))
        add_root(t, key, root);
    return prefix_index(t, key, s3_key_prefix(key, length, t->depth));
}

static void add_bins(struct tally_group *to, const struct tally_group *from)
{
    for (int a = 0; a < AGE_BINS; a++)
        for (int s = 0; s < SIZE_BINS; s++) {
            to->bins[a][s].count += from->bins[a][s].count;
            to->bins[a][s].bytes += from->bins[a][s].bytes;
        }
}

static struct tally_group *find_group(struct tally *t, uint32_t prefix, uint8_t class,
                                      enum object_state state)
{
    uint32_t *slot = &t->prefixes.at[prefix].group[class][state];
    if (*slot == 0) {
        struct tally_group *group = VEC_PUSH(&t->groups);
        group->prefix = prefix;
        group->class = class;
        group->state = (uint8_t)state;
        *slot = (uint32_t)t->groups.count;
    }
    return &t->groups.at[*slot - 1];
}

/* Cuts every prefix to t->depth folders and adds up what falls together. */
static void refold(struct tally *t)
{
    struct tally old = *t;
    memset(&t->prefixes, 0, sizeof t->prefixes);
    memset(&t->groups, 0, sizeof t->groups);
    t->prefix_by_text = (struct map)MAP_INIT;
    for (size_t i = 0; i < old.groups.count; i++) {
        const struct tally_group *from = &old.groups.at[i];
        sym text = old.prefixes.at[from->prefix].text;
        size_t length = s3_key_prefix(text, strlen(text), t->depth);
        uint32_t prefix = prefix_index(t, text, length);
        add_bins(find_group(t, prefix, from->class, (enum object_state)from->state), from);
    }
    VEC_FREE(&old.prefixes);
    VEC_FREE(&old.groups);
    map_release(&old.prefix_by_text);
    t->generation++;
}

static void fold_to_fit(struct tally *t)
{
    while (t->groups.count > TALLY_GROUPS && t->depth > 0) {
        t->depth--;
        refold(t);
    }
}

struct tally_group *tally_group(struct tally *t, uint32_t prefix, uint8_t class,
                                enum object_state state)
{
    struct tally_group *group = find_group(t, prefix, class, state);
    if (t->groups.count <= TALLY_GROUPS)
        return group;
    sym text = t->prefixes.at[prefix].text;
    fold_to_fit(t);
    prefix = prefix_index(t, text, s3_key_prefix(text, strlen(text), t->depth));
    return find_group(t, prefix, class, state);
}

void tally_merge(struct tally *into, const struct tally *from)
{
    if (from->depth < into->depth) {
        into->depth = from->depth;
        refold(into);
    }
    for (size_t i = 0; i < from->groups.count; i++) {
        const struct tally_group *group = &from->groups.at[i];
        sym text = from->prefixes.at[group->prefix].text,
            name = from->class_name[group->class];
        uint32_t prefix =
            prefix_index(into, text, s3_key_prefix(text, strlen(text), into->depth));
        uint8_t class = tally_class(into, name, strlen(name));
        add_bins(find_group(into, prefix, class, (enum object_state)group->state), group);
    }
    fold_to_fit(into);
    for (size_t i = 0; i < from->roots.count; i++)
        add_root(into, from->roots.at[i], strlen(from->roots.at[i]));
    into->too_many_roots |= from->too_many_roots;
    for (int p = 0; p < TALLY_PROPERTIES; p++) {
        into->property[p].count += from->property[p].count;
        into->property[p].bytes += from->property[p].bytes;
    }
}

int tally_age_bin(int days)
{
    int bin = 0;
    while (bin < AGE_BINS - 1 && days >= object_age_bound_days[bin])
        bin++;
    return bin;
}

int tally_size_bin(uint64_t bytes)
{
    int bin = 0;
    while (bin < SIZE_BINS - 1 && (double)bytes >= object_size_bound_bytes[bin])
        bin++;
    return bin;
}

static int by_prefix_class_state(const void *a, const void *b, void *context)
{
    const struct tally *t = context;
    const struct tally_group *x = &t->groups.at[*(const uint32_t *)a];
    const struct tally_group *y = &t->groups.at[*(const uint32_t *)b];
    int order = strcmp(t->prefixes.at[x->prefix].text, t->prefixes.at[y->prefix].text);
    if (order == 0)
        order = strcmp(t->class_name[x->class], t->class_name[y->class]);
    return order ? order : x->state - y->state;
}

uint32_t *tally_sorted(const struct tally *t)
{
    uint32_t *order = mem_alloc(sizeof *order * (t->groups.count + 1));
    for (uint32_t i = 0; i < t->groups.count; i++)
        order[i] = i;
    qsort_r(order, t->groups.count, sizeof *order, by_prefix_class_state, (void *)t);
    return order;
}

sym tally_root_of(const struct tally *t, const char *prefix)
{
    sym first = NULL;
    if (t->too_many_roots)
        return "";
    for (size_t i = 0; i < t->roots.count; i++)
        if (s3_prefixes_overlap(t->roots.at[i], prefix) &&
            (!first || strcmp(t->roots.at[i], first) < 0))
            first = t->roots.at[i];
    return first;
}
