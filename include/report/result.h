#ifndef REPORT_RESULT_H
#define REPORT_RESULT_H

#include "report/report.h"

/* The JSON of a report, member by member; texts are copied. */

/* A list under a key of the report's JSON, and a map appended to such a list. */
struct node *result_list(struct report *report, const char *key);
struct node *result_item(struct report *report, struct node *list);
void result_text(struct report *report, struct node *map, const char *key,
                 const char *text); /* NULL is null */
void result_money(struct report *report, struct node *map, const char *key, struct money m);
void result_number(struct report *report, struct node *map, const char *key,
                   double number); /* null where it is not finite */

#endif
