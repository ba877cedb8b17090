#include <stdio.h>

#include "pricing/ec2.h"

enum { NAME_ROOM = 128 };

static const struct {
    const char *name, *rule, *item;
} plans[] = {
    [STANDARD_RI] = {"standard reserved instance", "standard_ri", "standard_ri_discount"},
    [CONVERTIBLE_RI] = {"convertible reserved instance", "convertible_ri",
                        "convertible_ri_discount"},
    [EC2_INSTANCE_SP] = {"EC2 Instance Savings Plan", "standard_ri", "standard_ri_discount"},
    [COMPUTE_SP] = {"Compute Savings Plan", "convertible_ri", "convertible_ri_discount"},
};

static const struct {
    const char *name, *text;
} payments[] = {
    [NO_UPFRONT] = {"no_upfront", "no upfront"},
    [PARTIAL_UPFRONT] = {"partial_upfront", "partial upfront"},
    [ALL_UPFRONT] = {"all_upfront", "all upfront"},
};

const char *commitment_plan_name(enum commitment_plan plan)
{
    return plans[plan].name;
}

const char *payment_name(enum payment payment)
{
    return payments[payment].text;
}

static bool measured(struct commitment_discount *out, const struct book *book,
                     const char *family, const char *region, struct commitment_terms terms)
{
    char attributes[NAME_ROOM];
    struct price price;
    int n = snprintf(attributes, sizeof attributes, "family=%s;term_years=%d;payment=%s",
                     family, terms.years, payments[terms.payment].name);
    struct price_key key = {"ec2", plans[terms.plan].item, attributes, region};
    if (n < 0 || (size_t)n >= sizeof attributes || !book_price(&price, book, &key))
        return false;
    *out = (struct commitment_discount){money_double(price.usd), DISCOUNT_MEASURED,
                                        price.source, price.date};
    return true;
}

/* Hourly cost against "no upfront" of the same plan and term. */
static double payment_ratio(const struct book *book, struct commitment_terms terms)
{
    char key[NAME_ROOM];
    snprintf(key, sizeof key, "payment_ratio_to_no_upfront/%s/%d/%s", plans[terms.plan].rule,
             terms.years, payments[terms.payment].name);
    double otherwise = terms.payment == NO_UPFRONT ? 1 : 0;
    return book_fact_number(book, "discount_rules", key, "value", otherwise);
}

static bool derived(struct commitment_discount *out, const struct book *book,
                    const char *family, const char *region, struct commitment_terms terms)
{
    static const enum payment others[] = {ALL_UPFRONT, PARTIAL_UPFRONT, NO_UPFRONT};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct commitment_terms other = terms;
        other.payment = others[i];
        double to = payment_ratio(book, terms), from = payment_ratio(book, other);
        if (to <= 0 || from <= 0 || !measured(out, book, family, region, other))
            continue;
        out->percent = 100 - (100 - out->percent) / from * to;
        out->basis = DISCOUNT_DERIVED;
        return true;
    }
    return false;
}

static bool typical(struct commitment_discount *out, const struct book *book,
                    struct commitment_terms terms)
{
    char key[NAME_ROOM];
    if (terms.plan != COMPUTE_SP)
        return false;
    snprintf(key, sizeof key, "typical_discount_pct/compute_sp/%d/no_upfront", terms.years);
    double none = book_fact_number(book, "discount_rules", key, "value", 0);
    double ratio = payment_ratio(book, terms);
    if (none <= 0 || ratio <= 0)
        return false;
    *out = (struct commitment_discount){100 - (100 - none) * ratio, DISCOUNT_TYPICAL,
                                        "c3x-blog", 0};
    return true;
}

bool ec2_commitment_discount(struct commitment_discount *out, const struct book *book,
                             const char *family, const char *region,
                             struct commitment_terms terms)
{
    return measured(out, book, family, region, terms) ||
           derived(out, book, family, region, terms) || typical(out, book, terms);
}
