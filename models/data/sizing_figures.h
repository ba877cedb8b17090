#ifndef MODELS_DATA_SIZING_FIGURES_H
#define MODELS_DATA_SIZING_FIGURES_H

/*
 * Thresholds and starting beliefs of the sizing model, each with how it was
 * found. "scout" is the public set of 18 workloads on 69 EC2 clusters (2018),
 * always judged with the algorithm at hand left out.
 */

/* Memory. Usable GiB of a cluster = workers x memory - CORE_GIB x cores, at least
 * LEAST_USABLE of it. CORE_GIB: execution memory of a running task; the value at which
 * the clusters of scout that fail and those that do not separate over all three
 * memory-to-core ratios (1.9, 4 and 7.6 GiB). */
#define SIZING_CORE_GIB 1.2
#define SIZING_LEAST_USABLE 0.3
/* Recomputation is complete once the working set exceeds usable memory by this share:
 * cyclic reads under LRU keep nothing; scout shows no cluster in between. */
#define SIZING_CLIFF 0.12
/* Memory per core (GiB) below which tasks collect garbage and spill; full effect at a
 * shortage of TIGHT_RANGE. Values tried per workload; scout has 1.9, 4 and 7.6. */
#define SIZING_TIGHT_GIB {0, 3, 6}
#define SIZING_TIGHT_BELIEF {0.60, 0.25, 0.15}
#define SIZING_TIGHT_RANGE 0.6

/* Speed of a core before any run shows it: clock^0.85, from c4 against m4 and r4 in scout
 * (2.9, 2.4, 2.3 GHz: 1.17, 1, 0.99). Unknown clock: the reference. */
#define SIZING_CLOCK_REFERENCE 2.4
#define SIZING_CLOCK_POWER 0.85
/* How far a type's cores may be from that, and how far one workload's errors on a type may
 * mislead (logs): runs of several workloads narrow it. */
#define SIZING_SPEED_SD 0.12
#define SIZING_SPEED_NOISE 0.15

/* Figures of a worker that are not known: the ordinary EBS and network of 4 vCPUs. */
#define SIZING_DISK_UNKNOWN 100.0
#define SIZING_NETWORK_UNKNOWN 1.0

/* Working set of an iterative workload in GiB per GB of input, with its log sd. Training
 * caches arrays of numbers, which take about the room of their file; other records become
 * objects, two to five times as large (Spark's tuning guide) and graphs more. No input
 * known: 250 (log sd 1.5). */
#define SIZING_SET_PER_GB_TRAINING {1.2, 0.7}
#define SIZING_SET_PER_GB_OTHER {4.0, 1.0}
#define SIZING_SET_UNKNOWN 250.0
#define SIZING_SET_UNKNOWN_SD 1.5
/* Memory of the workers (GiB) that a cached GB stands for: half of it is storage, the half
 * of that which tasks may claim counted in (spark.memory.fraction 0.6 of a heap of 0.9). */
#define SIZING_SET_PER_CACHED_GB 1.7
#define SIZING_SET_CACHED_SD 0.5
/* CPU of a run: working tasks keep a core busy for BUSY_WORKING of their time, recomputing
 * ones, which read again, for less; a log sd that admits what different meters mean by it.
 * Spill beyond SPILL_GB comes without want of memory in one run of ten. Judgement: no set
 * at hand measures them. */
#define SIZING_BUSY_WORKING 0.8
#define SIZING_BUSY_RECOMPUTING 0.7
#define SIZING_BUSY_SD 0.5
#define SIZING_SPILL_GB 1.0
#define SIZING_SPILL_ANYWAY 0.1
/* A run that did not spill and whose processes held less than PEAK_ROOM of their machine had
 * room for more (an executor's heap is half a machine and more by Databricks' rule, but a tenth
 * with Spark's default of 1 GiB, hence PEAK_ANYWAY): a larger working set is PEAK_SD (log) off.
 * A network or disk moves its bytes within BYTES_SLACK of its rated speed; a share
 * BYTES_SD of the time beyond that is one sd off. Judgement, all of it. */
#define SIZING_PEAK_ROOM 0.25
#define SIZING_PEAK_SD 0.5
#define SIZING_PEAK_ANYWAY 0.1
#define SIZING_BYTES_SLACK 3.0
#define SIZING_BYTES_SD 0.15
#define SIZING_BYTES_ANYWAY 0.1
/* Shuffle and spill files of a run fill local disks of DISK_FULL[0] to [1] times their size
 * with up to DISK_FAILURE: stages clear some of them, and platforms may attach volumes. */
#define SIZING_DISK_FULL {0.8, 1.6}
#define SIZING_DISK_FAILURE 0.5
/* Belief that a workload is iterative where nobody says so: by its class, and without one.
 * Judgement: training mostly is, of the others graphs are. With 0.3 and 0.4 for the others,
 * choices on scout without the column cost 0.01 and 0.03 more; taking all for iterative, 0.26. */
#define SIZING_ITERATIVE_TRAINING 0.9
#define SIZING_ITERATIVE_OTHER 0.2
#define SIZING_ITERATIVE_UNKNOWN 0.5
/* Belief that a workload has a working set at all, iterative and not. */
#define SIZING_SET_BELIEF_ITERATIVE 0.90
#define SIZING_SET_BELIEF_OTHER 0.15
/* Extra work when it does not fit, in the work that it does when it fits. */
#define SIZING_RECOMPUTE_ITERATIVE 3.0
#define SIZING_RECOMPUTE_OTHER 0.4

