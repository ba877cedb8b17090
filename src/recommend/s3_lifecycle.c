#include "s3.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "models/lifecycle_simulate.h"

/* One rule for a folder instead of several below it, unless those earn a twentieth more. */
enum { NODES_MAX = 60, MONTHS = 12 };
static const double one_rule_worth = 0.95;

static const char kind[] = "s3.lifecycle";

/* A prefix that a rule could be for, and all below it. */
struct folder {
    const char *prefix;
    double usd; /* storage a month at STANDARD */
    const char *blocked;
    struct s3_part part; /* its own objects, without those of the folders below it */
    bool filled;
    struct s3_rule rule; /* for it and all below it */
    bool usable;
};

struct folders {
    const struct s3_bucket *bucket;
    struct advice *advice;
    struct node *existing;
    bool existing_known;
    VEC(struct folder) all; /* sorted by prefix: what is below follows */
};

struct chosen {
    double saving;
    VEC(const struct folder *) folders;
};

static bool is_below(const char *prefix, const char *of)
{
    return strncmp(prefix, of, strlen(of)) == 0;
}

static bool overlap(const char *a, const char *b)
{
    return is_below(a, b) || is_below(b, a);
}

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
    const struct estate *e = f->bucket->in->estate;
    for (size_t i = f->bucket->first_object; i < f->bucket->end_object; i++) {
        const struct object_group *g = &e->objects.at[i];
        if (g->bucket == f->bucket->resource && g->protected_by && is_below(g->prefix, prefix))
            return arena_printf(&f->advice->arena,
                                "it holds a table, %s: a live file of a table may be of any age, "
                                "so no rule by age may touch it",
                                g->protected_by[0] ? g->protected_by : "in its root");
    }
    for (size_t i = 0; i < f->existing->count; i++) {
        const struct node *rule = f->existing->items[i];
        struct lifecycle_policy policy;
        const char *at;
        bool clear = s3_rule_policy(&policy, &at, rule);
        bool enabled = strcmp(node_text(node_get(rule, "Status"), ""), "Enabled") == 0;
        bool moves = node_get(rule, "Transitions") != NULL;
        bool inside = is_below(at, prefix) && strcmp(at, prefix) != 0;
        if (enabled && overlap(at, prefix) &&
            ((moves && (!clear || strcmp(at, prefix) != 0)) || (inside && policy.expire_day > 0)))
            return arena_printf(&f->advice->arena, "the rule %s acts on '%s' already",
                                node_text(node_get(rule, "ID"), "without an ID"), at);
    }
    return NULL;
}

/* What today's rules do to a folder: the transitions of its own, the expiry of any above it. */
static struct lifecycle_policy policy_today(const struct folders *f, const char *prefix)
{
    struct lifecycle_policy today = {.larger_than_bytes = S3_SMALL_BYTES - 1}, policy;
    int expire = 0;
    for (size_t i = 0; i < f->existing->count; i++) {
        const char *at;
        if (!s3_rule_policy(&policy, &at, f->existing->items[i]) || !is_below(prefix, at))
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
                is_below(e->objects.at[i].prefix, f->all.at[k].prefix))
                f->all.at[k].usd += group_bytes(&e->objects.at[i]) / LIFECYCLE_GB *
                                    f->bucket->prices.class[LC_STANDARD].storage_gb_month;
    if (f->all.count == 0)
        return;
    qsort(f->all.at, f->all.count, sizeof *f->all.at, dearest_first);
    size_t kept = f->all.count > NODES_MAX ? NODES_MAX : f->all.count;
    while (kept > 1 && f->all.at[kept - 1].usd < f->bucket->in->options->min_monthly_usd)
        kept--;
    f->all.count = kept;
    qsort(f->all.at, f->all.count, sizeof *f->all.at, by_prefix);
}

