/*
 * What is quoted, 64 bytes at a time; for kernels, which define before including this file:
 *   SCAN_TARGET     the attribute that switches their instructions on
 *   scan_ends()     64 bytes -> bit mask of LF and CR
 *   scan_prefix()   bit i of the result: parity of bits 0..i
 */

struct scan_quotes {
    uint64_t in_quotes; /* all ones inside quotes, at the block's start */
    uint64_t opens;     /* bit 0: the byte before allows a quote to open a field */
    uint64_t closed;    /* bit 0: the byte before was a closing quote */
};

#define SCAN_INLINE SCAN_TARGET static inline __attribute__((always_inline))

/*
 * Leaves the block its separators and ends of rows outside of quotes. Returns where a
 * quote stands that a regular file has not; the state is then that of before.
 */
SCAN_INLINE uint64_t scan_unquoted(struct scan_quotes *s, struct scan_block *b,
                                   const char *block, uint64_t valid)
{
    uint64_t quotes = b->quotes & valid;
    uint64_t inside = scan_prefix(quotes) ^ s->in_quotes;
    b->separators &= ~inside & valid;
    b->controls &= ~inside & valid;
    if (b->controls)
        b->controls &= scan_ends(block);
    uint64_t edge = b->separators | b->controls | quotes;
    uint64_t opened = quotes & inside, closed = quotes & ~inside;
    uint64_t wrong = ((opened & ~(edge << 1 | s->opens)) |
                      ((closed << 1 | s->closed) & ~edge)) & valid;
    if (__builtin_expect(wrong != 0, 0))
        return wrong;
    s->in_quotes = (uint64_t)((int64_t)inside >> 63);
    s->opens = edge >> 63;
    s->closed = closed >> 63;
    return 0;
}
