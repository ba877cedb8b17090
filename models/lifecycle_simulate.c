#include "models/lifecycle_simulate.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

enum { IDLE_MAX = 90, INFREQUENT_DAYS = 30 };

/* One object (or what is left of it on average) on its way through the days. */
struct walker {
    const struct lifecycle_population *population;
    const struct lifecycle_prices *prices;
    const struct lifecycle_policy *policy;
    double bytes;
    int age, entered;
    enum lifecycle_class class;
    double alive;
    double idle[IDLE_MAX + 1]; /* of the hot objects: share by days since the last access */
};

static const struct lifecycle_curve *curve_of(const struct walker *w)
{
    return &w->population->curve;
}

static size_t cell_at(const struct lifecycle_curve *curve, int age)
{
    size_t cell = curve->cells - 1;
    while (cell > 0 && curve->from_day[cell] > age)
        cell--;
    return cell;
}

static double rate_per_byte_day(const struct walker *w, enum lifecycle_class class)
{
    return w->prices->class[class].storage_gb_month / LIFECYCLE_GB / LIFECYCLE_DAYS_PER_MONTH;
}

static double billed_bytes(const struct walker *w)
{
    const struct lifecycle_class_rules *r = lifecycle_rules(w->class);
    double bytes = w->bytes > r->min_billable_bytes ? w->bytes : r->min_billable_bytes;
    return bytes + r->overhead_bytes;
}

static void charge_remainder(struct walker *w, struct lifecycle_bill *today, double objects,
                             double age)
{
    double left = w->entered + lifecycle_rules(w->class)->min_days - age;
    if (left > 0)
        today->usd[LC_EARLY_DELETE] +=
            objects * left * billed_bytes(w) * rate_per_byte_day(w, w->class);
}

static void enter(struct walker *w, enum lifecycle_class class)
{
    w->class = class;
    w->entered = w->age;
    for (int i = 0; i <= IDLE_MAX; i++)
        w->idle[i] = i == 0;
}

/* Midnight: the last step that is due acts; an expiry comes before it. */
static void apply_rules(struct walker *w, struct lifecycle_bill *today, bool first_of_stock)
{
    if (w->policy->expire_day > 0 && w->age >= w->policy->expire_day) {
        if (!first_of_stock)
            charge_remainder(w, today, w->alive, w->age);
        w->alive = 0;
        return;
    }
    if (w->bytes <= w->policy->larger_than_bytes)
        return;
    const struct lifecycle_step *due = NULL;
    for (size_t i = 0; i < w->policy->steps && w->policy->step[i].day <= w->age; i++)
        if (lifecycle_allows(w->class, w->policy->step[i].to))
            due = &w->policy->step[i];
    if (!due)
        return;
    today->usd[first_of_stock ? LC_TRANSITION_NOW : LC_TRANSITION] +=
        w->alive * w->prices->class[due->to].transition_per_1000 / 1000;
    charge_remainder(w, today, w->alive, w->age);
    enter(w, due->to);
}

static double idle_from(const struct walker *w, int days)
{
    double share = 0;
    for (int i = days; i <= IDLE_MAX; i++)
        share += w->idle[i];
    double hot = curve_of(w)->hot_share;
    bool cold_is_idle = w->age - w->entered >= days;
    return hot * share + (cold_is_idle ? 1 - hot : 0);
}

static void store_tiered(struct walker *w, struct lifecycle_bill *today, double objects)
{
    double archived = idle_from(w, IDLE_MAX);
    double infrequent = idle_from(w, INFREQUENT_DAYS) - archived;
    double price = (1 - infrequent - archived) * w->prices->class[w->class].storage_gb_month +
                   infrequent * w->prices->infrequent_gb_month +
                   archived * w->prices->archive_instant_gb_month;
    today->usd[LC_STORAGE] +=
        objects * w->bytes / LIFECYCLE_GB * price / LIFECYCLE_DAYS_PER_MONTH;
    today->usd[LC_MONITORING] +=
        objects * w->prices->monitoring_per_1000_month / 1000 / LIFECYCLE_DAYS_PER_MONTH;
}

static void store(struct walker *w, struct lifecycle_bill *today, double objects)
{
    if (w->class == LC_INTELLIGENT_TIERING && w->bytes >= 128 * 1024) {
        store_tiered(w, today, objects);
        return;
    }
    double standard = lifecycle_rules(w->class)->standard_overhead_bytes;
    today->usd[LC_STORAGE] += objects * (billed_bytes(w) * rate_per_byte_day(w, w->class) +
                                         standard * rate_per_byte_day(w, LC_STANDARD));
}

static void read_some(struct walker *w, struct lifecycle_bill *today, double objects)
{
    size_t cell = cell_at(curve_of(w), w->age);
    const struct lifecycle_class_price *price = &w->prices->class[w->class];
    double reads = objects * curve_of(w)->reads_per_day[cell];
    today->usd[LC_REQUESTS] += reads * price->get_per_1000 / 1000;
    if (!lifecycle_rules(w->class)->archive) {
        today->usd[LC_RETRIEVAL] += objects * curve_of(w)->read_share_per_day[cell] *
                                    w->bytes / LIFECYCLE_GB * price->retrieval_gb;
        return;
    }
    int kept = w->prices->restored_copy_days;
    double restores = reads / (1 + curve_of(w)->reads_per_day[cell] * kept);
    today->usd[LC_REQUESTS] += restores * price->restore_per_1000 / 1000;
    today->usd[LC_RETRIEVAL] +=
        restores * w->bytes *
        (price->retrieval_gb / LIFECYCLE_GB + kept * rate_per_byte_day(w, LC_STANDARD));
}

