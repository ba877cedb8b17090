#include "models/queueing.h"

#include <math.h>

struct queue_load queue_load_of(double per_second, double service_seconds)
{
    return (struct queue_load){per_second, service_seconds, 1, 1};
}

double queue_offered(const struct queue_load *load)
{
    return load->per_second * load->service_seconds;
}

static double erlang_b_next(double offered, double before, unsigned servers)
{
    return offered * before / ((double)servers + offered * before);
}

double erlang_b(double offered, unsigned servers)
{
    double b = 1;
    for (unsigned k = 1; k <= servers; k++)
        b = erlang_b_next(offered, b, k);
    return b;
}

static double wait_probability(double offered, unsigned servers, double blocking)
{
    double rho = offered / (double)servers;
    return rho >= 1 ? 1 : blocking / (1 - rho * (1 - blocking));
}

double erlang_c(double offered, unsigned servers)
{
    return servers == 0 ? 1 : wait_probability(offered, servers, erlang_b(offered, servers));
}

static bool steady(const struct queue_load *load, unsigned servers)
{
    return servers > 0 && queue_offered(load) < (double)servers;
}

/* (ca^2 + cs^2) / 2: what the waiting time of M/M/c is multiplied by. */
static double variability(const struct queue_load *load)
{
    return (load->arrival_scv + load->service_scv) / 2;
}

/* The rate at which a wait decays, per second. */
static double wait_decay(const struct queue_load *load, unsigned servers)
{
    double spare = (double)servers / load->service_seconds - load->per_second;
    return spare / variability(load);
}

static double wait_tail(const struct queue_load *load, unsigned servers, double waiting,
                        double seconds)
{
    if (variability(load) <= 0)
        return seconds > 0 ? 0 : waiting;
    return waiting * exp(-wait_decay(load, servers) * seconds);
}

double queue_wait_tail(const struct queue_load *load, unsigned servers, double seconds)
{
    if (!steady(load, servers))
        return 1;
    return wait_tail(load, servers, erlang_c(queue_offered(load), servers), seconds);
}

/*
 * The wait is 0 with probability 1 - C and exponential with rate d otherwise,
 * the service exponential with rate mu: their sum, with its limit at d = mu.
 */
static double response_tail(const struct queue_load *load, unsigned servers, double waiting,
                            double seconds)
{
    double mu = 1 / load->service_seconds;
    double service_only = exp(-mu * seconds);
    if (variability(load) <= 0)
        return service_only;
    double apart = (wait_decay(load, servers) - mu) * seconds;
    double both = fabs(apart) < 1e-9 ? 1 : -expm1(-apart) / apart;
    return service_only * (1 + waiting * mu * seconds * both);
}

double queue_response_tail(const struct queue_load *load, unsigned servers, double seconds)
{
    if (!steady(load, servers))
        return 1;
    return response_tail(load, servers, erlang_c(queue_offered(load), servers), seconds);
}

static bool meets(const struct queue_load *load, const struct queue_target *target,
                  unsigned servers, double blocking)
{
    double waiting = wait_probability(queue_offered(load), servers, blocking);
    double over = target->measure == QUEUE_WAIT
                      ? wait_tail(load, servers, waiting, target->seconds)
                      : response_tail(load, servers, waiting, target->seconds);
    return over <= target->share_over;
}

bool queue_servers_for(unsigned *out, const struct queue_load *load,
                       const struct queue_target *target, unsigned limit)
{
    double offered = queue_offered(load), blocking = 1;
    for (unsigned c = 1; c <= limit; c++) {
        blocking = erlang_b_next(offered, blocking, c);
        if ((double)c > offered && meets(load, target, c, blocking)) {
            *out = c;
            return true;
        }
    }
    return false;
}

unsigned queue_with_zone_loss(unsigned targets, unsigned zones)
{
    if (zones < 2)
        return targets;
    unsigned per_zone = (targets + zones - 2) / (zones - 1);
    return per_zone * zones;
}
