#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "comment.h"

static void render(struct buf *out, const struct report *report)
{
    struct err err = ERR_INIT;
    struct render_options options = {80, false};
    buf_clear(out);
    renderer_named("markdown")->render(out, report, &options, &err);
}

/* The last section of the highest priority that is still in; false when all must stay. */
static bool drop_one(struct report *shown)
{
    size_t worst = shown->sections.count;
    int priority = 0;
    for (size_t i = 0; i < shown->sections.count; i++)
        if (shown->sections.at[i].priority >= priority && shown->sections.at[i].priority > 0) {
            worst = i;
            priority = shown->sections.at[i].priority;
        }
    if (worst == shown->sections.count)
        return false;
    memmove(&shown->sections.at[worst], &shown->sections.at[worst + 1],
            (shown->sections.count - worst - 1) * sizeof *shown->sections.at);
    shown->sections.count--;
    return true;
}

/* Cuts at a line's end and between characters, when even what must stay is too long. */
static void cut(struct buf *text, size_t limit)
{
    while (limit && text->text[limit] != '\n')
        limit--;
    text->length = limit;
    text->text[limit] = '\0';
    buf_add(text, "\n\n*Cut here: the forge takes no longer comment.*\n");
}

static void fit(struct buf *text, const struct report *report, size_t limit)
{
    enum { REMARK = 160 };
    struct report shown = *report;
    shown.sections.at = mem_alloc((report->sections.count + 1) * sizeof *shown.sections.at);
    if (report->sections.count)
        memcpy(shown.sections.at, report->sections.at,
               report->sections.count * sizeof *shown.sections.at);
    render(text, &shown);
    while (text->length + REMARK > limit && drop_one(&shown))
        render(text, &shown);
    size_t dropped = report->sections.count - shown.sections.count;
    if (text->length + REMARK > limit)
        cut(text, limit - REMARK);
    if (dropped)
        buf_printf(text, "\n*%zu sections left out: the forge takes no longer comment.*\n",
                   dropped);
    free(shown.sections.at);
}

const char *comment_text(struct arena *arena, const struct report *report,
                         const struct comment_target *target)
{
    enum { MARKER = 160 };
    struct buf text = BUF_INIT;
    fit(&text, report, target->forge->limit - MARKER);
    uint64_t hash = map_hash(text.text, text.length);
    const char *whole = arena_printf(arena, "<!-- advisor id=%s run=%lld hash=%016llx -->\n%s",
                                     target->id, target->run, (unsigned long long)hash,
                                     buf_text(&text));
    buf_release(&text);
    return whole;
}

bool comment_summary(const char *text, struct err *err)
{
    const char *path = getenv("GITHUB_STEP_SUMMARY");
    if (!path || !*path)
        return true;
    FILE *file = fopen(path, "a");
    if (!file)
        return err_set(err, "the step summary %s cannot be written", path);
    bool ok = fputs(text, file) >= 0 && fputc('\n', file) != EOF;
    ok = fclose(file) == 0 && ok;
    return ok || err_set(err, "the step summary %s cannot be written", path);
}
