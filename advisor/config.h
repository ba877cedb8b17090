#ifndef ADVISOR_CONFIG_H
#define ADVISOR_CONFIG_H

#include "command.h"
#include "io/strict.h"
#include "pricing/book.h"
#include "recommend/recommend.h"

/*
 * advisor.yaml: the inputs and decisions of a team, so that a command needs no
 * options. Paths in it are relative to its own folder. Everything is empty where
 * there is no such file. Format: docs/configuration.md.
 */
struct config {
    const char *path;            /* NULL: there is no configuration */
    const struct node *document; /* NULL: the same */
    struct text_list bills, metrics, inventory, logs, runs, plans, tags;
    struct text_list fail_on;
    const char *map, *prices, *waivers, *history, *currency, *shared_by;
    struct recommend_options recommend; /* parameters: "recommend:" itself */
    const struct node *checks;          /* "checks:"; NULL none */
    VEC(struct book_override) overrides; /* contract prices and discounts */
    double hours_per_month;              /* NaN: not stated */
    bool strict;
};

/* Reads --config, or advisor.yaml where it exists. Texts live in the session's arena. */
bool config_open(struct config *out, struct session *session, struct err *err);
void config_release(struct config *config);

/*
 * Adds contract terms, "prices:" of the configuration or of a layer map read from
 * `path`; what is added first decides. A folder counts where none is set yet.
 */
void config_take_prices(struct config *config, struct session *session,
                        const struct node *prices, const char *path);

/* The book with --prices or the configuration's folder, and its contract terms. */
bool config_book(struct book **out, const struct config *config, const struct session *session,
                 struct err *err);

/* The options' own list where it has anything, else the configuration's. */
const struct text_list *config_list(const struct text_list *given,
                                    const struct text_list *configured);

extern const struct strict_field config_fields[];

#endif
