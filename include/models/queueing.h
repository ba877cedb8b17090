#ifndef MODELS_QUEUEING_H
#define MODELS_QUEUEING_H

#include <stdbool.h>

/*
 * How many servers a stream of requests needs. M/M/c with the Erlang formulas;
 * other service times and arrivals by the Allen-Cunneen correction, which
 * scales the waiting time and leaves the probability of waiting alone. A
 * "server" is one place where a request can be worked on: a worker thread or
 * process, not a machine.
 */
struct queue_load {
    double per_second;      /* arrivals, > 0 */
    double service_seconds; /* mean, > 0 */
    double arrival_scv;     /* variance / mean of counts per second; 1 for Poisson */
    double service_scv;     /* variance / mean^2 of the service time; 1 for exponential */
};

/* Exponential service and Poisson arrivals: both variabilities are 1. */
struct queue_load queue_load_of(double per_second, double service_seconds);
double queue_offered(const struct queue_load *load); /* Erlangs */

/* Blocking probability of c servers without a queue: B(k) = a B(k-1) / (k + a B(k-1)). */
double erlang_b(double offered, unsigned servers);
/* Probability that an arrival waits: B / (1 - rho (1 - B)); 1 when offered >= servers. */
double erlang_c(double offered, unsigned servers);

/* P(wait > seconds) and P(wait + service > seconds); 1 without a steady state. */
double queue_wait_tail(const struct queue_load *load, unsigned servers, double seconds);
double queue_response_tail(const struct queue_load *load, unsigned servers, double seconds);
enum queue_measure { QUEUE_WAIT, QUEUE_RESPONSE };

struct queue_target {
    enum queue_measure measure;
    double seconds;
    double share_over; /* at most this share may take longer: 0.01 for a P99 target */
};

/*
 * The least number of servers that meets the target. False when `limit`
 * servers do not meet it; a response target that the service time alone
 * breaks is met by no number of them.
 */
bool queue_servers_for(unsigned *out, const struct queue_load *load,
                       const struct queue_target *target, unsigned limit);

/*
 * Targets to run so that `targets` are left when one of `zones` is lost:
 * ceil(targets z / (z - 1)), made a multiple of z. With one zone nothing
 * survives its loss: `targets` is given back.
 */
unsigned queue_with_zone_loss(unsigned targets, unsigned zones);

#endif
