#ifndef ESTATE_ADVICE_H
#define ESTATE_ADVICE_H

#include "base/arena.h"
#include "base/vec.h"
#include "estate/estate.h"
#include "estate/recommendation.h"

/* What all recommenders found about one estate. Vectors are its own, texts in `arena`. */
struct advice {
    struct arena arena;
    struct intern *symbols; /* borrowed from the estate */
    VEC(struct recommendation) recommendations;
    VEC(struct declined) declined;
    VEC(struct note) notes;
    const char *refused; /* why nothing at all was looked at; NULL: it was */
};

void advice_init(struct advice *advice, const struct estate *estate);
void advice_release(struct advice *advice);
/* What the next bills show less when all that is counted is done, per month. */
struct money_range advice_counted_saving(const struct advice *advice);
/* By id or by an unambiguous beginning of it; NULL when none or several match. */
const struct recommendation *advice_find(const struct advice *advice, const char *id);

/* What all policies found. */
struct findings {
    struct arena arena;
    VEC(struct finding) all;
    VEC(struct note) notes; /* what was not understood, such as a condition */
};

void findings_release(struct findings *findings);

#endif
