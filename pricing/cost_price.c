#include <stdlib.h>
#include <string.h>

#include "cost_walk.h"
#include "pricing/databricks.h"
#include "pricing/ec2.h"

/* "@ec2 type os": on demand, with the surcharge of the operating system. */
static bool find_ec2(struct price *out, const struct book *book, const char *region,
                     char *const *args, int count)
{
    return count > 0 &&
           ec2_on_demand(out, book, args[0], region, count > 1 ? args[1] : "linux");
}

static bool find_spot(struct price *out, const struct book *book, const char *region,
                      char *const *args, int count)
{
    return count > 0 && ec2_spot(out, book, args[0], region);
}

static int index_of(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(name, names[i]))
            return i;
    return 0;
}

/* "@reserved type standard 1_year no_upfront": the on-demand price less the family's discount.
 */
static bool find_reserved(struct price *out, const struct book *book, const char *region,
                          char *const *args, int count)
{
    static const char *const plans[] = {"standard", "convertible"};
    static const char *const payments[] = {"no_upfront", "partial_upfront", "all_upfront"};
    struct commitment_discount discount;
    if (count < 4 || !ec2_on_demand(out, book, args[0], region, NULL))
        return false;
    struct commitment_terms terms = {
        index_of(args[1], plans, 2) ? CONVERTIBLE_RI : STANDARD_RI,
        atoi(args[2]),
        (enum payment)index_of(args[3], payments, 3),
    };
    char family[32];
    size_t n = strcspn(args[0], ".");
    if (n >= sizeof family)
        return false;
    memcpy(family, args[0], n);
    family[n] = '\0';
    if (!ec2_commitment_discount(&discount, book, family, region, terms))
        return false;
    out->usd = money_times(out->usd, 1 - discount.percent / 100);
    out->source = discount.source;
    out->date = discount.date;
    return true;
}

/* "@dbu sku tier photon|plain" */
static bool find_dbu(struct price *out, const struct book *book, const char *region,
                     char *const *args, int count)
{
    return count > 1 && dbu_price(out, book, args[0], args[1], region,
                                  count > 2 && !strcmp(args[2], "photon"));
}

const struct price_function *price_function_find(const char *name, size_t length)
{
    static const struct price_function functions[] = {
        {"ec2", "on-demand price of", find_ec2},
        {"spot", "spot price of", find_spot},
        {"reserved", "reserved price of", find_reserved},
        {"dbu", "DBU price of", find_dbu},
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (strlen(functions[i].name) == length && !memcmp(functions[i].name, name, length))
            return &functions[i];
    return NULL;
}
