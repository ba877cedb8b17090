#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "models/lifecycle_simulate.h"
#include "s3_folders.h"

enum { MONTHS = 12 };

static const char kind[] = "s3.lifecycle";

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

static struct s3_rules rules_of(const struct folders *f, const struct chosen *c)
{
    struct arena *arena = &f->advice->arena;
    struct s3_rules rules = s3_standing_rules(arena, f->bucket);
    for (size_t i = rules.list->count; i-- > 0;)
        if (is_replaced(c, rules.list->items[i]))
            s3_rules_replace(arena, &rules, i,
                             without_transitions(arena, rules.list->items[i]));
    for (size_t i = 0; i < c->folders.count; i++)
        s3_rules_add_tiers(arena, &rules, c->folders.at[i]->prefix,
                           &c->folders.at[i]->rule.policy);
    if (!s3_rules_abort_uploads(&rules))
        s3_rules_add_abort(arena, &rules);
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
    double sum_with = 0, sum_without = 0;
    struct buf text = BUF_INIT;
    if (!simulate(f, c, with, without, err))
        return false;
    buf_add(&text, "month,without_usd,with_usd,of_it_transitions_usd\n");
    for (int m = 0; m < MONTHS; m++) {
        buf_printf(&text, "%d,%.2f,%.2f,%.2f\n", m + 1, lifecycle_total(&without[m]),
                   lifecycle_total(&with[m]),
                   with[m].usd[LC_TRANSITION_NOW] + with[m].usd[LC_TRANSITION]);
        sum_without += lifecycle_total(&without[m]);
        sum_with += lifecycle_total(&with[m]);
    }
    artefact_add(f->advice, r, "csv", "twelve-months.csv", buf_text(&text));
    buf_release(&text);
    size_t month = lifecycle_payback_month(with, without, MONTHS);
    const char *when = arena_printf(&f->advice->arena, "in month %zu", month);
    evidence_add(f->advice, r, EVIDENCE_MODEL, NULL, "Twelve months, day by day",
                 "%.2f USD without, %.2f with; what the transitions cost is earned back %s",
                 sum_without, sum_with, month > 0 ? when : "later than in a year");
    return true;
}

static const char *access_text(struct arena *arena, const struct s3_population *p)
{
    if (p->access == S3_ACCESS_MEASURED)
        return arena_printf(arena, "measured over %.0f days", p->access_days);
    return p->access_source;
}

/* "storage 905.50 + requests 0.57": what a finance lead adds up again. */
static const char *items_text(struct arena *arena, const struct lifecycle_bill *bill)
{
    static const char *const names[LC_ITEMS] = {
        [LC_STORAGE] = "storage",        [LC_MONITORING] = "monitoring",
        [LC_REQUESTS] = "requests",      [LC_RETRIEVAL] = "retrieval",
        [LC_TRANSITION] = "transitions", [LC_EARLY_DELETE] = "early deletion",
    };
    struct buf text = BUF_INIT;
    for (int i = 0; i < LC_ITEMS; i++)
        if (names[i] && bill->usd[i] >= 0.005)
            buf_printf(&text, "%s%s %.2f", text.length ? " + " : "", names[i], bill->usd[i]);
    const char *kept = arena_strdup(arena, text.length ? buf_text(&text) : "nothing");
    buf_release(&text);
    return kept;
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
    evidence_add(f->advice, r, EVIDENCE_MODEL, NULL,
                 arena_printf(arena, "%s, a mean month of the coming year", prefix),
                 "as it is %s; with the rule %s", items_text(arena, &rule->effect.bill_now),
                 items_text(arena, &rule->effect.bill_after));
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
    alternative_add(f->advice, r, range_of(t->tiering),
                    "INTELLIGENT_TIERING from the first day",
                    t->tiering[S3_EXPECTED] < t->saving[S3_EXPECTED]
                        ? "its monitoring and its first 90 days cost more than retrieval does"
                        : "saves about the same with a fee for every object");
    alternative_add(f->advice, r, range_of(t->habit),
                    "STANDARD_IA after 30 days, GLACIER after 90, as many do",
                    "reads of archived objects wait hours for a restore and pay for it");
    if (t->waterfall[S3_EXPECTED] > t->saving[S3_EXPECTED])
        alternative_add(
            f->advice, r, range_of(t->waterfall), "The cheapest waterfall of any length",
            t->waterfall[S3_LOW] < 0 ? "loses money when reads are at their highest"
                                     : "more steps for less than a twentieth more");
}

