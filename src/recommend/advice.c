#include "advice.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "pricing/book.h"

struct recommend_options recommend_defaults(void)
{
    return (struct recommend_options){
        .min_days = 3,
        .cpu_percentile = 95,
        .memory_percentile = 99.5,
        .headroom = 0.20,
        .min_monthly_usd = 1,
        .sp_horizon_years = 1,
        .graviton_ok = true,
    };
}

/* 12 hex digits of a hash that does not depend on the run: what history follows. */
static sym stable_id(struct advice *advice, const char *account, const char *key,
                     const char *kind, enum action action)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s\n%s\n%s\n%s", account, key, kind, action_name(action));
    uint64_t hash = map_hash(text.text, text.length);
    buf_release(&text);
    return intern_printf(advice->symbols, "%012llx",
                         (unsigned long long)(hash & 0xffffffffffffu));
}

static struct recommendation *add(struct advice *advice, const char *kind,
                                  enum action action)
{
    struct recommendation *r = VEC_PUSH(&advice->recommendations);
    r->kind = intern(advice->symbols, kind);
    r->action = action;
    r->risk_dimension = r->confidence_why = r->title = "";
    return r;
}

struct recommendation *advice_add(struct advice *advice, const struct recommend_input *in,
                                  const char *kind, enum action action, uint32_t resource)
{
    const struct estate *estate = in->estate;
    const struct resource *about = &estate->resources.at[resource];
    struct recommendation *r = add(advice, kind, action);
    r->id = stable_id(advice, sym_or_empty(about->account), about->key, kind, action);
    VEC_ADD(&r->resources, resource);
    struct money cost;
    if (estate_monthly_cost(&cost, estate, resource, BASIS_AMORTIZED))
        r->net.now = r->net.after = money_range_of(cost);
    if (estate_monthly_cost(&cost, estate, resource, BASIS_LIST))
        r->list.now = r->list.after = money_range_of(cost);
    return r;
}

struct recommendation *advice_add_many(struct advice *advice, const char *kind,
                                       enum action action, const uint32_t *resources,
                                       size_t count)
{
    struct recommendation *r = add(advice, kind, action);
    r->id = stable_id(advice, "", "", kind, action);
    for (size_t i = 0; i < count; i++)
        VEC_ADD(&r->resources, resources[i]);
    return r;
}

struct declined *advice_decline(struct advice *advice, const char *kind, uint32_t resource,
                                const char *reason_format, ...)
{
    struct declined *d = VEC_PUSH(&advice->declined);
    d->kind = intern(advice->symbols, kind);
    d->resource = resource;
    va_list args;
    va_start(args, reason_format);
    d->reason = arena_vprintf(&advice->arena, reason_format, args);
    va_end(args);
    return d;
}

void advice_note(struct advice *advice, enum note_kind kind, const char *format, ...)
{
    struct note *note = VEC_PUSH(&advice->notes);
    va_list args;
    va_start(args, format);
    *note = (struct note){kind, arena_vprintf(&advice->arena, format, args), NULL, 1};
    va_end(args);
}

void evidence_add(struct advice *advice, struct recommendation *r, enum evidence_kind kind,
                  const char *source, const char *label, const char *value_format, ...)
{
    va_list args;
    va_start(args, value_format);
    const char *value = arena_vprintf(&advice->arena, value_format, args);
    va_end(args);
    VEC_ADD(&r->evidence,
            ((struct evidence){kind, arena_strdup(&advice->arena, label), value,
                               source ? arena_strdup(&advice->arena, source) : NULL}));
}

void evidence_price(struct advice *advice, struct recommendation *r, const struct price *price,
                    const char *label)
{
    char date[DAY_TEXT];
    struct buf usd = BUF_INIT;
    money_format_exact(&usd, price->usd);
    const char *source =
        arena_printf(&advice->arena, "%s %s, %s, %s", price->key, price->region,
                     price->date ? day_format(date, price->date) : "undated",
                     price->contract ? price->contract : price->source);
    evidence_add(advice, r, EVIDENCE_PRICE, source, label, "%s %s", buf_text(&usd),
                 price->unit);
    buf_release(&usd);
}

static const struct node *with_text(struct advice *advice, const struct node *map,
                                    const char *key, const char *text)
{
    struct node *changed =
        map ? node_copy(&advice->arena, map) : node_new(&advice->arena, NODE_MAP);
    node_add(&advice->arena, changed, key, node_string(&advice->arena, text));
    return changed;
}

void change_add(struct advice *advice, struct recommendation *r, const char *attribute,
                const char *from, const char *to)
{
    r->current = with_text(advice, r->current, attribute, from);
    r->proposed = with_text(advice, r->proposed, attribute, to);
}

void artefact_add(struct advice *advice, struct recommendation *r, const char *format,
                  const char *name, const char *text)
{
    VEC_ADD(&r->artefacts, ((struct artefact){arena_strdup(&advice->arena, format),
                                              arena_strdup(&advice->arena, name),
                                              arena_strdup(&advice->arena, text)}));
}

static bool is_plain(const char *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789_-./:@+=,";
    return text[0] && text[0] != '-' && text[strspn(text, plain)] == '\0';
}

const char *shell_word(struct arena *arena, const char *text)
{
    if (is_plain(text))
        return text;
    struct buf word = BUF_INIT;
    buf_add_char(&word, '\'');
    for (const char *c = text; *c; c++)
        if (*c == '\'')
            buf_add(&word, "'\\''");
        else
            buf_add_char(&word, *c);
    buf_add_char(&word, '\'');
    const char *kept = arena_strdup(arena, buf_text(&word));
    buf_release(&word);
    return kept;
}

const char *command_id(const struct resource *r)
{
    const char *slash = r->id ? strrchr(r->id, '/') : NULL;
    return slash ? slash + 1 : r->id;
}

const char *region_option(struct arena *arena, const char *region)
{
    return region ? arena_printf(arena, " --region %s", shell_word(arena, region)) : "";
}

const char *comment_word(struct arena *arena, const char *text)
{
    char *word = arena_strdup(arena, text);
    for (char *c = word; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' ';
    return word;
}

void alternative_add(struct advice *advice, struct recommendation *r,
                     struct money_range saving, const char *title, const char *why_not)
{
    VEC_ADD(&r->alternatives,
            ((struct alternative){arena_strdup(&advice->arena, title), saving,
                                  arena_strdup(&advice->arena, why_not)}));
}
