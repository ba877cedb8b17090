#include <string.h>

#include "exact_amount.h"
#include "run.h"
#include "short_amount.h"

static inline bool exact(wide *out, const struct bill_row *row, uint8_t field, struct csv_view v)
{
    const struct parquet_column *columns = row->layout->parquet;
    return columns && columns[field].exact && exact_amount_read(out, v.at, v.length);
}

static inline bool is_null(struct csv_view v)
{
    return v.length == 4 && (!memcmp(v.at, "NULL", 4) || !memcmp(v.at, "null", 4));
}

struct csv_view row_text(const struct bill_row *row, uint8_t field, struct buf *room)
{
    wide amount;
    struct csv_view v = row_raw(row, field);
    if (v.length && v.at[0] == '"') {
        buf_clear(room);
        buf_fill(room, '\0', v.length);
        v = csv_unquote(v, room->text);
    } else if (is_null(v)) {
        v.length = 0;
    } else if (v.length == EXACT_AMOUNT && exact(&amount, row, field, v)) {
        buf_clear(room);
        money_format_exact(room, (struct money){amount});
        v = (struct csv_view){room->text, (uint32_t)room->length};
    }
    return v;
}

static bool bad_amount(struct amounts *out, const struct bill_row *row, enum role role,
                       struct csv_view value)
{
    out->bad_column = row->layout->column_name[role];
    out->bad_value = value;
    return false;
}

/* The quoted and the NULL ones. */
static bool odd_amount(struct amounts *a, wide *out, const struct bill_row *row, enum role role,
                       struct csv_view v)
{
    char room[128];
    struct money m;
    *out = 0;
    if (is_null(v))
        return true;
    if (v.at[0] != '"' || v.length > sizeof room)
        return bad_amount(a, row, role, v);
    struct csv_view bare = csv_unquote(v, room);
    if (bare.length && !money_parse(&m, bare.at, bare.length, &a->rounded))
        return bad_amount(a, row, role, v);
    *out = bare.length ? m.atto : 0;
    return true;
}

static inline bool has(const struct bill_row *row, enum role role)
{
    return row->layout->field[role] != ABSENT;
}

/* 0 for an empty field or a column that the file does not have. */
static inline bool amount(struct amounts *a, wide *out, const struct bill_row *row,
                          enum role role)
{
    struct money m;
    *out = 0;
    uint8_t field = row->layout->field[role];
    struct csv_view v = row_raw(row, field);
    if (!v.length || short_amount(out, v.at, v.length) || exact(out, row, field, v))
        return true;
    if (!money_parse(&m, v.at, v.length, &a->rounded))
        return odd_amount(a, out, row, role, v);
    *out = m.atto;
    return true;
}

/* The sum of two columns. */
static bool both(struct amounts *a, wide *out, const struct bill_row *row, enum role one,
                 enum role other)
{
    wide x, y;
    if (!amount(a, &x, row, one) || !amount(a, &y, row, other))
        return false;
    *out = x + y;
    return true;
}

/* Exports that quote every field quote the empty ones too. */
static inline bool is_filled(const struct bill_row *row, enum role role)
{
    struct csv_view v = row_raw(row, row->layout->field[role]);
    return v.length && !(v.length == 2 && v.at[0] == '"') && !is_null(v);
}

/* Which columns say what a covered hour or an unused commitment costs, gross and net. */
static const struct {
    enum role effective[2], second[2];
} amortized_from[] = {
    [AMORTIZE_RI_EFFECTIVE] = {{ROLE_RI_EFFECTIVE, ROLE_RI_NET_EFFECTIVE}, {0, 0}},
    [AMORTIZE_RI_UNUSED] = {{ROLE_RI_UNUSED_UPFRONT, ROLE_RI_NET_UNUSED_UPFRONT},
                            {ROLE_RI_UNUSED_RECURRING, ROLE_RI_NET_UNUSED_RECURRING}},
    [AMORTIZE_SP_EFFECTIVE] = {{ROLE_SP_EFFECTIVE, ROLE_SP_NET_EFFECTIVE}, {0, 0}},
    [AMORTIZE_SP_UNUSED] = {{ROLE_SP_TOTAL, ROLE_SP_TOTAL}, {0, 0}},
};

/* The net column where it says something, else the gross one. */
static enum role net_or_gross(const struct bill_row *row, enum role net, enum role gross)
{
    return is_filled(row, net) ? net : gross;
}

/* There is no net commitment to date: the gross one is scaled by the net share of the period. */
static bool unused_plan(struct amounts *a, wide *out, const struct bill_row *row, bool net)
{
    wide total, used, gross, private;
    if (!amount(a, &total, row, ROLE_SP_TOTAL) || !amount(a, &used, row, ROLE_SP_USED))
        return false;
    *out = total - used;
    if (!net)
        return true;
    if (!both(a, &gross, row, ROLE_SP_UPFRONT, ROLE_SP_RECURRING) ||
        !both(a, &private, row, net_or_gross(row, ROLE_SP_NET_UPFRONT, ROLE_SP_UPFRONT),
              net_or_gross(row, ROLE_SP_NET_RECURRING, ROLE_SP_RECURRING)))
        return false;
    if (gross)
        *out = money_share((struct money){*out}, (struct money){private},
                           (struct money){gross}).atto;
    return true;
}

