#ifndef ESTATE_COST_H
#define ESTATE_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/money.h"
#include "base/sym.h"
#include "base/when.h"

/* The ways to count what a bill says; they stand side by side on every report. */
enum basis {
    BASIS_UNBLENDED,     /* cash: what the invoice says */
    BASIS_AMORTIZED,     /* commitments spread over the usage they cover: default for advice */
    BASIS_NET_UNBLENDED, /* after private discounts; equals the gross one where absent */
    BASIS_NET_AMORTIZED,
    BASIS_LIST,          /* public on-demand price; 0 where the bill states none */
    BASIS_COUNT
};

/* What a bill row is, whatever its export calls it. */
enum charge {
    CHARGE_USAGE,
    CHARGE_RESERVED_USAGE,   /* DiscountedUsage */
    CHARGE_PLAN_USAGE,       /* SavingsPlanCoveredUsage */
    CHARGE_PLAN_NEGATION,
    CHARGE_RESERVATION_FEE,  /* RIFee: recurring, its unused part is amortized */
    CHARGE_PLAN_FEE,         /* SavingsPlanRecurringFee */
    CHARGE_UPFRONT,          /* one-time purchase of a commitment */
    CHARGE_FEE,              /* support, marketplace contracts, registrar ... */
    CHARGE_CREDIT,
    CHARGE_REFUND,
    CHARGE_DISCOUNT,
    CHARGE_TAX,
    CHARGE_OTHER,            /* a line type that the program does not know: counted, listed */
    CHARGE_COUNT
};

enum provider { PROVIDER_AWS, PROVIDER_DATABRICKS, PROVIDER_MARKETPLACE, PROVIDER_OTHER };
enum purchase { PURCHASE_ON_DEMAND, PURCHASE_SPOT, PURCHASE_RESERVED, PURCHASE_PLAN };

/* What was bought: everything about a cost line but who, when and how much. */
struct sku {
    sym service;       /* AWS product code ("AmazonEC2"), "Databricks", or the bill's own name */
    sym usage_type;    /* as billed, with its region prefix: "EUW1-BoxUsage:m6i.xlarge" */
    sym measure;       /* the usage type without the prefix: "BoxUsage:m6i.xlarge" */
    sym operation;
    sym region;        /* "eu-west-1"; NULL when not regional or unknown */
    sym unit;          /* of the quantity: "Hrs", "GB-Mo", "DBU" */
    sym currency;
    sym instance_type; /* NULL when the usage is not of an instance */
    sym commitment;    /* id of the plan or reservation that pays or that a fee is for; NULL */
    sym product_name;  /* marketplace and other opaque services; else NULL */
    enum charge charge;
    enum provider provider;
    enum purchase purchase;
};

/*
 * Bill rows of one resource, sku and span of time, summed exactly. `hour`
 * counts hours since 1970 (UTC), `hours` is 1, 24 or the length of a month:
 * the grain that the bill or the request gave.
 */
struct cost_line {
    uint32_t resource; /* index into estate.resources */
    uint32_t sku;      /* index into estate.skus */
    int32_t hour;
    uint32_t hours;
    uint64_t rows;
    struct money quantity;
    struct money cost[BASIS_COUNT];
};

const char *basis_name(enum basis basis);   /* "amortized" */
const char *charge_name(enum charge charge); /* "savings plan usage" */

/* Charges that pay for what ran, as against fees, credits, refunds, tax and purchases. */
bool charge_is_usage(enum charge charge);
bool charge_is_covered(enum charge charge); /* usage that a reservation or plan pays */
/* Usage that a commitment covers, and what is paid for commitments. */
bool charge_is_committed(enum charge charge);

#endif
