#ifndef ESTATE_RECOMMENDATION_H
#define ESTATE_RECOMMENDATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/money.h"
#include "base/node.h"
#include "base/sym.h"
#include "base/vec.h"
#include "base/when.h"

/* In the order in which advice on one resource is applied; what is later works on what remains. */
enum action {
    ACTION_STOP,     /* delete, stop, detach */
    ACTION_SCHEDULE, /* run it less: autotermination, jobs instead of all-purpose */
    ACTION_RESIZE,   /* other type, count, kind, volume */
    ACTION_RETIER,   /* storage class, lifecycle, volume class */
    ACTION_REROUTE,  /* endpoint instead of NAT, same zone, accelerator, CDN */
    ACTION_SPOT,
    ACTION_COMMIT,
    ACTION_COUNT
};

enum level { LEVEL_VERY_LOW, LEVEL_LOW, LEVEL_MEDIUM, LEVEL_HIGH, LEVEL_VERY_HIGH };

enum evidence_kind {
    EVIDENCE_INPUT,     /* what was read: file, rows, window, percentile */
    EVIDENCE_PRICE,     /* price key, amount, date, source */
    EVIDENCE_FORMULA,   /* with its numbers put in, so that it can be followed by hand */
    EVIDENCE_THRESHOLD, /* the rule's limit beside the value */
    EVIDENCE_MODEL,     /* what a model said and how sure it is */
};

struct evidence {
    enum evidence_kind kind;
    const char *label;  /* "CPU, 95th percentile" */
    const char *value;  /* "12.4 %", "4 x 0.096 x 730 = 280.32" */
    const char *source; /* file and row, or price key, date and source; NULL when derived */
};

struct alternative {
    const char *title;
    struct money_range monthly_saving;
    const char *why_not;
};

struct artefact {
    const char *format; /* "json", "terraform", "cli", "yaml", "sql" */
    const char *name;   /* a file name to paste it into */
    const char *text;   /* whole, ready to use */
};

/* A monthly cost (730 hours) before and after, on one basis. */
struct monthly {
    struct money_range now, after;
};

/* Its vectors are freed with the estate of recommendations that holds it, texts are an arena's. */
struct recommendation {
    sym id;            /* stable: see recommendation_id() in recommend/recommend.h */
    sym kind;          /* begins with the recommender's name: "elb.idle", "s3.lifecycle" */
    enum action action;
    const char *title; /* one sentence: what to do to what */
    VEC(uint32_t) resources; /* indexes into estate.resources; the first is the subject */
    const struct node *current, *proposed; /* the attributes that change, as maps */
    struct monthly list;   /* at public prices */
    struct monthly net;    /* after commitments and contract rates: what the next bill shows */
    struct money stranded; /* of the list saving, per month, lost to a running commitment */
    day stranded_until;    /* 0 when nothing is stranded or the end is unknown */
    struct money_range one_off; /* cost of the change itself, once */
    bool separate; /* saves a part of the resource's cost that no other advice is about */
    enum level effort;
    bool restart;         /* the resource stops for a moment */
    const char *way_back; /* how the change is undone; "none: ..." where it cannot be */
    int risk;                   /* 0 none .. 4 very high, the worst dimension */
    const char *risk_dimension; /* "memory"; "" when risk is 0 */
    enum level confidence;
    const char *confidence_why;
    VEC(struct evidence) evidence;
    VEC(struct alternative) alternatives;
    VEC(struct artefact) artefacts;
    VEC(sym) conflicts; /* ids that cannot be applied together with this one */
    bool counted;       /* in the best compatible set, so in the report's sum */
    const char *not_counted_why;
    struct money_range counted_saving; /* per month, net, on what earlier advice leaves */
    const char *counted_why;           /* where that is less than the saving; else NULL */
};

/* Looked at and left alone: shown with its reason, so that silence is never ambiguous. */
struct declined {
    sym kind;
    uint32_t resource;
    const char *reason; /* a sentence with the number that decided */
    VEC(struct evidence) evidence;
};

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH };

/* One broken policy. */
struct finding {
    sym policy; /* "IAM-001" */
    enum severity severity;
    uint32_t resource; /* of the estate that was judged, or NOTHING */
    const char *subject; /* its address or label; NULL: none */
    const char *reason, *fix;
    const char *source;
    unsigned line;
    struct money_range monthly_cost; /* of the difference, 0 when it has none */
    const char *waived_by;           /* "owner: reason, until 2027-01-31"; NULL when it counts */
};

const char *action_name(enum action action);
const char *level_name(enum level level); /* "very low" */
const char *severity_name(enum severity severity);
const char *evidence_kind_name(enum evidence_kind kind);
struct money_range recommendation_saving(const struct recommendation *r);      /* net, per month */
struct money_range recommendation_list_saving(const struct recommendation *r); /* per month */
/* Months until the one-off cost is earned; negative when never, 0 when it costs nothing. */
double recommendation_payback_months(const struct recommendation *r);

#endif
