#include "s3_folders.h"

#include <string.h>

/* One rule for a folder instead of several below it, unless those earn a twentieth more. */
enum { NODES_MAX = 60 };
static const double one_rule_worth = 0.95;

static bool has_folder(const struct folders *f, const char *prefix)
{
    for (size_t i = 0; i < f->all.count; i++)
        if (strcmp(f->all.at[i].prefix, prefix) == 0)
            return true;
    return false;
}

/* The group's own prefix and every folder above it. */
static void add_folders(struct folders *f, const struct object_group *g)
{
    size_t length = strlen(g->prefix);
    for (size_t i = 0; i <= length; i++) {
        if (i > 0 && g->prefix[i - 1] != '/')
            continue;
        const char *prefix = arena_strndup(&f->advice->arena, g->prefix, i);
        if (!has_folder(f, prefix))
            VEC_PUSH(&f->all)->prefix = prefix;
    }
}

static double group_bytes(const struct object_group *g)
{
    double bytes = 0;
    for (int k = 0; k < AGE_BINS * SIZE_BINS; k++)
        bytes += (double)g->bins[k / SIZE_BINS][k % SIZE_BINS].bytes;
    return bytes;
}

/* Why no rule may be for this folder; NULL when one may. */
static const char *find_block(const struct folders *f, const char *prefix)
{
    const char *table = s3_tables_near(&f->advice->arena, f->bucket, prefix);
    if (table)
        return arena_printf(&f->advice->arena,
                            "%s: a live file of a table may be of any age, so no rule by age "
                            "may touch it",
                            table);
    for (size_t i = 0; i < f->existing->count; i++) {
        const struct node *rule = f->existing->items[i];
        struct lifecycle_policy policy;
        const char *at;
        bool clear = s3_rule_policy(&policy, &at, rule);
        bool enabled = strcmp(node_text(node_get(rule, "Status"), ""), "Enabled") == 0;
        bool moves = node_get(rule, "Transitions") != NULL;
        bool inside = s3_is_below(at, prefix) && strcmp(at, prefix) != 0;
        if (enabled && s3_overlap(at, prefix) &&
            ((moves && (!clear || strcmp(at, prefix) != 0)) ||
             (inside && policy.expire_day > 0)))
            return arena_printf(&f->advice->arena, "the rule %s acts on '%s' already",
                                node_text(node_get(rule, "ID"), "without an ID"), at);
    }
    return NULL;
}

/* What today's rules do to a folder: the transitions of its own, the expiry of any above it.
 */
static struct lifecycle_policy policy_today(const struct folders *f, const char *prefix)
{
    struct lifecycle_policy today = {.larger_than_bytes = S3_SMALL_BYTES - 1}, policy;
    int expire = 0;
    for (size_t i = 0; i < f->existing->count; i++) {
        const char *at;
        if (!s3_rule_policy(&policy, &at, f->existing->items[i]) || !s3_is_below(prefix, at))
            continue;
        if (policy.expire_day > 0 && (expire == 0 || policy.expire_day < expire))
            expire = policy.expire_day;
        if (policy.steps > 0 && strcmp(prefix, at) == 0)
            today = policy;
    }
    today.expire_day = expire;
    while (expire > 0 && today.steps > 0 && today.step[today.steps - 1].day >= expire)
        today.steps--;
    return today;
}

static int dearest_first(const void *a, const void *b)
{
    const struct folder *x = a, *y = b;
    return x->usd == y->usd ? strcmp(x->prefix, y->prefix) : x->usd < y->usd ? 1 : -1;
}

static int by_prefix(const void *a, const void *b)
{
    return strcmp(((const struct folder *)a)->prefix, ((const struct folder *)b)->prefix);
}

/* All folders of the bucket that cost enough to be worth a rule. */
static void find_folders(struct folders *f)
{
    const struct estate *e = f->bucket->in->estate;
    for (size_t i = f->bucket->first_object; i < f->bucket->end_object; i++)
        if (e->objects.at[i].bucket == f->bucket->resource &&
            e->objects.at[i].state == OBJECT_CURRENT)
            add_folders(f, &e->objects.at[i]);
    for (size_t k = 0; k < f->all.count; k++)
        for (size_t i = f->bucket->first_object; i < f->bucket->end_object; i++)
            if (e->objects.at[i].bucket == f->bucket->resource &&
                s3_is_below(e->objects.at[i].prefix, f->all.at[k].prefix))
                f->all.at[k].usd += group_bytes(&e->objects.at[i]) / LIFECYCLE_GB *
                                    f->bucket->prices.class[LC_STANDARD].storage_gb_month;
    if (f->all.count == 0)
        return;
    VEC_SORT(&f->all, dearest_first);
    size_t kept = f->all.count > NODES_MAX ? NODES_MAX : f->all.count;
    while (kept > 1 && f->all.at[kept - 1].usd < f->bucket->in->options->min_monthly_usd)
        kept--;
    f->all.count = kept;
    VEC_SORT(&f->all, by_prefix);
}

