#ifndef ADVISOR_LOAD_H
#define ADVISOR_LOAD_H

#include "command.h"
#include "config.h"
#include "estate/advice.h"
#include "estate/spend.h"
#include "ingest/layer_map.h"
#include "past.h"
#include "pricing/book.h"
#include "recommend/recommend.h"

/* What review and explain read, and what they make of it. */
struct analysis {
    struct config config;
    struct estate *estate;
    struct layer_map *map; /* NULL: none given */
    struct book *book;
    struct advice advice;
    struct spend spend;
    struct past past;
};

/* Where the inputs of a command come from; options come before the configuration. */
struct inputs {
    struct text_list bills, metrics, inventory, logs, runs;
    const char *map;
    struct history_options history;
    bool strict;
};

/* The rows that a command with inputs puts into its option table. */
#define INPUT_ROWS(type, member)                                                              \
    {"bill", 'b', OPT_LIST, offsetof(type, member.bills), "PATH",                             \
     "bills: files, folders or patterns"},                                                    \
    {"map", 'm', OPT_TEXT, offsetof(type, member.map), "FILE", "layer map, YAML or JSON"},    \
    {"metrics", 0, OPT_LIST, offsetof(type, member.metrics), "PATH", "CloudWatch metrics"},   \
    {"inventory", 0, OPT_LIST, offsetof(type, member.inventory), "PATH",                      \
     "S3 inventories, access logs, class analyses"},                                          \
    {"logs", 0, OPT_LIST, offsetof(type, member.logs), "PATH",                                \
     "Spark event logs and load balancer logs"},                                              \
    {"runs", 0, OPT_LIST, offsetof(type, member.runs), "FILE", "tables of past runs"},        \
    {"strict", 0, OPT_FLAG, offsetof(type, member.strict), NULL, "a bad row is an error"}

/* Reads bills with the tags that the map and the configuration go by; bad rows become notes. */
bool load_bills(struct estate *into, const struct text_list *bills, const struct layer_map *map,
                const struct config *config, const struct session *session, bool strict,
                struct err *err);

/* Reads everything, names it by the map, analyses it. Release it also after a failure. */
bool analysis_load(struct analysis *out, struct session *session, const struct inputs *inputs,
                   struct err *err);
void analysis_release(struct analysis *analysis);

#endif
