#include <string.h>

#include "bundle.h"

const char *bundle_type(struct arena *arena, const char *kind)
{
    static const struct {
        const char *kind, *type;
    } types[] = {
        {"sql_warehouses", "databricks_sql_endpoint"},
        {"model_serving_endpoints", "databricks_model_serving"},
        {"models", "databricks_mlflow_model"},
        {"experiments", "databricks_mlflow_experiment"},
        {"postgres_branches", "databricks_postgres_branch"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(types[i].kind, kind))
            return types[i].type;
    size_t n = strlen(kind);
    return arena_printf(arena, "databricks_%.*s", (int)(n && kind[n - 1] == 's' ? n - 1 : n),
                        kind);
}