/* GETs and all else of their price that the bill has and the evidence did not see. */
static bool many_unseen(const struct s3_bucket *b, double *seen, double *billed)
{
    double usd;
    *seen = s3_measured_gets(b);
    return s3_billed(billed, &usd, b, "Requests-Tier2") && *seen > 0 && *seen < *billed / 2;
}

static enum level confidence_of(const struct folders *f, const struct chosen *c,
                                const char **why)
{
    bool measured = true;
    double days = INFINITY, seen, billed;
    for (size_t i = 0; i < c->folders.count; i++) {
        const struct s3_population *p = &c->folders.at[i]->rule.total;
        if (p->declared) {
            *why = "sizes, growth and reads are declared, not measured";
            return LEVEL_VERY_LOW;
        }
        measured &= p->access == S3_ACCESS_MEASURED;
        days = fmin(days, p->access_days);
    }
    bool unseen = measured && many_unseen(f->bucket, &seen, &billed);
    *why = !measured   ? "sizes and ages are from the inventory, reads only from the bill"
           : unseen    ? "sizes, ages and reads are measured, but the bill has more requests"
           : days < 30 ? "sizes, ages and reads are measured, reads for less than a month"
                       : "sizes, ages and reads are measured";
    return !measured ? LEVEL_LOW : unseen || days < 30 ? LEVEL_MEDIUM : LEVEL_HIGH;
}

/* The inventory is one moment, the bill an average: they should agree within a few percent. */
static void add_reconciliation(const struct folders *f, struct recommendation *r)
{
    const struct estate *e = f->bucket->in->estate;
    double billed, usd, seen, listed = 0;
    if (many_unseen(f->bucket, &seen, &billed))
        evidence_add(f->advice, r, EVIDENCE_INPUT, NULL, "Reads, evidence against bill",
                     "%.0f GETs a month against %.0f requests of their price: the others are "
                     "HEADs and the like, other prefixes, objects below 128 KiB, or reads "
                     "that nobody saw, which would cost in a colder class",
                     seen, billed);
    if (!s3_billed(&billed, &usd, f->bucket, "TimedStorage-ByteHrs") || billed <= 0)
        return;
    for (size_t i = f->bucket->first_object; i < f->bucket->end_object; i++)
        for (int k = 0; k < AGE_BINS * SIZE_BINS; k++)
            if (e->objects.at[i].bucket == f->bucket->resource &&
                strcmp(e->objects.at[i].storage_class, "STANDARD") == 0)
                listed += (double)e->objects.at[i].bins[k / SIZE_BINS][k % SIZE_BINS].bytes;
    listed /= LIFECYCLE_GB;
    evidence_add(f->advice, r, EVIDENCE_INPUT, NULL, "STANDARD, inventory against bill",
                 "%.0f GB against %.0f GB-months, %.1f %% apart. They cost %.2f USD a month on "
                 "the bill; a mean month of the coming year differs, as objects come and go by "
                 "their ages",
                 listed, billed, 100 * fabs(listed / billed - 1), usd);
}

