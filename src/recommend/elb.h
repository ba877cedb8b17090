#ifndef RECOMMEND_ELB_H
#define RECOMMEND_ELB_H

#include "advice.h"
#include "models/forecast.h"
#include "models/lcu.h"
#include "models/quantile.h"
#include "models/traffic.h"
#include "pricing/cost.h"
#include "pricing/network.h"

struct elb_link {
    uint32_t from, to; /* indexes into estate.resources */
};

/* Sorted, each link once. */
struct elb_links {
    struct elb_link *at;
    size_t count, room;
};

/* What a plan, a state or a map says of the parts of load balancers and of what serves them.
 */
struct elb_parts {
    const struct estate *estate;
    bool any_listener;
    struct elb_links listeners, groups;   /* of a load balancer */
    struct elb_links rules, certificates; /* of a listener; rules beside its default */
    struct elb_links servers; /* of a target group: instances, autoscaling groups, services */
    struct elb_links direct;  /* of a load balancer, without a group in between */
    struct pricer *pricer;    /* of the estate: what serves it costs */
};

void elb_parts_init(struct elb_parts *parts, const struct recommend_input *in);
void elb_parts_release(struct elb_parts *parts);
/* The links from one resource, and how many they are. */
const struct elb_link *elb_links_of(const struct elb_links *links, uint32_t from,
                                    size_t *count);

struct elb_counts {
    size_t listeners, groups;
    size_t rules, most_rules; /* of all listeners; of the one that has most */
    size_t certificates;      /* beside each listener's own */
    bool mutual_tls;          /* a listener asks clients for certificates */
};

struct elb_counts elb_counts_of(const struct elb_parts *parts, uint32_t balancer);

/* One load balancer with all that its advice is made from. */
enum elb_kind { ELB_APPLICATION, ELB_NETWORK, ELB_GATEWAY, ELB_CLASSIC };

struct elb_hour {
    bool measured, billed; /* metrics say something; the bill has a line of this very hour */
    double billed_units;
    struct lcu_traffic traffic[LCU_PROTOCOLS];
    struct lcu_total units; /* computed from `traffic` */
    /* Of the hour, by points of active connections; by those of a metric that never misses. */
    double active_seconds[LCU_PROTOCOLS], reported_seconds;
};

/* Computed against billed capacity units, over the hours that have both. */
struct elb_check {
    double hours, computed, billed;
    double gb_bytes; /* what a GB is: binary unless the bill fits decimal ones better */
};

struct balancer {
    uint32_t resource;
    enum elb_kind kind;
    const char *kind_name, *region, *label;
    double zones;         /* NaN unknown */
    enum tristate facing; /* the internet */
    double rules;         /* declared, per request; NaN unknown */
    int64_t first_hour;   /* since 1970, of hours[0] */
    size_t hour_count;
    struct elb_hour *hours;
    double measured_hours;
    double days; /* of evidence: metrics, or else the bill */
    struct lcu_shares shares;
    struct elb_check check;
    /* Per month; NaN unknown. Units are LCU-hours. */
    double monthly_hours, monthly_units, monthly_gb;
    double units_low, units_high; /* over the next quarter */
    bool billed;
    struct elb_counts parts;
    bool without_listener; /* a plan or state has listeners, but none of this one */
    bool declared;         /* traffic is what a map says, not what was seen */
    bool priced;
    struct price hour_price, unit_price; /* unit: LCU-hour, or GB of a Classic one */
};

/* False when the resource is no load balancer. End with balancer_release(). */
bool balancer_init(struct balancer *b, const struct recommend_input *in,
                   const struct elb_parts *parts, uint32_t resource);
void balancer_release(struct balancer *b);
/* Both by balancer_init(): what was seen; where nothing was, what is declared. */
void elb_read_hours(struct balancer *b, const struct recommend_input *in);
void elb_read_declared(struct balancer *b, const struct recommend_input *in);

/* CloudWatch's series if there is one, else that of the access logs; whole balancer only. */
const struct metric_series *elb_series(const struct recommend_input *in, uint32_t resource,
                                       const char *metric, const char *stat);