size_t s3_folder_end(const struct folders *f, size_t at)
{
    size_t end = at + 1;
    while (end < f->all.count && s3_is_below(f->all.at[end].prefix, f->all.at[at].prefix))
        end++;
    return end;
}

/* The objects of a folder that lie in no folder of the list below it. */
static bool fill_part(struct folders *f, size_t at, struct err *err)
{
    struct folder *folder = &f->all.at[at];
    size_t end = s3_folder_end(f, at), excepts = end - at - 1;
    const char **except = ARENA_ARRAY(&f->advice->arena, const char *, excepts + 1);
    for (size_t i = 0; i < excepts; i++)
        except[i] = f->all.at[at + 1 + i].prefix;
    struct s3_scope scope = {folder->prefix, except, excepts};
    folder->filled = s3_population_of(&folder->part.population, f->advice, f->bucket, scope);
    int expire = policy_today(f, folder->prefix).expire_day;
    return !folder->filled || s3_part_optimise(&folder->part, f->bucket, expire, err);
}

static bool find_rule(struct folders *f, size_t at, struct err *err)
{
    struct folder *folder = &f->all.at[at];
    size_t end = s3_folder_end(f, at);
    const struct s3_part **parts =
        ARENA_ARRAY(&f->advice->arena, const struct s3_part *, end - at);
    folder->rule = (struct s3_rule){.part = parts, .before = policy_today(f, folder->prefix)};
    for (size_t i = at; i < end; i++)
        if (f->all.at[i].filled)
            parts[folder->rule.parts++] = &f->all.at[i].part;
    if (folder->rule.parts == 0)
        return true;
    if (!s3_rule_find(&folder->rule, f->advice, f->bucket, err))
        return false;
    folder->usable = !folder->rule.declined;
    return true;
}

bool s3_folders_judge(struct folders *f, struct err *err)
{
    bool ok = true;
    find_folders(f);
    for (size_t i = 0; i < f->all.count && ok; i++) {
        f->all.at[i].blocked = find_block(f, f->all.at[i].prefix);
        ok = f->all.at[i].blocked || fill_part(f, i, err);
    }
    for (size_t i = 0; i < f->all.count && ok; i++)
        ok = f->all.at[i].blocked || find_rule(f, i, err);
    return ok || err_within(err, "bucket %s", f->bucket->name);
}

bool s3_folders_take(struct folders *f, const struct s3_population *population,
                     struct err *err)
{
    struct folder *all = VEC_PUSH(&f->all);
    all->prefix = "";
    all->usd = population->bytes / LIFECYCLE_GB *
               f->bucket->prices.class[LC_STANDARD].storage_gb_month;
    all->part.population = *population;
    all->filled = true;
    all->blocked = find_block(f, "");
    int expire = policy_today(f, "").expire_day;
    bool ok = all->blocked ||
              (s3_part_optimise(&all->part, f->bucket, expire, err) && find_rule(f, 0, err));
    return ok || err_within(err, "bucket %s", f->bucket->name);
}

/* The best rules for one folder and all below it: its own, or theirs. */
static struct chosen choose(const struct folders *f, size_t at)
{
    const struct folder *own = &f->all.at[at];
    struct chosen below = {0};
    for (size_t i = at + 1, end = s3_folder_end(f, at); i < end; i = s3_folder_end(f, i)) {
        struct chosen part = choose(f, i);
        below.saving += part.saving;
        for (size_t k = 0; k < part.folders.count; k++)
            VEC_ADD(&below.folders, part.folders.at[k]);
        VEC_FREE(&part.folders);
    }
    double saving = own->usable ? s3_saving(&own->rule.effect, S3_EXPECTED) : 0;
    if (own->usable && saving >= below.saving * one_rule_worth) {
        below.folders.count = 0;
        below.saving = saving;
        VEC_ADD(&below.folders, own);
    }
    return below;
}

struct chosen s3_folders_choose(const struct folders *f)
{
    struct chosen all = {0};
    for (size_t i = 0; i < f->all.count; i = s3_folder_end(f, i)) {
        struct chosen part = choose(f, i);
        all.saving += part.saving;
        for (size_t k = 0; k < part.folders.count; k++)
            VEC_ADD(&all.folders, part.folders.at[k]);
        VEC_FREE(&part.folders);
    }
    return all;
}
