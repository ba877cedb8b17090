#include <stdlib.h>
#include <string.h>

#include "book_parts.h"

double unit_per(const char *unit)
{
    const char *number = strstr(unit, "_per_");
    if (!number || number[5] < '1' || number[5] > '9')
        return 1;
    return strtod(number + 5, NULL);
}
