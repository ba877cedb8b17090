#ifndef MODELS_TRANSFER_H
#define MODELS_TRANSFER_H

/* A path over the internet between a client and a bucket. */
struct transfer_path {
    double rtt_ms;
    double loss;      /* share of packets lost; 0: the link alone limits */
    double link_mbps; /* the narrowest link, megabits a second */
};

/*
 * Megabits a second of `flows` TCP connections at once: each carries at most
 * MSS x 1.22 / (RTT sqrt(loss)) (Mathis et al., "The macroscopic behavior of the
 * TCP congestion avoidance algorithm", 1997; MSS 1,460 bytes), all together at
 * most the link.
 */
double transfer_mbps(const struct transfer_path *path, double flows);

/* Hours that gb (2^30 bytes) take. */
double transfer_hours(double gb, double mbps);

/*
 * The dollars that an hour of delay must cost so that accelerating pays:
 * gb x fee / hours saved; INFINITY when it saves no time.
 */
double transfer_worth_per_hour(double gb, double fee_per_gb, double direct_mbps,
                               double accelerated_mbps);

#endif
