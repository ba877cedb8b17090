#ifndef MODELS_ACCESS_H
#define MODELS_ACCESS_H

/* A rate with its uncertainty. */
struct access_rate {
    double low, expected, high;
};

/*
 * The rate behind `events` counted over `exposure` (object-days, byte-days), in
 * events per unit of exposure. The bounds are the exact two-sided 90 % limits of
 * a Poisson count (Garwood 1936); `cluster` is how many events come together on
 * average (20 GETs of one scan, the bytes of one object), at least 1, and widens
 * them; less than one cluster has a low of 0. Nothing seen: expected 0, and a high of 3.0
 * clusters. No exposure gives NaN.
 */
struct access_rate access_rate(double events, double exposure, double cluster);

#endif