/* Who is read today starts again at zero idle days; everybody else is a day older. */
static void age_idle(struct walker *w)
{
    size_t cell = cell_at(curve_of(w), w->age);
    double untouched = exp(-curve_of(w)->reads_per_day[cell] / curve_of(w)->hot_share);
    w->idle[IDLE_MAX] = (w->idle[IDLE_MAX] + w->idle[IDLE_MAX - 1]) * untouched;
    for (int i = IDLE_MAX - 1; i > 0; i--)
        w->idle[i] = w->idle[i - 1] * untouched;
    w->idle[0] = 1 - untouched;
}

static void walk_day(struct walker *w, struct lifecycle_bill *today, bool first_of_stock)
{
    apply_rules(w, today, first_of_stock);
    double deaths =
        w->alive * (1 - exp(-curve_of(w)->deleted_per_day[cell_at(curve_of(w), w->age)]));
    double objects = w->alive - deaths / 2;
    store(w, today, objects);
    read_some(w, today, objects);
    charge_remainder(w, today, deaths, w->age + 0.5);
    if (w->class == LC_INTELLIGENT_TIERING)
        age_idle(w);
    w->alive -= deaths;
    w->age++;
}

/* What one object of that age costs on every day of the horizon. */
static void walk(struct lifecycle_bill *diary, struct walker w, bool stock)
{
    int age = w.age;
    w.age = 0;
    enter(&w, w.class);
    if (w.class == LC_INTELLIGENT_TIERING)
        for (; w.age < age; w.age++)
            age_idle(&w);
    w.age = age;
    for (int day = 0; day < w.population->horizon_days; day++) {
        diary[day] = (struct lifecycle_bill){{0}};
        walk_day(&w, &diary[day], stock && day == 0);
    }
}

static void add_times(struct lifecycle_bill *to, const struct lifecycle_bill *from,
                      double times)
{
    for (int i = 0; i < LC_ITEMS; i++)
        to->usd[i] += from->usd[i] * times;
}

/* Objects that come later live the same diary from the day they come. */
static void add_arrivals(struct lifecycle_bill *days, const struct lifecycle_bill *diary,
                         const struct lifecycle_population *p, double per_day)
{
    double growth = pow(1 + p->growth_per_year, 1.0 / 365);
    for (int born = 0; born < p->horizon_days; born++, per_day *= growth)
        for (int day = born; day < p->horizon_days; day++)
            add_times(&days[day], &diary[day - born], per_day);
}

static void add_bin(struct lifecycle_bill *days, struct lifecycle_bill *diary, struct walker w,
                    const struct lifecycle_bin *bin)
{
    const struct lifecycle_population *p = w.population;
    w.bytes = bin->bytes;
    w.class = bin->start;
    for (size_t k = 0; bin->stock && k < p->cohorts; k++) {
        if (bin->stock[k] <= 0)
            continue;
        w.age = p->cohort_age_days[k];
        walk(diary, w, true);
        for (int day = 0; day < p->horizon_days; day++)
            add_times(&days[day], &diary[day], bin->stock[k]);
    }
    if (bin->arrivals_per_day > 0) {
        w.age = 0;
        walk(diary, w, false);
        add_arrivals(days, diary, p, bin->arrivals_per_day);
    }
}

bool lifecycle_simulate(struct lifecycle_bill *out, size_t months,
                        const struct lifecycle_population *population,
                        const struct lifecycle_prices *prices,
                        const struct lifecycle_policy *policy, struct err *err)
{
    struct lifecycle_model *checked = NULL;
    if (!lifecycle_policy_check(policy, err) ||
        !lifecycle_open(&checked, population, prices, err))
        return false;
    lifecycle_free(checked);
    size_t horizon = (size_t)population->horizon_days;
    struct lifecycle_bill *days = mem_alloc(sizeof *days * horizon);
    struct lifecycle_bill *diary = mem_alloc(sizeof *diary * horizon);
    struct walker w = {
        .population = population, .prices = prices, .policy = policy, .alive = 1};
    for (size_t b = 0; b < population->bins; b++)
        add_bin(days, diary, w, &population->bin[b]);
    for (size_t m = 0; m < months; m++)
        out[m] = (struct lifecycle_bill){{0}};
    for (size_t day = 0; day < horizon; day++) {
        size_t month = (size_t)((double)day / LIFECYCLE_DAYS_PER_MONTH);
        if (month < months)
            add_times(&out[month], &days[day], 1);
    }
    free(diary);
    free(days);
    return true;
}

size_t lifecycle_payback_month(const struct lifecycle_bill *with,
                               const struct lifecycle_bill *without, size_t months)
{
    double ahead = 0;
    for (size_t m = 0; m < months; m++) {
        ahead += lifecycle_total(&without[m]) - lifecycle_total(&with[m]);
        if (ahead >= 0)
            return m + 1;
    }
    return 0;
}