/* The one with the shortest step: access logs show minutes where CloudWatch kept hours. */
const struct metric_series *elb_finest(const struct recommend_input *in, uint32_t resource,
                                       const char *metric, const char *stat);
/* That of the access logs only; they miss requests, so compare like with like. */
const struct metric_series *elb_logged(const struct recommend_input *in, uint32_t resource,
                                       const char *metric);
/* Sum over all points; NaN without a series. */
double elb_total(const struct recommend_input *in, uint32_t resource, const char *metric);
/* The largest value of a metric over all target groups and zones; NaN without a series. */
double elb_highest(const struct recommend_input *in, uint32_t resource, const char *metric);

/* Monthly list cost of hours and units together, with the band of the units. */
struct money_range elb_list_now(const struct balancer *b);
/* A saving of that many units at the unit price. */
struct money_range elb_units_saved(const struct balancer *b, double low, double expected,
                                   double high);
double elb_usd(const struct price *price);
enum lcu_kind elb_unit_kind(const struct balancer *b);
/* A number of the "elb:" part of the configuration. */
double elb_parameter(const struct recommend_input *in, const char *name, double otherwise);
enum level elb_confidence(double days);
/* A new recommendation with its savings set and the balancer's prices and load as evidence. */
struct recommendation *elb_advise(struct advice *out, const struct recommend_input *in,
                                  const struct balancer *b, const char *kind,
                                  enum action action, struct money_range saving);
/* Sets a saving at list prices on a cost of `beside` besides the balancer's own. */
void elb_set_saving(struct recommendation *r, const struct recommend_input *in,
                    const struct balancer *b, struct money beside, struct money_range saving);
/* The ARN as a word of a shell command, or a placeholder that says what belongs there. */
const char *elb_arn(struct advice *out, const struct recommend_input *in,
                    const struct balancer *b);

/* How its requests, flows or bytes come; false without points of an hour or less. */
bool elb_shape(struct traffic_shape *out, const struct recommend_input *in,
               const struct balancer *b);
void elb_report_traffic(struct advice *out, const struct recommend_input *in,
                        const struct balancer *b);

/* What serves a load balancer. */
struct elb_targets {
    VEC(uint32_t) resources; /* none where only a type is given */
    double declared;         /* how many there are by their configuration; NaN unknown */
    double usd_a_month;      /* of one, at list price; NaN unknown */
    double cpu_percent;      /* 95th percentile of all of them; NaN unknown */
    const char *what;
    bool shared; /* a group of them is behind another load balancer too */
};

/* False when no price of a target is known. End with elb_targets_release() in any case. */
bool elb_targets_of(struct elb_targets *t, struct advice *out,
                    const struct recommend_input *in, const struct elb_parts *parts,
                    const struct balancer *b);
void elb_targets_release(struct elb_targets *t);

/* The advice, one file each. True when it fires and later advice on this one is moot. */
bool elb_judge_idle(struct advice *out, const struct recommend_input *in, struct balancer *b);
void elb_judge_kind(struct advice *out, const struct recommend_input *in, struct balancer *b);
void elb_judge_binding(struct advice *out, const struct recommend_input *in,
                       struct balancer *b);
void elb_judge_reservation(struct advice *out, const struct recommend_input *in,
                           struct balancer *b);
void elb_judge_network(struct advice *out, const struct recommend_input *in,
                       struct balancer *b);
void elb_judge_signs(struct advice *out, const struct recommend_input *in, struct balancer *b);
void elb_judge_fleet(struct advice *out, const struct recommend_input *in,
                     const struct elb_parts *parts, struct balancer *b);
void elb_judge_lambda(struct advice *out, const struct recommend_input *in,
                      struct balancer *b);
void elb_judge_front(struct advice *out, const struct recommend_input *in, struct balancer *b);
/* Over all of them: which application load balancers could be one. idle[i]: already advised to
 * go. */
void elb_judge_merging(struct advice *out, const struct recommend_input *in,
                       struct balancer *all, const bool *idle, size_t count);

#endif
