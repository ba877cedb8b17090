#include "pricing/network.h"

#include <math.h>
#include <stdio.h>

enum { NAME_ROOM = 96 };

bool elb_price(struct price *out, const struct book *book, const char *kind, const char *item,
               const char *region)
{
    char attributes[NAME_ROOM];
    int n = snprintf(attributes, sizeof attributes, "kind=%s", kind);
    return n > 0 && n < NAME_ROOM &&
           book_price(out, book, &(struct price_key){"elb", item, attributes, region});
}

double lcu_holds(const struct book *book, const char *kind, const char *protocol,
                 const char *dimension)
{
    char key[NAME_ROOM];
    snprintf(key, sizeof key, "%s/%s/%s", kind, protocol, dimension);
    return book_fact_number(book, "lcu_dimensions", key, "units_per_lcu", NAN);
}

static bool name_to(char out[NAME_ROOM], const char *to)
{
    int n = to ? snprintf(out, NAME_ROOM, "to=%s", to) : snprintf(out, NAME_ROOM, "%s", "");
    return n >= 0 && n < NAME_ROOM;
}

bool transfer_price(struct price *out, const struct book *book, const char *item,
                    const char *from_region, const char *to)
{
    char attributes[NAME_ROOM];
    struct price_key key = {"data_transfer", item, attributes, from_region};
    return name_to(attributes, to) && book_price(out, book, &key);
}

bool transfer_cost(struct money *out, const struct book *book, const char *item,
                   const char *from_region, const char *to, double quantity,
                   struct price_trace *trace)
{
    char attributes[NAME_ROOM];
    struct price_key key = {"data_transfer", item, attributes, from_region};
    return name_to(attributes, to) && book_cost(out, book, &key, quantity, trace);
}
