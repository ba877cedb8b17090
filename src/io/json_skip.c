#include <string.h>

#include "io/json_walk.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/*
 * Nested values are skipped 64 bytes at a time. Four masks (quotes, backslashes,
 * opening and closing brackets) say all: the prefix xor of the unescaped quotes
 * is what lies in strings; while fewer brackets close than are open the block
 * is passed with two population counts.
 */
struct masks {
    uint64_t quote, backslash, open, close;
};

struct scan {
    uint64_t in_string; /* all ones while in a string */
    uint64_t escape;    /* 1 when the next byte is escaped */
    uint64_t depth;
};

static struct masks masks_portable(const char *p)
{
    struct masks m = {0, 0, 0, 0};
    for (int i = 0; i < 64; i++) {
        uint64_t bit = (uint64_t)1 << i;
        char folded = (char)(p[i] | 0x20);
        m.quote |= p[i] == '"' ? bit : 0;
        m.backslash |= p[i] == '\\' ? bit : 0;
        m.open |= folded == '{' ? bit : 0;
        m.close |= folded == '}' ? bit : 0;
    }
    return m;
}

static inline uint64_t prefix_xor(uint64_t x)
{
    for (int by = 1; by < 64; by *= 2)
        x ^= x << by;
    return x;
}

/* Bits behind a backslash that is not itself escaped. */
static uint64_t escaped_by(uint64_t backslash, uint64_t *carry)
{
    uint64_t escaped = *carry;
    backslash &= ~escaped;
    *carry = 0;
    while (backslash) {
        uint64_t bit = backslash & -backslash;
        if (bit >> 63)
            *carry = 1;
        escaped |= bit << 1;
        backslash &= ~(bit | bit << 1);
    }
    return escaped;
}

/* The index behind the closing bracket, or 64 when it is not in this block. */
static inline unsigned step(struct scan *s, struct masks m)
{
    if (m.backslash | s->escape)
        m.quote &= ~escaped_by(m.backslash, &s->escape);
    uint64_t strings = prefix_xor(m.quote) ^ s->in_string;
    s->in_string = -(strings >> 63);
    m.open &= ~strings;
    m.close &= ~strings;
    uint64_t closing = (uint64_t)__builtin_popcountll(m.close);
    if (closing < s->depth) {
        s->depth += (uint64_t)__builtin_popcountll(m.open) - closing;
        return 64;
    }
    for (uint64_t both = m.open | m.close; both; both &= both - 1) {
        if (m.open & both & -both)
            s->depth++;
        else if (--s->depth == 0)
            return (unsigned)__builtin_ctzll(both);
    }
    return 64;
}

/* A value's last bytes, padded with blanks so that a whole block can be read. */
static inline void pad(char block[64], const char *at, const char *end)
{
    memset(block, ' ', 64);
    memcpy(block, at, (size_t)(end - at));
}

static const char *skip_portable(const char *at, const char *end)
{
    struct scan s = {0, 0, 1};
    for (; end - at >= 64; at += 64) {
        unsigned i = step(&s, masks_portable(at));
        if (i < 64)
            return at + i + 1;
    }
    char block[64];
    pad(block, at, end);
    unsigned i = step(&s, masks_portable(block));
    return i < 64 ? at + i + 1 : NULL;
}

#if defined(__x86_64__)

static inline uint64_t sse2_equal(const __m128i part[4], char c)
{
    __m128i want = _mm_set1_epi8(c);
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(part[i], want))
                << (16 * i);
    return mask;
}

static inline struct masks masks_sse2(const char *p)
{
    __m128i part[4], folded[4];
    for (int i = 0; i < 4; i++) {
        part[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
        folded[i] = _mm_or_si128(part[i], _mm_set1_epi8(0x20));
    }
    return (struct masks){sse2_equal(part, '"'), sse2_equal(part, '\\'),
                          sse2_equal(folded, '{'), sse2_equal(folded, '}')};
}

static const char *skip_sse2(const char *at, const char *end)
{
    struct scan s = {0, 0, 1};
    for (; end - at >= 64; at += 64) {
        unsigned i = step(&s, masks_sse2(at));
        if (i < 64)
            return at + i + 1;
    }
    char block[64];
    pad(block, at, end);
    unsigned i = step(&s, masks_sse2(block));
    return i < 64 ? at + i + 1 : NULL;
}

#define AVX2 __attribute__((target("avx2,bmi,popcnt,pclmul")))

AVX2 static inline uint64_t avx2_equal(__m256i low, __m256i high, char c)
{
    __m256i want = _mm256_set1_epi8(c);
    uint64_t a = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, want));
    uint64_t b = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, want));
    return a | b << 32;
}

AVX2 static inline uint64_t prefix_xor_clmul(uint64_t x)
{
    __m128i all = _mm_set1_epi8((char)0xff);
    return (uint64_t)_mm_cvtsi128_si64(
        _mm_clmulepi64_si128(_mm_set_epi64x(0, (long long)x), all, 0));
}

AVX2 static inline unsigned step_avx2(struct scan *s, const char *p)
{
    __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(p + 32));
    __m256i blank = _mm256_set1_epi8(0x20);
    uint64_t quote = avx2_equal(low, high, '"'), backslash = avx2_equal(low, high, '\\');
    low = _mm256_or_si256(low, blank);
    high = _mm256_or_si256(high, blank);
    uint64_t open = avx2_equal(low, high, '{'), close = avx2_equal(low, high, '}');
    if (backslash | s->escape)
        quote &= ~escaped_by(backslash, &s->escape);
    uint64_t strings = prefix_xor_clmul(quote) ^ s->in_string;
    s->in_string = -(strings >> 63);
    close &= ~strings;
    open &= ~strings;
    uint64_t closing = (uint64_t)__builtin_popcountll(close);
    if (closing < s->depth) {
        s->depth += (uint64_t)__builtin_popcountll(open) - closing;
        return 64;
    }
    for (uint64_t both = open | close; both; both &= both - 1) {
        if (open & both & -both)
            s->depth++;
        else if (--s->depth == 0)
            return (unsigned)__builtin_ctzll(both);
    }
    return 64;
}

AVX2 static const char *skip_avx2(const char *at, const char *end)
{
    struct scan s = {0, 0, 1};
    for (; end - at >= 64; at += 64) {
        unsigned i = step_avx2(&s, at);
        if (i < 64)
            return at + i + 1;
    }
    char block[64];
    pad(block, at, end);
    unsigned i = step_avx2(&s, block);
    return i < 64 ? at + i + 1 : NULL;
}

bool json_kernel_runs(enum json_kernel kernel)
{
    return kernel != JSON_AVX2 ||
           (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
            __builtin_cpu_supports("popcnt") && __builtin_cpu_supports("pclmul"));
}

const char *json_skip_nested(const char *at, const char *end, enum json_kernel kernel)
{
    if (kernel == JSON_AVX2)
        return skip_avx2(at, end);
    return kernel == JSON_SSE2 ? skip_sse2(at, end) : skip_portable(at, end);
}

#else

bool json_kernel_runs(enum json_kernel kernel)
{
    return kernel == JSON_PORTABLE;
}

const char *json_skip_nested(const char *at, const char *end, enum json_kernel kernel)
{
    (void)kernel;
    return skip_portable(at, end);
}

#endif

enum json_kernel json_kernel_best(void)
{
    enum json_kernel best = JSON_AVX2;
    while (!json_kernel_runs(best))
        best--;
    return best;
}
