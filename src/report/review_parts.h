#ifndef REPORT_REVIEW_PARTS_H
#define REPORT_REVIEW_PARTS_H

#include "report/review.h"

/* The sections of the review, one file a theme. Each adds its own JSON keys. */
void review_spend(struct report *report, const struct estate *estate, const struct spend *spend);
/* Reservations and savings plans: what they cost, how far they were used, when they end. */
void review_commitments(struct report *report, const struct estate *estate);
void review_owners(struct report *report, const struct estate *estate, const struct spend *spend);
void review_changes(struct report *report, const struct estate *estate,
                    const struct spend *spend);

/* A list under a key of the report's JSON, and a map appended to such a list. */
struct node *result_list(struct report *report, const char *key);
struct node *result_item(struct report *report, struct node *list);
void result_text(struct report *report, struct node *map, const char *key, const char *text);
void result_money(struct report *report, struct node *map, const char *key, struct money m);
void result_number(struct report *report, struct node *map, const char *key, double number);

/* "1,234.56" in the report's arena. */
const char *money_text(struct report *report, struct money m);

#endif
