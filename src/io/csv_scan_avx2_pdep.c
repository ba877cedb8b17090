#include <string.h>

#include "csv_scan_kernel.h"

#ifdef __x86_64__
#define SCAN csv_scan_avx2_pdep
#define SCAN_TARGET __attribute__((target("avx2,pclmul,bmi,bmi2,popcnt,lzcnt")))
#include "csv_scan_avx2_masks.h"

MASKS unsigned scan_select(uint64_t bits, uint32_t n)
{
    return (unsigned)_tzcnt_u64(_pdep_u64((uint64_t)1 << n, bits));
}

#include "csv_scan_body.h"
#endif