/* Core-seconds per GB of input, iterative and not (medians of scout, one digit), and what
 * is assumed without input. All within a factor e^1 at one sd. */
#define SIZING_WORK_PER_GB_ITERATIVE 600.0
#define SIZING_WORK_PER_GB_OTHER 250.0
#define SIZING_WORK_UNKNOWN 15000.0

/* Belief that another input of the same algorithm tells all. With 0.8, 0.85 and 0.9 the
 * choices on scout, its halves, tens of clusters and other prices cost the same; intervals
 * hold 91, 87 and 84 %. */
#define SIZING_TOLD_BY_SAME 0.9
/* How much of the belief goes to the general picture above when history has no run of the
 * algorithm: other workloads are few and all alike. Found on random halves of scout's
 * clusters, not on the clusters themselves. */
#define SIZING_GENERAL_ITERATIVE 0.75
#define SIZING_GENERAL_OTHER 0.25

/* Noise of one run (repeats differ by 4 %; 6 % with what the terms miss); how far times may
 * leave the terms over sizes, whatever the type, and over types beside (sd of logs). Found on
 * one-type series of c3o, bell and scout together, predicted from their smallest, from random
 * and from all other sizes: what helps one of these alone was not kept. */
#define SIZING_NOISE 0.045
#define SIZING_SIZE_MISFIT 0.4
#define SIZING_MISFIT 0.10
/* How far the noise of one workload may be from what is expected (sd of logs), and how many
 * workloads of the history outweigh the figure above. Found on the same series, with and
 * without the runs of others. */
#define SIZING_NOISE_SD 0.6
#define SIZING_NOISE_TRUST 3.0
/* Runs' worth of trust in the misfit before own runs show theirs; the degrees of freedom of
 * the runs' likelihood. Before any, its variance is SPREAD of the above: what decides how far
 * a fit gives way to runs is wider than what the runs of most series then do. Of 0.4, 0.5, 0.6
 * and 0.8 interval scores (80 %) on series of the three sets and drawn ones are alike; 0.5
 * holds 81, 88 and 75 % of the three on average, 0.4 79, 88 and 74 %. */
#define SIZING_FREEDOM 6.0
#define SIZING_SPREAD 0.5

/* Over which logs of cores, memory per core and vCPUs of a worker a shape of the same algorithm
 * errs alike: neighbours of a list of sizes, one family, one size of worker. RIDGE: runs' worth
 * of trust in the shape. Ranges half as long and twice as long, and a ridge of 0.3, were tried
 * on scout's halves, tens and thirds; only shorter ones of size were worse. */
#define SIZING_INHERITED_SIZE 0.5
#define SIZING_INHERITED_MEMORY 0.3
#define SIZING_INHERITED_WORKER 0.4
#define SIZING_INHERITED_RIDGE 1.0

/* The general picture beside the work: start-up seconds, seconds per worker and core, and
 * what no machine shortens, in the time that the work takes 32 cores, with the belief in
 * each. It grows with the cores by SERIAL_COORDINATION of itself per 32. Seconds per
 * worker: 2.7 in scout, 0.5 in bell (medians). Serial iterations are one algorithm in four
 * to two of scout, c3o and bell. */
#define SIZING_START_SECONDS 30.0
#define SIZING_WORKER_SECONDS 0.7
#define SIZING_CORE_SECONDS 0.03
#define SIZING_SERIAL_ITERATIVE {{0, 0.7}, {1, 0.3}}
#define SIZING_SERIAL_OTHER {{0, 0.8}, {1, 0.2}}
#define SIZING_SERIAL_COORDINATION 0.3
/* Cores beyond which coordination hardly grows: the tasks of a usual stage
 * (spark.sql.shuffle.partitions, and what two to three tasks per core of a middling cluster
 * make). Only bell goes beyond: larger sizes from three miss by 8, 6 and 12 % with 100, 200
 * and 400. */
#define SIZING_STAGE_TASKS 200.0

/* Belief of the general picture that memory makes a workload fail somewhere below half of
 * its set (log sd): four of nine iterative workloads of scout. */
#define SIZING_MEMORY_FAILURE_ITERATIVE 0.40
#define SIZING_MEMORY_FAILURE_OTHER 0.05
#define SIZING_MEMORY_FAILURE_SD 0.8

/* Failures beside memory: one run in a hundred fails for no reason that repeats. A time
 * limit seen in other workloads applies to this one with LIMIT_BELIEF. */
#define SIZING_CHANCE_FAILURE 0.01
/* What failure may at most be where the same completed, on these or fewer workers of the type:
 * of 1,022 such runs of scout 1.7 % failed. */
#define SIZING_PROVEN_FAILURE 0.03
/* Belief that a workload fails below some number of workers whatever their memory (local
 * disks fill): one of the 18 of scout does. */
#define SIZING_WORKER_FAILURE 0.06
#define SIZING_LIMIT_BELIEF 0.4
/* What a failure costs on top of the failed run, in the cost of the best: the rerun, and
 * somebody who looks after it. */
#define SIZING_FAILURE_COST 5.0
/* Doubt of large clusters: candidates are compared by expected cost x cores^CORE_DOUBT, since
 * what no term foresees (stragglers, coordination) grows with cores: 3 % a doubling, until
 * own runs of several sizes show it. With FAILURE_COST chosen by four of eight inner folds. */
#define SIZING_CORE_DOUBT 0.04
/* A scenario does not count a cost above so many times the best: beyond lies guesswork. */
#define SIZING_WORST_REGRET 4.0

#endif
