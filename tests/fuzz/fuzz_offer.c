#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../pricing/offer.h"
#include "base/buf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An offer is read from a file: here from one in memory, behind its fixed front. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char front[] =
        "\"OfferCode\",\"AmazonEC2\"\nSKU,TermType,PricePerUnit,Region Code,usageType,"
        "StartingRange,Currency,operation,Instance Type,To Region Code\n";
    int fd = memfd_create("offer", 0);
    bool bare = size && data[0] == '!';
    if (fd < 0 || (!bare && write(fd, front, sizeof front - 1) < 0) ||
        write(fd, data, size) < 0)
        return 0;
    char path[32];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct offer offer = {.strings = NULL};
    struct refresh_result result = {.rows = 0};
    struct arena arena = ARENA_INIT;
    struct buf text = BUF_INIT;
    struct err err = ERR_INIT;
    if (offer_read(&offer, &result, &arena, path, &err))
        offer_write(&text, &offer, &result);
    buf_release(&text);
    offer_release(&offer);
    arena_release(&arena);
    close(fd);
    return 0;
}
