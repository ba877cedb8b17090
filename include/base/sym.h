#ifndef BASE_SYM_H
#define BASE_SYM_H

#include <stddef.h>

/*
 * An interned string: one copy per run, so two symbols of one table are equal
 * exactly when the pointers are. Print it as it is. NULL and "" both mean none;
 * sym_or_empty() makes either printable.
 */
typedef const char *sym;

struct intern;

struct intern *intern_open(void);
void intern_free(struct intern *table); /* NULL is fine */

sym intern(struct intern *table, const char *text); /* NULL gives NULL */
sym intern_n(struct intern *table, const char *bytes, size_t n);
sym intern_printf(struct intern *table, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *sym_or_empty(sym s);

#endif