static bool amortized(struct amounts *a, wide *out, const struct bill_row *row,
                      enum amortize how, bool net, wide billed)
{
    *out = how == AMORTIZE_ZERO ? 0 : billed;
    if (how == AMORTIZE_AS_BILLED || how == AMORTIZE_ZERO)
        return true;
    if (!has(row, amortized_from[how].effective[0])) {
        a->without_column = true;
        return true;
    }
    if (how == AMORTIZE_SP_UNUSED)
        return unused_plan(a, out, row, net);
    const enum role *effective = amortized_from[how].effective,
                    *second = amortized_from[how].second;
    enum role first = net ? net_or_gross(row, effective[1], effective[0]) : effective[0];
    if (how == AMORTIZE_RI_UNUSED)
        return both(a, out, row, first,
                    net ? net_or_gross(row, second[1], second[0]) : second[0]);
    return amount(a, out, row, first);
}

/* At list price the bill mostly states one amount twice: the same bytes need no reading. */
static inline bool same_text(const struct bill_row *row, enum role a, enum role b)
{
    if (!has(row, a) || !has(row, b))
        return false;
    struct csv_view x = row_raw(row, row->layout->field[a]);
    struct csv_view y = row_raw(row, row->layout->field[b]);
    return x.length == y.length && same_bytes(x.at, y.at, x.length);
}

static bool cur_amounts(struct amounts *out, const struct bill_row *row,
                        const struct sku_info *sku, int64_t end)
{
    wide *cost = out->cost;
    enum amortize how = sku->type->amortize;
    (void)end;
    if (!amount(out, &out->quantity, row, ROLE_QUANTITY) ||
        !amount(out, &cost[BASIS_UNBLENDED], row, ROLE_COST) ||
        !amortized(out, &cost[BASIS_AMORTIZED], row, how, false, cost[BASIS_UNBLENDED]))
        return false;
    cost[BASIS_LIST] = 0;
    if (sku->type->listed && same_text(row, ROLE_COST, ROLE_LIST_COST))
        cost[BASIS_LIST] = cost[BASIS_UNBLENDED];
    else if (sku->type->listed && !amount(out, &cost[BASIS_LIST], row, ROLE_LIST_COST))
        return false;
    cost[BASIS_NET_UNBLENDED] = cost[BASIS_UNBLENDED];
    cost[BASIS_NET_AMORTIZED] = cost[BASIS_AMORTIZED];
    if (!row->layout->net)
        return true;
    if (is_filled(row, ROLE_NET_COST) &&
        !amount(out, &cost[BASIS_NET_UNBLENDED], row, ROLE_NET_COST))
        return false;
    return amortized(out, &cost[BASIS_NET_AMORTIZED], row, how, true, cost[BASIS_NET_UNBLENDED]);
}

/* A commitment's purchase is not usage at list price: what it covers is listed there. */
static bool focus_amounts(struct amounts *out, const struct bill_row *row,
                          const struct sku_info *sku, int64_t end)
{
    wide *cost = out->cost;
    bool purchase = sku->charge == CHARGE_UPFRONT ||
                    ((sku->charge == CHARGE_PLAN_FEE || sku->charge == CHARGE_RESERVATION_FEE));
    (void)end;
    if (!amount(out, &out->quantity, row, ROLE_QUANTITY) ||
        !amount(out, &cost[BASIS_UNBLENDED], row, ROLE_COST) ||
        !amount(out, &cost[BASIS_AMORTIZED], row, ROLE_EFFECTIVE_COST) ||
        !amount(out, &cost[BASIS_LIST], row, ROLE_LIST_COST))
        return false;
    if (purchase)
        cost[BASIS_LIST] = 0;
    cost[BASIS_NET_UNBLENDED] = cost[BASIS_UNBLENDED];
    cost[BASIS_NET_AMORTIZED] = cost[BASIS_AMORTIZED];
    return true;
}

/* Retractions have negative quantities, so every kind of record is added up. */
static bool databricks_amounts(struct amounts *out, const struct bill_row *row,
                               const struct sku_info *sku, int64_t end)
{
    const struct list_price *price = list_price_at(sku->prices, end);
    if (!amount(out, &out->quantity, row, ROLE_QUANTITY))
        return false;
    out->without_price = price == NULL;
    struct money cost = MONEY_ZERO;
    if (price)
        cost = list_price_cost((struct money){out->quantity}, price->rate, &out->rounded);
    for (unsigned b = 0; b < BASIS_COUNT; b++)
        out->cost[b] = cost.atto;
    return true;
}

amounts_fn *const amounts_of_family[] = {
    [FAMILY_CUR] = cur_amounts,
    [FAMILY_FOCUS] = focus_amounts,
    [FAMILY_DATABRICKS] = databricks_amounts,
};