static size_t end_of(const struct folders *f, size_t at)
{
    size_t end = at + 1;
    while (end < f->all.count && is_below(f->all.at[end].prefix, f->all.at[at].prefix))
        end++;
    return end;
}

/* The objects of a folder that lie in no folder of the list below it. */
static bool fill_part(struct folders *f, size_t at, struct err *err)
{
    struct folder *folder = &f->all.at[at];
    size_t end = end_of(f, at), excepts = end - at - 1;
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
    size_t end = end_of(f, at);
    const struct s3_part **parts = ARENA_ARRAY(&f->advice->arena, const struct s3_part *, end - at);
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

static bool judge_folders(struct folders *f, struct err *err)
{
    bool ok = true;
    for (size_t i = 0; i < f->all.count && ok; i++) {
        f->all.at[i].blocked = find_block(f, f->all.at[i].prefix);
        ok = f->all.at[i].blocked || fill_part(f, i, err);
    }
    for (size_t i = 0; i < f->all.count && ok; i++)
        ok = f->all.at[i].blocked || find_rule(f, i, err);
    return ok || err_within(err, "bucket %s", f->bucket->name);
}

/* The best rules for one folder and all below it: its own, or theirs. */
static struct chosen choose(const struct folders *f, size_t at)
{
    const struct folder *own = &f->all.at[at];
    struct chosen below = {0};
    for (size_t i = at + 1, end = end_of(f, at); i < end; i = end_of(f, i)) {
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

static bool is_replaced(const struct chosen *c, const struct node *rule)
{
    struct lifecycle_policy policy;
    const char *at;
    if (!s3_rule_policy(&policy, &at, rule) || policy.steps == 0)
        return false;
    for (size_t i = 0; i < c->folders.count; i++)
        if (strcmp(c->folders.at[i]->prefix, at) == 0)
            return true;
    return false;
}

/* An existing rule without its transitions; NULL when nothing else is in it. */
static struct node *without_transitions(struct arena *arena, const struct node *rule)
{
    struct node *rest = node_new(arena, NODE_MAP);
    bool acts = false;
    for (size_t i = 0; i < rule->count; i++) {
        const struct node *item = rule->items[i];
        static const char *const frame[] = {"ID", "Status", "Filter", "Prefix"};
        bool framing = false;
        for (size_t k = 0; k < 4; k++)
            framing |= strcmp(item->key, frame[k]) == 0;
        if (strcmp(item->key, "Transitions") == 0)
            continue;
        acts |= !framing;
        node_add(arena, rest, item->key, node_copy(arena, item));
    }
    return acts ? rest : NULL;
}

static bool aborts_uploads(const struct node *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        struct lifecycle_policy policy;
        const char *at;
        s3_rule_policy(&policy, &at, rules->items[i]);
        if (node_get(rules->items[i], "AbortIncompleteMultipartUpload") && at[0] == '\0')
            return true;
    }
    return false;
}

static struct node *rules_of(const struct folders *f, const struct chosen *c)
{
    struct arena *arena = &f->advice->arena;
    struct node *rules = node_new(arena, NODE_LIST);
    for (size_t i = 0; i < f->existing->count; i++) {
        const struct node *rule = f->existing->items[i];
        struct node *kept = is_replaced(c, rule) ? without_transitions(arena, rule)
                                                 : node_copy(arena, rule);
        if (kept)
            node_add(arena, rules, NULL, kept);
    }
    for (size_t i = 0; i < c->folders.count; i++)
        node_add(arena, rules, NULL,
                 s3_rule_node(arena, c->folders.at[i]->prefix, &c->folders.at[i]->rule.policy));
    if (!aborts_uploads(rules))
        node_add(arena, rules, NULL, s3_abort_rule(arena));
    return rules;
}

static bool simulate_one(struct lifecycle_bill months[MONTHS], const struct folders *f,
                         const struct lifecycle_population *population,
                         const struct lifecycle_policy *policy, struct err *err)
{
    struct lifecycle_bill one[MONTHS];
    if (!lifecycle_simulate(one, MONTHS, population, &f->bucket->prices, policy, err))
        return false;
    for (int m = 0; m < MONTHS; m++)
        for (int k = 0; k < LC_ITEMS; k++)
            months[m].usd[k] += one[m].usd[k];
    return true;
}

static bool simulate(const struct folders *f, const struct chosen *c,
                     struct lifecycle_bill with[MONTHS], struct lifecycle_bill without[MONTHS],
                     struct err *err)
{
    for (size_t i = 0; i < c->folders.count; i++) {
        const struct s3_rule *rule = &c->folders.at[i]->rule;
        for (size_t k = 0; k < rule->parts; k++) {
            const struct lifecycle_population *p =
                &rule->part[k]->population.scenario[S3_EXPECTED];
            if (!simulate_one(with, f, p, &rule->policy, err) ||
                !simulate_one(without, f, p, &rule->before, err))
                return false;
        }
    }
    return true;
}

static bool add_months(const struct folders *f, const struct chosen *c,
                       struct recommendation *r, struct err *err)
{
    struct lifecycle_bill with[MONTHS] = {0}, without[MONTHS] = {0};
    struct buf text = BUF_INIT;
    if (!simulate(f, c, with, without, err))
        return false;
    buf_add(&text, "month,without_usd,with_usd,of_it_transitions_usd\n");
    for (int m = 0; m < MONTHS; m++)
        buf_printf(&text, "%d,%.2f,%.2f,%.2f\n", m + 1, lifecycle_total(&without[m]),
                   lifecycle_total(&with[m]),
                   with[m].usd[LC_TRANSITION_NOW] + with[m].usd[LC_TRANSITION]);
    artefact_add(f->advice, r, "csv", "twelve-months.csv", buf_text(&text));
    buf_release(&text);
    size_t month = lifecycle_payback_month(with, without, MONTHS);
    const char *when = arena_printf(&f->advice->arena, "in month %zu", month);
    evidence_add(f->advice, r, EVIDENCE_MODEL, NULL, "Twelve months, day by day",
                 "what the transitions cost is earned back %s",
                 month > 0 ? when : "later than in a year");
    return true;
}

static const char *access_text(struct arena *arena, const struct s3_population *p)
{
    if (p->access == S3_ACCESS_MEASURED)
        return arena_printf(arena, "measured over %.0f days", p->access_days);
    return p->access_source;
}

static void add_rule_evidence(const struct folders *f, struct recommendation *r,
                              const struct folder *folder)
{
    struct arena *arena = &f->advice->arena;
    const struct s3_rule *rule = &folder->rule;
    const struct s3_population *p = &rule->total;
    const char *prefix = folder->prefix[0] ? folder->prefix : "the whole bucket";
    evidence_add(f->advice, r, EVIDENCE_INPUT, NULL, prefix,
                 "%.0f objects, %s, %.0f %% of the bytes younger than 30 days", p->objects,
                 s3_bytes_text(arena, p->bytes), 100 * p->young_bytes / p->bytes);
    evidence_add(f->advice, r, EVIDENCE_INPUT,
                 p->access == S3_ACCESS_MEASURED ? p->access_source : NULL,
                 arena_printf(arena, "%s, reads", prefix), "%s", access_text(arena, p));
    evidence_add(f->advice, r, EVIDENCE_FORMULA, NULL,
                 arena_printf(arena, "%s, %s", prefix, s3_policy_text(arena, &rule->policy)),
                 "%.2f - %.2f = %.2f USD a month (%.2f to %.2f); once %.2f",
                 rule->effect.now[S3_EXPECTED], rule->effect.after[S3_EXPECTED],
                 s3_saving(&rule->effect, S3_EXPECTED), s3_saving(&rule->effect, S3_LOW),
                 s3_saving(&rule->effect, S3_HIGH), rule->effect.one_off);
}

void s3_set_saving(struct recommendation *r, const struct recommend_input *in, double now,
                   const double saving[S3_SCENARIOS])
{
    struct money_range after = {money_of(now - saving[S3_HIGH]),
                                money_of(now - saving[S3_EXPECTED]),
                                money_of(now - saving[S3_LOW])};
    after.low = money_min(after.low, after.expected);
    after.high = money_max(after.high, after.expected);
    saving_set(r, in, money_range_of(money_of(now)), after);
}

struct totals {
    double now, one_off, saving[S3_SCENARIOS];
    double tiering[S3_SCENARIOS], habit[S3_SCENARIOS], waterfall[S3_SCENARIOS];
};

static struct totals total_of(const struct chosen *c)
{
    struct totals t = {0};
    for (size_t i = 0; i < c->folders.count; i++) {
        const struct s3_rule *rule = &c->folders.at[i]->rule;
        t.now += rule->effect.now[S3_EXPECTED];
        t.one_off += rule->effect.one_off;
        for (int s = 0; s < S3_SCENARIOS; s++) {
            t.saving[s] += s3_saving(&rule->effect, (enum s3_scenario)s);
            t.tiering[s] += s3_saving(&rule->tiering, (enum s3_scenario)s);
            t.habit[s] += s3_saving(&rule->habit, (enum s3_scenario)s);
            t.waterfall[s] += s3_saving(&rule->waterfall, (enum s3_scenario)s);
        }
    }
    return t;
}

static struct money_range range_of(const double saving[S3_SCENARIOS])
{
    double low = fmin(saving[S3_LOW], saving[S3_EXPECTED]);
    double high = fmax(saving[S3_HIGH], saving[S3_EXPECTED]);
    return (struct money_range){money_of(low), money_of(saving[S3_EXPECTED]), money_of(high)};
}

static void add_alternatives(const struct folders *f, struct recommendation *r,
                             const struct totals *t)
{
    const double nothing[S3_SCENARIOS] = {0};
    alternative_add(f->advice, r, range_of(nothing), "Leave everything where it is",
                    "costs what it costs today");
    alternative_add(f->advice, r, range_of(t->tiering), "INTELLIGENT_TIERING from the first day",
                    t->tiering[S3_EXPECTED] < t->saving[S3_EXPECTED]
                        ? "its monitoring and its first 90 days cost more than retrieval does"
                        : "saves about the same with a fee for every object");
    alternative_add(f->advice, r, range_of(t->habit),
                    "STANDARD_IA after 30 days, GLACIER after 90, as many do",
                    "reads of archived objects wait hours for a restore and pay for it");
    if (t->waterfall[S3_EXPECTED] > t->saving[S3_EXPECTED])
        alternative_add(f->advice, r, range_of(t->waterfall), "The cheapest waterfall of any length",
                        t->waterfall[S3_LOW] < 0 ? "loses money when reads are at their highest"
                                                 : "more steps for less than a twentieth more");
}

static enum level confidence_of(const struct chosen *c, const char **why)
{
    bool measured = true;
    double days = INFINITY;
    for (size_t i = 0; i < c->folders.count; i++) {
        const struct s3_population *p = &c->folders.at[i]->rule.total;
        measured &= p->access == S3_ACCESS_MEASURED;
        days = fmin(days, p->access_days);
    }
    *why = !measured   ? "sizes and ages are from the inventory, reads only from the bill"
           : days < 30 ? "sizes, ages and reads are measured, reads for less than a month"
                       : "sizes, ages and reads are measured";
    return !measured ? LEVEL_LOW : days < 30 ? LEVEL_MEDIUM : LEVEL_HIGH;
}

static const char *title_of(const struct folders *f, const struct chosen *c)
{
    struct arena *arena = &f->advice->arena;
    const struct folder *first = c->folders.at[0];
    if (c->folders.count > 1)
        return arena_printf(arena, "Give bucket %s %zu lifecycle rules", f->bucket->name,
                            c->folders.count);
    return arena_printf(arena, "Move objects of bucket %s%s%s: %s", f->bucket->name,
                        first->prefix[0] ? "/" : "", first->prefix,
                        s3_policy_text(arena, &first->rule.policy));
}

static bool recommend(const struct folders *f, const struct chosen *c, struct err *err)
{
    const struct recommend_input *in = f->bucket->in;
    struct totals t = total_of(c);
    bool used[LC_CLASSES] = {[LC_STANDARD] = true};
    struct recommendation *r =
        advice_add(f->advice, in, kind, ACTION_RETIER, f->bucket->resource);
    r->title = title_of(f, c);
    s3_set_saving(r, in, t.now, t.saving);
    r->one_off = money_range_of(money_of(t.one_off));
    r->effort = LEVEL_LOW;
    r->risk = 1;
    r->risk_dimension = "reads that cost";
    r->confidence = confidence_of(c, &r->confidence_why);
    for (size_t i = 0; i < c->folders.count; i++) {
        const struct folder *folder = c->folders.at[i];
        add_rule_evidence(f, r, folder);
        change_add(f->advice, r, folder->prefix[0] ? folder->prefix : "*",
                   s3_policy_text(&f->advice->arena, &folder->rule.before),
                   s3_policy_text(&f->advice->arena, &folder->rule.policy));
        for (size_t k = 0; k < folder->rule.policy.steps; k++)
            used[folder->rule.policy.step[k].to] = true;
    }
    for (int class = 0; class < LC_CLASSES; class++)
        if (used[class])
            s3_evidence_prices(f->advice, r, f->bucket, (enum lifecycle_class)class);
    add_alternatives(f, r, &t);
    return add_months(f, c, r, err) &&
           s3_add_configuration(f->advice, r, f->bucket, rules_of(f, c), f->existing_known, err);
}

static bool is_covered(const struct chosen *c, const struct folder *folder)
{
    for (size_t i = 0; i < c->folders.count; i++)
        if (overlap(c->folders.at[i]->prefix, folder->prefix))
            return true;
    return false;
}

/* Says why for the deepest folders without a rule that are a twentieth of the bucket or more. */
static void decline(const struct folders *f, const struct chosen *c)
{
    double bucket_usd = 0;
    for (size_t i = 0; i < f->all.count; i++)
        bucket_usd = fmax(bucket_usd, f->all.at[i].usd);
    for (size_t i = 0; i < f->all.count; i++) {
        const struct folder *folder = &f->all.at[i];
        const char *why = folder->blocked ? folder->blocked : folder->rule.declined;
        bool deepest = end_of(f, i) == i + 1;
        if (why && deepest && folder->usd >= bucket_usd / 20 && !is_covered(c, folder))
            advice_decline(f->advice, kind, f->bucket->resource, "%s: %s",
                           folder->prefix[0] ? folder->prefix : "the whole bucket", why);
    }
}

bool s3_advise_lifecycle(struct advice *advice, const struct s3_bucket *bucket, struct err *err)
{
    struct folders f = {.bucket = bucket, .advice = advice};
    f.existing = s3_existing_rules(&advice->arena, bucket->in->estate, bucket->resource,
                                   &f.existing_known);
    find_folders(&f);
    bool ok = judge_folders(&f, err);
    if (ok && f.all.count > 0) {
        struct chosen c = {0};
        for (size_t i = 0; i < f.all.count; i = end_of(&f, i)) {
            struct chosen part = choose(&f, i);
            for (size_t k = 0; k < part.folders.count; k++)
                VEC_ADD(&c.folders, part.folders.at[k]);
            VEC_FREE(&part.folders);
        }
        decline(&f, &c);
        ok = c.folders.count == 0 || recommend(&f, &c, err);
        VEC_FREE(&c.folders);
    }
    VEC_FREE(&f.all);
    return ok;
}
