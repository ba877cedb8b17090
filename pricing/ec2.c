#include "pricing/ec2.h"

#include <stdio.h>
#include <string.h>

enum { NAME_ROOM = 128 };

static bool find(struct price *out, const struct book *book, const char *item,
                 const char *instance_type, const char *region, const char *os)
{
    char attributes[NAME_ROOM];
    int n =
        snprintf(attributes, sizeof attributes, "instance_type=%s;os=%s", instance_type, os);
    if (n < 0 || (size_t)n >= sizeof attributes)
        return false;
    return book_price(out, book, &(struct price_key){"ec2", item, attributes, region});
}

bool ec2_on_demand(struct price *out, const struct book *book, const char *instance_type,
                   const char *region, const char *os)
{
    struct price surcharge;
    if (!find(out, book, "instance", instance_type, region, "linux") &&
        !find(out, book, "instance_dedicated_tenancy_only", instance_type, region, "linux"))
        return false;
    if (!os || !strcmp(os, "linux"))
        return true;
    if (!find(&surcharge, book, "os_surcharge", instance_type, region, os))
        return false;
    out->usd = money_add(out->usd, surcharge.usd);
    out->list = money_add(out->list, surcharge.list);
    return true;
}

bool ec2_spot(struct price *out, const struct book *book, const char *instance_type,
              const char *region)
{
    return find(out, book, "spot", instance_type, region, "linux");
}

bool ec2_interruption_band(int *band, const struct book *book, const char *instance_type,
                           const char *region)
{
    struct price price;
    if (!find(&price, book, "spot_interruption", instance_type, region, "linux"))
        return false;
    *band = (int)money_double(price.usd);
    return *band >= 0 && *band <= 4;
}

const char *ec2_band_text(int band)
{
    static const char *const texts[] = {"<5%", "5-10%", "10-15%", "15-20%", ">20%"};
    return band >= 0 && band <= 4 ? texts[band] : "unknown";
}
