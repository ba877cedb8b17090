#include "line_type.h"

#include <string.h>

static const struct line_type types[] = {
    {"Usage", CHARGE_USAGE, AMORTIZE_AS_BILLED, true, false},
    {"DiscountedUsage", CHARGE_RESERVED_USAGE, AMORTIZE_RI_EFFECTIVE, true, false},
    {"SavingsPlanCoveredUsage", CHARGE_PLAN_USAGE, AMORTIZE_SP_EFFECTIVE, true, false},
    {"SavingsPlanNegation", CHARGE_PLAN_NEGATION, AMORTIZE_ZERO, false, false},
    {"SavingsPlanRecurringFee", CHARGE_PLAN_FEE, AMORTIZE_SP_UNUSED, false, false},
    {"SavingsPlanUpfrontFee", CHARGE_UPFRONT, AMORTIZE_ZERO, false, false},
    {"RIFee", CHARGE_RESERVATION_FEE, AMORTIZE_RI_UNUSED, false, false},
    {"Fee", CHARGE_FEE, AMORTIZE_AS_BILLED, false, true},
    {"Credit", CHARGE_CREDIT, AMORTIZE_AS_BILLED, false, false},
    {"Refund", CHARGE_REFUND, AMORTIZE_AS_BILLED, false, true},
    {"Tax", CHARGE_TAX, AMORTIZE_AS_BILLED, false, false},
    {"Discount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"EdpDiscount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"PrivateRateDiscount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"BundledDiscount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"SppDiscount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"RiVolumeDiscount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"DistributorDiscount", CHARGE_DISCOUNT, AMORTIZE_AS_BILLED, false, false},
    {"FlatRateSubscription", CHARGE_FEE, AMORTIZE_AS_BILLED, false, false},
};
static const struct line_type other = {"other", CHARGE_OTHER, AMORTIZE_AS_BILLED, false, false};
static const struct line_type purchase = {"Fee", CHARGE_UPFRONT, AMORTIZE_ZERO, false, false};
static const struct line_type undone = {"Refund", CHARGE_REFUND, AMORTIZE_ZERO, false, false};

const struct line_type *line_type_named(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strlen(types[i].name) == length && !memcmp(types[i].name, name, length))
            return &types[i];
    return &other;
}

const struct line_type *line_type_of_row(const struct line_type *type, bool has_ri_arn,
                                         const char *description, size_t length)
{
    static const char upfront[] = "Refund for one-time fee for Savings Plan";
    if (type->charge == CHARGE_FEE && has_ri_arn)
        return &purchase;
    if (type->charge == CHARGE_REFUND && length >= sizeof upfront - 1 &&
        !memcmp(description, upfront, sizeof upfront - 1))
        return &undone;
    return type;
}

static bool is(const char *a, const char *b)
{
    return !strcmp(a, b);
}

static enum charge charge_of_usage(const struct focus_charge *row)
{
    if (!row->commits)
        return CHARGE_USAGE;
    if (is(row->commitment, "Unused"))
        return row->plan ? CHARGE_PLAN_FEE : CHARGE_RESERVATION_FEE;
    return row->plan ? CHARGE_PLAN_USAGE : CHARGE_RESERVED_USAGE;
}

static enum charge charge_of_purchase(const struct focus_charge *row)
{
    if (!row->commits)
        return CHARGE_FEE;
    if (is(row->frequency, "One-Time"))
        return CHARGE_UPFRONT;
    return row->plan ? CHARGE_PLAN_FEE : CHARGE_RESERVATION_FEE;
}

enum charge focus_charge_of(const struct focus_charge *row)
{
    static const struct {
        const char *category;
        enum charge charge;
    } others[] = {{"Tax", CHARGE_TAX}, {"Credit", CHARGE_CREDIT}, {"Adjustment", CHARGE_FEE}};
    if (is(row->category, "Usage"))
        return charge_of_usage(row);
    if (is(row->category, "Purchase"))
        return charge_of_purchase(row);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (is(row->category, others[i].category))
            return others[i].charge;
    return CHARGE_OTHER;
}
