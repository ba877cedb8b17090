#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cost_walk.h"

/* The price of a row: one row of the book, or a sum of several ("a + b"). */
struct quote {
    struct price price;
    struct price_key key; /* for the tiers; service NULL: priced by one figure */
    const char *label;    /* of the whole, for people */
    const char *why;      /* NULL when there is a price */
};

enum { PRICE_ARGS_MAX = 8 };

bool walk_eval(struct walk *w, struct value *out, const char *text, size_t length)
{
    return expr_eval(out, &w->scope, text, length, w->err) ||
           err_within(w->err, "'%.*s'", (int)length, text);
}

/* "10k requests" counts in 10,000s; "GB" in ones. */
static double unit_scale(const char *unit)
{
    char *end;
    double scale = strtod(unit, &end);
    if (end == unit)
        return 1;
    static const struct {
        char letter;
        double factor;
    } letters[] = {{'k', 1e3}, {'K', 1e3}, {'M', 1e6}, {'B', 1e9}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
        if (*end == letters[i].letter)
            return scale * letters[i].factor;
    return scale;
}

static bool is_binary_gb(const char *unit)
{
    return !strncmp(unit, "GB", 2) && (!unit[2] || unit[2] == ' ');
}

/* 10240 GB is "10TB", 333000000 requests are "333M". */
static const char *round_number(struct arena *arena, double n, bool gb)
{
    static const struct {
        double size;
        const char *suffix;
    } decimal[] = {{1e9, "B"}, {1e6, "M"}, {1e3, "K"}},
      binary[] = {{1048576, "PB"}, {1024, "TB"}};
    if (gb && n >= 1024 * 1000 && fmod(n, 1024 * 500) < 1)
        return arena_printf(arena, "%.6gPB", n / 1024 / 1000);
    for (size_t i = 0; i < (gb ? 2u : 3u); i++) {
        double size = gb ? binary[i].size : decimal[i].size;
        if (n >= size)
            return arena_printf(arena, "%.6g%s", n / size,
                                gb ? binary[i].suffix : decimal[i].suffix);
    }
    return arena_printf(arena, gb ? "%.6gGB" : "%.6g", n);
}

/* Everything a row's numbers need once its price is found. */
struct pricing {
    const struct quote *quote;
    const char *name, *unit;
    double scale, times;
    double tier_scale; /* tiers are named in the component's unit where the row converts it */
    bool usage_based, plain;
};

static const char *tier_name(struct arena *arena, const struct pricing *p, double from,
                             double to)
{
    const char *name = p->name;
    bool gb = is_binary_gb(p->unit);
    if (p->plain || (isinf(to) && from <= 0))
        return name;
    if (isinf(to))
        return arena_printf(arena, "%s (over %s)", name,
                            round_number(arena, from / p->tier_scale, gb));
    return arena_printf(arena, "%s (%s %s)", name, from > 0 ? "next" : "first",
                        round_number(arena, (to - from) / p->tier_scale, gb));
}

static int split_words(struct arena *arena, const char *text, char *args[PRICE_ARGS_MAX])
{
    int count = 0;
    while (*text && count < PRICE_ARGS_MAX) {
        size_t n = strcspn(text, " ");
        if (n)
            args[count++] = arena_strndup(arena, text, n);
        text += n + (text[n] == ' ');
    }
    return count;
}

static bool find_one(struct walk *w, struct price *out, struct price_key *key,
                     const char *region, const char *text)
{
    char *args[PRICE_ARGS_MAX];
    int count = split_words(w->scope.arena, text, args);
    if (count && *args[0] == '@') {
        const struct price_function *f = price_function_find(args[0] + 1, strlen(args[0] + 1));
        *key = (struct price_key){0};
        return f && f->find(out, w->scope.book, region, args + 1, count - 1);
    }
    *key = (struct price_key){count > 0 ? args[0] : "", count > 1 ? args[1] : "",
                              count > 2 ? args[2] : NULL, region};
    return book_price(out, w->scope.book, key);
}

/* "usd 0.5": a price that the user states with the usage. */
static bool stated_price(struct walk *w, struct quote *q, struct table_text text, bool *stated)
{
    struct value v;
    struct range n;
    *stated = text.length > 4 && !memcmp(text.text, "usd ", 4);
    if (!*stated)
        return true;
    if (!walk_eval(w, &v, text.text + 4, text.length - 4))
        return false;
    q->price.per = 1;
    q->price.tier_to = INFINITY;
    q->label = "stated with the usage";
    if (value_as_number(&n, v))
        q->price.usd = money_of(n.expected);
    else
        q->why = "no price is stated with the usage";
    return true;
}

/* Partitions with prices and currencies of their own, of which the book has none. */
static const char *partition_without_prices(const char *region)
{
    static const struct {
        const char *begins, *name;
    } partitions[] = {{"cn-", "China"},
                      {"eusc-", "the European Sovereign Cloud"},
                      {"us-iso", "the isolated US regions"}};
    for (size_t i = 0; region && i < sizeof partitions / sizeof *partitions; i++)
        if (!strncmp(region, partitions[i].begins, strlen(partitions[i].begins)))
            return partitions[i].name;
    return NULL;
}

static const char *no_price(struct walk *w, const char *key, const char *region)
{
    const char *partition = partition_without_prices(region);
    if (partition)
        return arena_printf(w->scope.arena, "the price book has no prices of %s (%s)",
                            partition, region);
    const struct price_function *f =
        *key == '@' ? price_function_find(key + 1, strcspn(key + 1, " ")) : NULL;
    if (f)
        key = arena_printf(w->scope.arena, "%s%s", f->what, key + 1 + strcspn(key + 1, " "));
    return region ? arena_printf(w->scope.arena, "the price book has no '%s' in %s", key, region)
                  : arena_printf(w->scope.arena,
                                 "no price of '%s': no region is stated, --region gives one", key);
}

static bool find_price(struct walk *w, struct quote *q, const struct row *row,
                       const char *region)
{
    const char *text, *missing;
    bool stated;
    *q = (struct quote){0};
    if (!stated_price(w, q, row->price, &stated))
        return false;
    if (stated)
        return true;
    if (!expr_fill(&text, &missing, &w->scope, row->price.text, row->price.length, w->err))
        return false;
    q->label = text;
    q->why = missing;
    if (missing)
        return true;
    char *part = arena_strdup(w->scope.arena, text);
    for (char *next; part; part = next) {
        next = strstr(part, " + ");
        if (next) {
            *next = '\0';
            next += 3;
        }
        struct price one;
        if (partition_without_prices(region) || !find_one(w, &one, &q->key, region, part)) {
            q->why = no_price(w, part, region);
            return true;
        }
        struct money before = q->price.usd;
        q->price = one;
        q->price.usd = money_add(before, one.usd);
        if (next)
            q->key.service = NULL;
    }
    if (strstr(text, " + "))
        q->key.service = NULL;
    return true;
}

static struct cost_component *add_component(struct walk *w, const char *name, const char *unit,
                                            const struct quote *q)
{
    struct cost_component *c = VEC_PUSH(&w->components);
    c->name = name;
    c->unit = unit;
    c->group = w->group;
    c->quantity = (struct range){NAN, NAN, NAN};
    c->why = q->why;
    if (q->why)
        return c;
    c->price_key = q->label;
    c->price_region = q->price.region;
    c->price_source = q->price.source;
    c->price_date = q->price.date;
    return c;
}

static struct money scaled_price(struct money usd, double per, double scale, double times)
{
    return money_times(usd, scale * times / (per > 0 ? per : 1));
}

static void add_flat(struct walk *w, const struct pricing *p, struct range n)
{
    struct cost_component *c = add_component(w, p->name, p->unit, p->quote);
    const struct price *price = &p->quote->price;
    c->usage_based = p->usage_based;
    c->quantity = (struct range){n.low / p->scale, n.expected / p->scale, n.high / p->scale};
    c->unit_price = scaled_price(price->usd, price->per, p->scale, p->times);
    double factor = p->times / (price->per > 0 ? price->per : 1);
    c->monthly = (struct money_range){money_times(price->usd, n.low * factor),
                                      money_times(price->usd, n.expected * factor),
                                      money_times(price->usd, n.high * factor)};
    c->formula = component_formula(w->scope.arena, c);
    c->why = w->scope.assumed;
}

static void add_tiers(struct walk *w, const struct pricing *p, const struct price_trace *trace)
{
    const struct price *price = &p->quote->price;
    for (size_t i = 0; i < trace->count; i++) {
        const struct price_step *step = &trace->steps[i];
        struct cost_component *c =
            add_component(w, tier_name(w->scope.arena, p, step->tier_from, step->tier_to),
                          p->unit, p->quote);
        double n = step->quantity / p->scale;
        c->usage_based = p->usage_based;
        c->quantity = (struct range){n, n, n};
        c->unit_price = scaled_price(step->usd, price->per, p->scale, p->times);
        c->monthly = money_range_of(money_times(step->amount, p->times));
        c->formula = component_formula(w->scope.arena, c);
        c->why = w->scope.assumed;
    }
}

/* An uncertain quantity in a price with tiers: one component with three amounts. */
static void add_tier_range(struct walk *w, const struct pricing *p, struct range n)
{
    const double at[3] = {n.low, n.expected, n.high};
    struct money amount[3] = {MONEY_ZERO, MONEY_ZERO, MONEY_ZERO};
    for (int i = 0; i < 3; i++)
        book_cost(&amount[i], w->scope.book, &p->quote->key, at[i], NULL);
    add_flat(w, p, n);
    struct cost_component *c = &w->components.at[w->components.count - 1];
    c->monthly = (struct money_range){money_times(amount[0], p->times),
                                      money_times(amount[1], p->times),
                                      money_times(amount[2], p->times)};
    if (c->quantity.expected > 0)
        c->unit_price = money_times(c->monthly.expected, 1 / c->quantity.expected);
    c->formula = component_formula(w->scope.arena, c);
}

static bool has_tiers(const struct quote *q)
{
    return q->key.service && (q->price.tier_from > 0 || !isinf(q->price.tier_to));
}

static void add_priced(struct walk *w, const struct pricing *p, struct range n)
{
    struct price_trace trace;
    struct money amount;
    bool certain = n.low >= n.high;
    if (!has_tiers(p->quote)) {
        add_flat(w, p, n);
    } else if (!certain) {
        add_tier_range(w, p, n);
    } else if (book_cost(&amount, w->scope.book, &p->quote->key, n.expected, &trace) &&
               trace.count) {
        add_tiers(w, p, &trace);
    } else {
        struct pricing included = *p;
        included.name =
            tier_name(w->scope.arena, p, p->quote->price.tier_from, p->quote->price.tier_to);
        add_flat(w, &included, (struct range){0, 0, 0});
    }
}

/* Less than none of a thing, or more than there is of any, is a mistake of the input. */
static bool is_possible(struct range n)
{
    const double most = 1e15;
    return n.low >= 0 && n.low <= n.expected && n.expected <= n.high && n.high <= most;
}

static void add_impossible(struct walk *w, const struct pricing *p, struct range n)
{
    struct cost_component *c = add_component(w, p->name, p->unit, p->quote);
    c->state = COMPONENT_UNPRICED;
    c->usage_based = p->usage_based;
    c->why = n.low < n.high || n.low > n.high
                 ? arena_printf(w->scope.arena, "a quantity from %g to %g cannot be", n.low, n.high)
                 : arena_printf(w->scope.arena, "a quantity of %g cannot be", n.expected);
}

/* A component without an amount: no usage, no quantity, or no price. */
static void add_open(struct walk *w, const struct pricing *p, struct value quantity, double most)
{
    const struct quote *q = p->quote;
    const char *name = q->why ? p->name
                              : tier_name(w->scope.arena, p, q->price.tier_from,
                                          has_tiers(q) ? q->price.tier_to : INFINITY);
    struct cost_component *c = add_component(w, name, p->unit, q);
    struct range n;
    c->usage_based = p->usage_based;
    c->state = quantity.kind == VALUE_ABSENT ? COMPONENT_USAGE : COMPONENT_UNPRICED;
    if (value_as_number(&n, quantity))
        c->quantity = (struct range){n.low * w->factor.low / p->scale,
                                     n.expected * w->factor.expected / p->scale,
                                     n.high * w->factor.high / p->scale};
    if (!q->why)
        c->unit_price = scaled_price(q->price.usd, q->price.per, p->scale, p->times);
    if (!q->why && c->state == COMPONENT_USAGE && !isnan(most))
        c->at_most = money_times(q->price.usd, most * w->factor.high * p->times /
                                                   (q->price.per > 0 ? q->price.per : 1));
    if (!q->why && c->state == COMPONENT_UNPRICED)
        c->why = arena_printf(w->scope.arena, "%s is known only after apply",
                              quantity.what ? quantity.what : "the quantity");
}

/* An option's number, the high end of a range; `otherwise` where the row has none. */
static bool option_number(struct walk *w, double *out, struct table_text text,
                          double otherwise)
{
    struct value v;
    struct range n;
    *out = otherwise;
    if (!text.length)
        return true;
    if (!walk_eval(w, &v, text.text, text.length))
        return false;
    if (value_as_number(&n, v))
        *out = n.high;
    return true;
}

static bool row_texts(struct walk *w, struct pricing *p, const char **region,
                      const struct row *row)
{
    const char *missing;
    struct value v;
    *region = w->region;
    if (!expr_fill(&p->name, &missing, &w->scope, row->name.text, row->name.length, w->err) ||
        !expr_fill(&p->unit, &missing, &w->scope, row->unit.text, row->unit.length, w->err))
        return false;
    if (row->region.length) {
        if (!walk_eval(w, &v, row->region.text, row->region.length))
            return false;
        *region = value_as_text(w->scope.arena, v);
    }
    p->plain = row->plain;
    if (!option_number(w, &p->tier_scale, row->per, 1))
        return false;
    return option_number(w, &p->times, row->times, 1) &&
           option_number(w, &p->scale, row->per, unit_scale(p->unit));
}

bool row_price(struct walk *w, const struct row *row)
{
    struct pricing p = {0};
    struct quote quote;
    struct value quantity;
    struct range n;
    const char *region;
    double most;
    w->scope.assumed = NULL;
    if (!walk_eval(w, &quantity, row->quantity.text, row->quantity.length) ||
        !option_number(w, &most, row->most, NAN) || !row_texts(w, &p, &region, row))
        return false;
    /* A setting that is not there is a component that is not there. */
    if (quantity.kind == VALUE_ABSENT && !quantity.from_usage)
        return true;
    if (!find_price(w, &quote, row, region))
        return false;
    p.quote = &quote;
    p.usage_based = quantity.from_usage;
    if (!value_as_number(&n, quantity) || quote.why) {
        add_open(w, &p, quantity, most);
        return true;
    }
    n = (struct range){n.low * w->factor.low, n.expected * w->factor.expected,
                       n.high * w->factor.high};
    if (is_possible(n))
        add_priced(w, &p, n);
    else
        add_impossible(w, &p, n);
    return true;
}