static const char *title_of(const struct folders *f, const struct chosen *c)
{
    struct arena *arena = &f->advice->arena;
    const struct folder *first = c->folders.at[0];
    if (c->folders.count > 1)
        return arena_printf(arena, "Give bucket %s %zu lifecycle rules", f->bucket->name,
                            c->folders.count);
    const char *slash = first->prefix[0] ? "/" : "";
    if (first->rule.policy.steps == 0)
        return arena_printf(arena, "Take the transitions out of the rule for bucket %s%s%s",
                            f->bucket->name, slash, first->prefix);
    return arena_printf(arena, "Move objects of bucket %s%s%s: %s", f->bucket->name, slash,
                        first->prefix, s3_policy_text(arena, &first->rule.policy));
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
    r->confidence = confidence_of(f, c, &r->confidence_why);
    for (size_t i = 0; i < c->folders.count; i++) {
        const struct folder *folder = c->folders.at[i];
        add_rule_evidence(f, r, folder);
        change_add(f->advice, r, folder->prefix[0] ? folder->prefix : "*",
                   s3_policy_text(&f->advice->arena, &folder->rule.before),
                   s3_policy_text(&f->advice->arena, &folder->rule.policy));
        for (size_t k = 0; k < folder->rule.policy.steps; k++)
            used[folder->rule.policy.step[k].to] = true;
    }
    for (int class = 0; class < LC_CLASSES; class ++)
        if (used[class])
            s3_evidence_prices(f->advice, r, f->bucket, (enum lifecycle_class) class);
    add_reconciliation(f, r);
    add_alternatives(f, r, &t);
    if (!add_months(f, c, r, err))
        return false;
    struct s3_rules rules = rules_of(f, c);
    s3_add_configuration(f->advice, r, f->bucket, &rules);
    return true;
}

static bool is_covered(const struct chosen *c, const struct folder *folder)
{
    for (size_t i = 0; i < c->folders.count; i++)
        if (s3_overlap(c->folders.at[i]->prefix, folder->prefix))
            return true;
    return false;
}

/* Says why for the deepest folders without a rule that are a twentieth of the bucket or more.
 */
static void decline(const struct folders *f, const struct chosen *c)
{
    double bucket_usd = 0;
    for (size_t i = 0; i < f->all.count; i++)
        bucket_usd = fmax(bucket_usd, f->all.at[i].usd);
    for (size_t i = 0; i < f->all.count; i++) {
        const struct folder *folder = &f->all.at[i];
        const char *why = folder->blocked ? folder->blocked : folder->rule.declined;
        bool deepest = s3_folder_end(f, i) == i + 1;
        if (why && deepest && folder->usd >= bucket_usd / 20 && !is_covered(c, folder))
            advice_decline(f->advice, kind, f->bucket->resource, "%s: %s",
                           folder->prefix[0] ? folder->prefix : "the whole bucket", why);
    }
}

static struct folders folders_of(struct advice *advice, const struct s3_bucket *bucket)
{
    return (struct folders){
        .bucket = bucket,
        .advice = advice,
        .existing = s3_standing_rules(&advice->arena, bucket).list,
    };
}

static bool advise(struct folders *f, struct err *err)
{
    struct chosen c = s3_folders_choose(f);
    decline(f, &c);
    bool ok = c.folders.count == 0 || recommend(f, &c, err);
    VEC_FREE(&c.folders);
    return ok;
}

bool s3_advise_lifecycle(struct advice *advice, const struct s3_bucket *bucket,
                         struct err *err)
{
    struct folders f = folders_of(advice, bucket);
    bool ok = s3_folders_judge(&f, err) && advise(&f, err);
    VEC_FREE(&f.all);
    return ok;
}

bool s3_advise_declared(struct advice *advice, const struct s3_bucket *bucket, struct err *err)
{
    struct s3_population population;
    if (!s3_population_declared(&population, advice, bucket))
        return true;
    struct folders f = folders_of(advice, bucket);
    bool ok = s3_folders_take(&f, &population, err) && advise(&f, err);
    VEC_FREE(&f.all);
    return ok;
}
