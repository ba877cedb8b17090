#ifndef RECOMMEND_ADVICE_H
#define RECOMMEND_ADVICE_H

#include "recommend/recommend.h"

/* What recommenders write their advice with. */

struct price; /* pricing/book.h */

/*
 * A new recommendation of `kind` about `resource`, with the stable id: a hash of
 * account, resource key, kind and action. Both bases start at the resource's own
 * monthly cost where the bill knows it. The pointer is good until the next one.
 */
struct recommendation *advice_add(struct advice *advice, const struct recommend_input *in,
                                  const char *kind, enum action action, uint32_t resource);
/*
 * The same about what many resources cost together, so that its id is of kind and
 * action alone, whichever they are. The costs are the caller's to set.
 */
struct recommendation *advice_add_many(struct advice *advice, const char *kind,
                                       enum action action, const uint32_t *resources,
                                       size_t count);
/* Why a recommendation is not to be counted, as the user decided; NULL: it is. */
const char *advice_set_aside(const struct recommend_options *options, const char *id);
struct declined *advice_decline(struct advice *advice, const char *kind, uint32_t resource,
                                const char *reason_format, ...)
    __attribute__((format(printf, 4, 5)));
void advice_note(struct advice *advice, enum note_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Appends evidence; `source` may be NULL. */
void evidence_add(struct advice *advice, struct recommendation *r, enum evidence_kind kind,
                  const char *source, const char *label, const char *value_format, ...)
    __attribute__((format(printf, 6, 7)));
/* A price row as evidence: amount and unit, with key, region, date and source beside it. */
void evidence_price(struct advice *advice, struct recommendation *r, const struct price *price,
                    const char *label);
/*
 * What is pasted or run. Several steps of a shell stand in a subshell, "(set -eu ... )": one
 * that fails ends the rest and not the terminal that it was pasted into.
 */
void artefact_add(struct advice *advice, struct recommendation *r, const char *format,
                  const char *name, const char *text);
/* One word of a shell command, in quotes where it needs them. */
const char *shell_word(struct arena *arena, const char *text);
/* What a command of AWS names it by: of an ARN what is behind the last slash. NULL: unknown. */
const char *command_id(const struct resource *r);
/* " --region eu-west-1" behind a command of AWS; "" where the region is not known. */
const char *region_option(struct arena *arena, const char *region);
/* A name within a comment of what is pasted: on one line, whatever it holds. */
const char *comment_word(struct arena *arena, const char *text);
void alternative_add(struct advice *advice, struct recommendation *r, struct money_range saving,
                     const char *title, const char *why_not);

/* One attribute that changes, in r->current and r->proposed. */
void change_add(struct advice *advice, struct recommendation *r, const char *attribute,
                const char *from, const char *to);

/*
 * Sets list and net from a saving at list prices: what running commitments cover
 * is not saved on the next bill but stranded until they end, unless other
 * uncovered usage of the same kind can take the freed commitment up.
 */
void saving_set(struct recommendation *r, const struct recommend_input *in,
                struct money_range list_now, struct money_range list_after);

#endif
