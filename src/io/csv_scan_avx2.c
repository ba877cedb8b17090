#include <string.h>

#include "csv_scan_kernel.h"

#ifdef __x86_64__
#define SCAN csv_scan_avx2
#define SCAN_TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt,lzcnt")))
#include "csv_scan_avx2_masks.h"

/* Before Zen 3, AMD's PDEP takes up to a hundred cycles: clear bits instead. */
MASKS unsigned scan_select(uint64_t bits, uint32_t n)
{
    while (n--)
        bits = _blsr_u64(bits);
    return (unsigned)_tzcnt_u64(bits);
}

#include "csv_scan_body.h"
#endif
