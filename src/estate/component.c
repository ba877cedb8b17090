#include "estate/component.h"

#include "base/buf.h"

const char *cost_status_name(enum cost_status status)
{
    static const char *const names[] = {
        "priced", "free", "usage only", "no cost of its own", "unpriced", "unknown type"};
    return status < COST_STATUSES ? names[status] : "unknown type";
}

const char *component_formula(struct arena *arena, const struct cost_component *c)
{
    struct buf b = BUF_INIT;
    buf_printf(&b, "%.10g %s x ", c->quantity.expected, c->unit);
    money_format_exact(&b, c->unit_price);
    buf_add(&b, " = ");
    money_format(&b, c->monthly.expected, 4);
    const char *text = arena_strdup(arena, buf_text(&b));
    buf_release(&b);
    return text;
}
