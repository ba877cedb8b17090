#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "history_report.h"
#include "past.h"

struct history_command {
    struct history_options file;
    const char *reason, *by, *until, *on;
    bool alike;
};

static const struct option_row rows[] = {
    {"history", 0, OPT_TEXT, offsetof(struct history_command, file.file), "FILE",
     "the history (default: history of the configuration, else advisor.db)"},
    {"reason", 'r', OPT_TEXT, offsetof(struct history_command, reason), "TEXT",
     "why it was decided so"},
    {"by", 0, OPT_TEXT, offsetof(struct history_command, by), "NAME",
     "who decided (default: your login name)"},
    {"until", 0, OPT_TEXT, offsetof(struct history_command, until), "DAY",
     "last day of a rejection or a snooze"},
    {"on", 0, OPT_TEXT, offsetof(struct history_command, on), "DAY",
     "the day of the decision (default today)"},
    {"alike", 0, OPT_FLAG, offsetof(struct history_command, alike), NULL,
     "also all recommendations of that review that are alike"},
    {0},
};

static void lists_release(struct history_lists *lists)
{
    VEC_FREE(&lists->reviews.all);
    VEC_FREE(&lists->advices.all);
    VEC_FREE(&lists->decisions.all);
    VEC_FREE(&lists->checks.all);
}

static bool show(struct session *session, const char *path, bool whole, struct err *err)
{
    struct history *history = NULL;
    struct history_lists lists = {0};
    bool ok = history_open(&history, path, false, err) &&
              history_reviews(&lists.reviews, history, err) &&
              history_advices(&lists.advices, history, err) &&
              history_decisions(&lists.decisions, history, !whole, err) &&
              history_checks(&lists.checks, history, err);
    if (ok) {
        struct report *report = report_new("History");
        report_fact(report, "File", "%s", path);
        report_history(report, &lists, whole);
        ok = session_emit(session, report, err);
        report_free(report);
    }
    lists_release(&lists);
    history_close(history);
    return ok;
}

static bool list(struct session *session, const struct history_command *o, const char *path,
                 struct err *err)
{
    (void)o;
    return show(session, path, false, err);
}

static bool export(struct session *session, const struct history_command *o, const char *path,
                   struct err *err)
{
    (void)o;
    if (!session->common.format)
        session->common.format = "json";
    return show(session, path, true, err);
}

static bool backup(struct session *session, const struct history_command *o, const char *path,
                   struct err *err)
{
    struct history *history = NULL;
    (void)o;
    if (session->words.texts.count != 2)
        return err_usage(err, "advisor history backup takes the new file's name");
    const char *to = session->words.texts.at[1];
    bool ok = history_open(&history, path, false, err) && history_backup(history, to, err);
    history_close(history);
    if (ok)
        session_say(session, "%s is a copy of %s.", to, path);
    return ok;
}

static bool read_day(day *out, const char *option, const char *text, struct err *err)
{
    return day_parse(out, text, strlen(text)) ||
           err_usage(err, "--%s takes a day such as 2027-01-31, not '%s'", option, text);
}

/* Who may not stay unsaid: a decision that nobody took is none. */
static bool read_decision(struct decision *d, const struct history_command *o, struct err *err)
{
    enum { DAY_SECONDS = 86400 };
    const char *login = getenv("USER");
    d->on = (day)(time(NULL) / DAY_SECONDS);
    d->by = o->by ? o->by : login ? login : "";
    d->reason = o->reason ? o->reason : "";
    if (!*d->by)
        return err_usage(err, "say who decided: --by NAME");
    if (d->state != DECISION_ACCEPTED && !*d->reason)
        return err_usage(err, "say why: --reason TEXT");
    if (d->state == DECISION_SNOOZED && !o->until)
        return err_usage(err, "say until when: --until DAY");
    return (!o->on || read_day(&d->on, "on", o->on, err)) &&
           (!o->until || read_day(&d->until, "until", o->until, err));
}

static bool decide(struct session *session, const struct history_command *o, const char *path,
                   enum decision_state state, struct err *err)
{
    struct history *history = NULL;
    struct decision d = {.state = state};
    if (session->words.texts.count < 2)
        return err_usage(err, "which recommendation? Give its id, as the review prints it");
    bool ok = read_decision(&d, o, err) && history_open(&history, path, false, err);
    history_close(history); /* the file must be there, before it is opened to write */
    history = NULL;
    ok = ok && history_open(&history, path, true, err);
    for (size_t i = 1; ok && i < session->words.texts.count; i++) {
        size_t count;
        d.id = session->words.texts.at[i];
        ok = history_decide(&count, history, &d, o->alike, err);
        if (ok)
            session_say(session, "%s: %zu recommendation%s %s.", d.id, count,
                        count == 1 ? "" : "s", decision_state_name(state));
    }
    history_close(history);
    return ok;
}

static bool accept(struct session *session, const struct history_command *o, const char *path,
                   struct err *err)
{
    return decide(session, o, path, DECISION_ACCEPTED, err);
}

static bool reject(struct session *session, const struct history_command *o, const char *path,
                   struct err *err)
{
    return decide(session, o, path, DECISION_REJECTED, err);
}

static bool snooze(struct session *session, const struct history_command *o, const char *path,
                   struct err *err)
{
    return decide(session, o, path, DECISION_SNOOZED, err);
}

static const struct {
    const char *name;
    bool (*run)(struct session *session, const struct history_command *o, const char *path,
                struct err *err);
} parts[] = {{"list", list},     {"accept", accept}, {"reject", reject},
             {"snooze", snooze}, {"export", export}, {"backup", backup}};

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct history_command *o = options;
    const char *word = session->words.texts.count ? session->words.texts.at[0] : "list";
    struct config config;
    bool ok = config_open(&config, session, err), known = false;
    for (size_t i = 0; ok && !known && i < sizeof parts / sizeof *parts; i++) {
        known = !strcmp(word, parts[i].name);
        ok = !known || parts[i].run(session, o, history_file(&config, &o->file), err);
    }
    if (ok && !known)
        ok = err_usage(err,
                       "advisor history takes list, accept, reject, snooze, export or "
                       "backup, not '%s'",
                       word);
    config_release(&config);
    return ok;
}

extern const struct command cmd_history;
const struct command cmd_history = {
    .name = "history",
    .words = "[list | accept ID... | reject ID... | snooze ID... | export | backup FILE]",
    .summary = "what was advised and decided, and what it really saved",
    .options = rows,
    .options_size = sizeof(struct history_command),
    .run = run,
};
