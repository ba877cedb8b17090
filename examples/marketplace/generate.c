#include <stdio.h>

#include "world.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: generate FOLDER\n");
        return 2;
    }
    bool ok = write_bills(argv[1]) && write_databricks(argv[1]) && write_metrics(argv[1]) &&
              write_inventory(argv[1]) && write_spark_logs(argv[1]) && plant_write(argv[1]);
    return ok ? 0 : 1;
}
