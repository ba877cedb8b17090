#include <stdio.h>
#include <stdlib.h>

#include "comment.h"

static bool write_summary(const struct report *report, struct err *err)
{
    enum { LIMIT = 1000000 }; /* GitHub takes 1 MiB a step */
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    if (!path || !*path)
        return true;
    FILE *file = fopen(path, "a");
    if (!file)
        return err_set(err, "the step summary %s cannot be written", path);
    struct buf text = BUF_INIT;
    comment_fit(&text, report, LIMIT);
    bool ok = fputs(buf_text(&text), file) >= 0;
    ok = fclose(file) == 0 && ok;
    buf_release(&text);
    return ok || err_set(err, "the step summary %s cannot be written", path);
}

static void say_not_posted(struct session *session, const struct err *err)
{
    session_complain("advisor: the comment is not posted: %s", err->text);
    session->status = STATUS_NOT_POSTED;
}

void comment_deliver(struct session *session, struct comment_target *target,
                     const struct report *report)
{
    static const char *const outcomes[] = {
        "posted", "updated", "is up to date", "left alone: a later run has written it"};
    enum comment_outcome outcome;
    struct err err = ERR_INIT;
    if (!write_summary(report, &err))
        say_not_posted(session, &err);
    if (!target->forge)
        return;
    if (comment_target_complete(target, &session->arena, &err) &&
        comment_post(&outcome, &session->arena, target,
                     comment_text(&session->arena, report, target), &err))
        session_say(session, "comment on %s %s: %s", target->forge->name, target->change,
                    outcomes[outcome]);
    else
        say_not_posted(session, &err);
}
