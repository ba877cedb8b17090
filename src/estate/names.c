#include <string.h>
#include <strings.h>

#include "estate/cost.h"
#include "estate/phase.h"
#include "estate/recommendation.h"
#include "estate/resource.h"

static const char *const bases[BASIS_COUNT] = {"unblended", "amortized", "net unblended",
                                               "net amortized", "list"};
static const char *const charges[CHARGE_COUNT] = {
    "usage",          "reserved usage", "savings plan usage", "savings plan negation",
    "reservation fee", "savings plan fee", "upfront purchase", "fee",
    "credit",         "refund",         "discount",           "tax",
    "other"};
static const char *const layers[LAYER_COUNT] = {
    "unmapped", "storage", "orchestration", "compute",
    "governance", "network", "load_balancing", "observability"};
static const char *const classes[CLASS_COUNT] = {"unknown", "ingest",      "etl",      "training",
                                                 "serving", "interactive", "streaming"};
static const char *const statuses[] = {"ok", "failed", "oom"};
static const char *const actions[ACTION_COUNT] = {"stop",    "schedule", "resize", "retier",
                                                  "reroute", "spot",     "commit"};
static const char *const levels[] = {"very low", "low", "medium", "high", "very high"};
static const char *const severities[] = {"low", "medium", "high"};
static const char *const evidences[] = {"input", "price", "formula", "threshold", "model"};

static int named(const char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (!strcasecmp(names[i], name))
            return i;
    return 0;
}

const char *basis_name(enum basis basis)
{
    return bases[basis];
}

const char *charge_name(enum charge charge)
{
    return charges[charge];
}

bool charge_is_covered(enum charge charge)
{
    return charge == CHARGE_RESERVED_USAGE || charge == CHARGE_PLAN_USAGE;
}

bool charge_is_usage(enum charge charge)
{
    return charge == CHARGE_USAGE || charge_is_covered(charge);
}

const char *layer_name(enum layer layer)
{
    return layers[layer];
}

enum layer layer_named(const char *name)
{
    return (enum layer)named(layers, LAYER_COUNT, name);
}

const char *class_name(enum workload_class class)
{
    return classes[class];
}

enum workload_class class_named(const char *name)
{
    return (enum workload_class)named(classes, CLASS_COUNT, name);
}

bool tristate_read(enum tristate *out, const char *text)
{
    static const struct {
        const char *word;
        enum tristate value;
    } words[] = {{"yes", TRI_YES}, {"no", TRI_NO}, {"true", TRI_YES},  {"false", TRI_NO},
                 {"1", TRI_YES},   {"0", TRI_NO},  {"", TRI_UNKNOWN}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!strcasecmp(text, words[i].word)) {
            *out = words[i].value;
            return true;
        }
    return false;
}

const char *run_status_name(enum run_status status)
{
    return statuses[status];
}

const char *action_name(enum action action)
{
    return actions[action];
}

const char *level_name(enum level level)
{
    return levels[level];
}

const char *severity_name(enum severity severity)
{
    return severities[severity];
}

const char *evidence_kind_name(enum evidence_kind kind)
{
    return evidences[kind];
}

bool charge_is_committed(enum charge charge)
{
    return charge_is_covered(charge) || charge == CHARGE_RESERVATION_FEE ||
           charge == CHARGE_PLAN_FEE || charge == CHARGE_UPFRONT;
}
