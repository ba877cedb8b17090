#include <string.h>

#include "fill.h"
#include "usage_type.h"

static sym text_sym(struct fill *f, struct key_text t)
{
    return t.length ? intern_n(f->into->symbols, t.at, t.length) : NULL;
}

static bool has_word(const char *text, const char *word)
{
    return text && strstr(text, word);
}

static enum provider provider_of(const struct key_head *head, const char *entity)
{
    if (head->family == FAMILY_DATABRICKS || has_word(entity, "Databricks"))
        return PROVIDER_DATABRICKS;
    if (has_word(entity, "Marketplace"))
        return PROVIDER_MARKETPLACE;
    if (head->family == FAMILY_CUR)
        return PROVIDER_AWS;
    return has_word(entity, "AWS") || has_word(entity, "Amazon") ? PROVIDER_AWS : PROVIDER_OTHER;
}

static enum purchase purchase_of(enum charge charge, bool spot, const char *pricing)
{
    if (charge == CHARGE_RESERVED_USAGE)
        return PURCHASE_RESERVED;
    if (charge == CHARGE_PLAN_USAGE)
        return PURCHASE_PLAN;
    return spot || has_word(pricing, "Dynamic") ? PURCHASE_SPOT : PURCHASE_ON_DEMAND;
}

/* A column that says "global" says that there is no region. */
static sym region_of(struct fill *f, struct key_text stated, const char *by_usage_type)
{
    sym region = text_sym(f, stated);
    if (region && !strcmp(region, "global"))
        return NULL;
    return region ? region : intern(f->into->symbols, by_usage_type);
}

static void fill_sku(struct fill *f, size_t number)
{
    struct key_text t[SKU_ROLES];
    struct key_head head;
    key_list_parts(&head, t, SKU_ROLES, &f->skus, number);
    struct sku sku = {.charge = (enum charge)head.charge};
    sku.usage_type = text_sym(f, t[ROLE_USAGE_TYPE]);
    struct usage_type parts = {.measure = sku.usage_type};
    if (sku.usage_type && head.family != FAMILY_DATABRICKS)
        parts = usage_type_parts(sku.usage_type);
    sku.measure = intern(f->into->symbols, parts.measure);
    sku.instance_type = intern(f->into->symbols, parts.instance_type);
    sku.service = head.family == FAMILY_DATABRICKS ? intern(f->into->symbols, "Databricks")
                                                   : text_sym(f, t[ROLE_SERVICE]);
    sku.operation = text_sym(f, t[ROLE_OPERATION]);
    sku.region = region_of(f, t[ROLE_REGION], parts.region);
    sku.unit = text_sym(f, t[ROLE_UNIT]);
    if (!sku.unit && head.family == FAMILY_DATABRICKS)
        sku.unit = intern(f->into->symbols, "DBU");
    sku.currency = f->into->currency;
    sku.commitment = text_sym(f, t[t[ROLE_SP_ARN].length ? ROLE_SP_ARN : ROLE_RI_ARN]);
    sku.product_name = text_sym(f, t[ROLE_PRODUCT_NAME]);
    sku.provider = provider_of(&head, text_sym(f, t[ROLE_ENTITY]));
    sku.purchase = purchase_of(sku.charge, parts.spot, text_sym(f, t[ROLE_PRICING]));
    f->sku[number] = (uint32_t)f->into->skus.count;
    VEC_ADD(&f->into->skus, sku);
}

static bool of_main_currency(const struct fill *f, size_t number)
{
    struct key_text t[SKU_ROLES];
    struct key_head head;
    key_list_parts(&head, t, SKU_ROLES, &f->skus, number);
    struct key_text currency = currency_of(t);
    const char *name = f->run->currencies[f->currency];
    return currency.length == strlen(name) && !memcmp(currency.at, name, currency.length);
}

void fill_skus(struct fill *f)
{
    for (size_t i = 0; i < f->skus.count; i++) {
        f->sku[i] = NOTHING;
        if (of_main_currency(f, i))
            fill_sku(f, i);
    }
}
