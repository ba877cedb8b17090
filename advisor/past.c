#include "past.h"

#include "io/files.h"

const char *history_file(const struct config *config, const struct history_options *options)
{
    return options->file ? options->file : config->history ? config->history : "advisor.db";
}

bool history_wanted(const struct config *config, const struct history_options *options)
{
    return !options->no_record && (options->record || options->file || config->history);
}

bool past_open(struct past *out, const struct config *config,
               const struct history_options *options, struct err *err)
{
    const char *path = history_file(config, options);
    bool named = options->record || options->file || config->history;
    *out = (struct past){.history = NULL};
    if (!named || !files_exists(path))
        return true;
    return history_open(&out->history, path, false, err) &&
           history_decisions(&out->decisions, out->history, true, err);
}

static const char *why_aside(struct arena *arena, const struct decision *d)
{
    char on[DAY_TEXT], until[DAY_TEXT];
    return arena_printf(arena, "%s on %s by %s%s%s%s%s", decision_state_name(d->state),
                        day_format(on, d->on), d->by, d->until ? ", until " : "",
                        d->until ? day_format(until, d->until) : "", *d->reason ? ": " : "",
                        d->reason);
}

void past_set_aside(struct past *past, struct recommend_options *options)
{
    struct arena *arena = &past->texts;
    day on = options->reporting_day;
    past->aside = ARENA_ARRAY(arena, struct set_aside, past->decisions.all.count);
    options->set_aside = past->aside;
    for (size_t i = 0; i < past->decisions.all.count; i++) {
        const struct decision *d = &past->decisions.all.at[i];
        if (decision_sets_aside(d, on))
            past->aside[options->set_aside_count++] =
                (struct set_aside){d->id, why_aside(arena, d)};
    }
}

bool past_measure(struct past *past, day on, const struct estate *estate,
                  const struct spend *spend, const struct advice *advice, struct err *err)
{
    return !past->history ||
           history_realised(&past->realised, past->history, on, estate, spend, advice, err);
}

void past_release(struct past *past)
{
    VEC_FREE(&past->decisions.all);
    VEC_FREE(&past->realised.all);
    arena_release(&past->texts);
    history_close(past->history);
}
