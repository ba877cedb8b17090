#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "ingest/layer_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct layer_map *map = NULL;
    struct err err = ERR_INIT;
    snprintf(path, sizeof path, "/tmp/fuzz-map-%d", (int)getpid());
    FILE *f = fopen(path, "wb");
    if (!f)
        return 0;
    fwrite(data, 1, size, f);
    fclose(f);
    if (layer_map_open(&map, path, &err)) {
        struct estate *bill = estate_open();
        map_apply(bill, map, &err);
        estate_free(bill);
    }
    layer_map_free(map);
    return 0;
}
