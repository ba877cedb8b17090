#ifndef BILL_SHORT_AMOUNT_H
#define BILL_SHORT_AMOUNT_H

#include "base/bytes.h"
#include "base/money.h"

enum { SHORT_AMOUNT = 16 };

/*
 * Nearly every amount of a bill: digits, at most one point among them, 16 bytes at most.
 * The point is taken out, the rest is moved to the end of 16 digits that are read at once.
 * False for all else, which may be an amount too. 16 bytes may be read, whatever the length.
 */
static inline bool short_amount(wide *out, const char *at, size_t length)
{
    static const uint64_t powers[SHORT_AMOUNT] = {
        1000000000000000000, 100000000000000000, 10000000000000000, 1000000000000000,
        100000000000000,     10000000000000,     1000000000000,     100000000000,
        10000000000,         1000000000,         100000000,         10000000,
        1000000,             100000,             10000,             1000};
    __extension__ typedef unsigned __int128 word;
    if (length > SHORT_AMOUNT)
        return false;
    uint64_t low = bytes_load8(at), high = bytes_load8(at + 8), front, back;
    uint64_t in_low = bytes_zeros(low ^ bytes_repeat('.')),
             in_high = bytes_zeros(high ^ bytes_repeat('.'));
    unsigned point = in_low    ? (unsigned)__builtin_ctzll(in_low) / 8
                     : in_high ? 8 + (unsigned)__builtin_ctzll(in_high) / 8
                               : SHORT_AMOUNT;
    word digits = (word)high << 64 | low;
    size_t count = length, decimals = 0;
    if (point < count) {
        word before = ((word)1 << 8 * point) - 1;
        digits = (digits & before) | (digits >> 8 & ~before);
        decimals = --count - point;
    }
    if (!count)
        return false;
    digits = (digits ^ ((word)bytes_repeat('0') << 64 | bytes_repeat('0')))
             << 8 * (SHORT_AMOUNT - count);
    if (!bytes_join_digits(&front, (uint64_t)digits) ||
        !bytes_join_digits(&back, (uint64_t)(digits >> 64)))
        return false;
    *out = (wide)(front * 100000000 + back) * (wide)powers[decimals];
    return true;
}

#endif
