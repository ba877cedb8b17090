#ifndef BILL_EXACT_AMOUNT_H
#define BILL_EXACT_AMOUNT_H

#include <string.h>

#include "base/money.h"

/* An amount as it stands in a row made of columns: a byte that no text has, then the number. */
enum { EXACT_AMOUNT = 1 + sizeof(wide), EXACT_MARK = 0xfe };

static inline size_t exact_amount_write(char to[EXACT_AMOUNT], struct money amount)
{
    *to = (char)EXACT_MARK;
    memcpy(to + 1, &amount.atto, sizeof amount.atto);
    return EXACT_AMOUNT;
}

static inline bool exact_amount_read(wide *out, const char *at, size_t length)
{
    if (length != EXACT_AMOUNT || *at != (char)EXACT_MARK)
        return false;
    memcpy(out, at + 1, sizeof *out);
    return true;
}

#endif
