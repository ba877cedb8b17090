#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "comment.h"

/* A copy of the report whose sections and tables may shrink; the rest is borrowed. */
struct shrinking {
    struct report shown;
    struct arena arena;
    size_t sections_left_out, rows_left_out;
};

static void render(struct buf *out, const struct report *report)
{
    struct err err = ERR_INIT;
    struct render_options options = {80, false};
    buf_clear(out);
    renderer_named("markdown")->render(out, report, &options, &err);
}

static void copy_tables(struct shrinking *s, struct section *section)
{
    struct block *blocks = ARENA_ARRAY(&s->arena, struct block, section->blocks.count);
    for (size_t i = 0; i < section->blocks.count; i++) {
        blocks[i] = section->blocks.at[i];
        if (blocks[i].kind != BLOCK_TABLE)
            continue;
        blocks[i].table = ARENA_NEW(&s->arena, struct table);
        *blocks[i].table = *section->blocks.at[i].table;
    }
    section->blocks.at = blocks;
}

static void start(struct shrinking *s, const struct report *report)
{
    *s = (struct shrinking){.shown = *report};
    s->shown.sections.at = ARENA_ARRAY(&s->arena, struct section, report->sections.count + 1);
    for (size_t i = 0; i < report->sections.count; i++) {
        s->shown.sections.at[i] = report->sections.at[i];
        copy_tables(s, &s->shown.sections.at[i]);
    }
}

static void drop(struct shrinking *s, size_t at)
{
    struct section *sections = s->shown.sections.at;
    s->shown.sections.count--;
    memmove(&sections[at], &sections[at + 1],
            (s->shown.sections.count - at) * sizeof *sections);
    s->sections_left_out++;
}

/* The rows from the middle on, but never between a resource and its components. */
static bool halve(struct shrinking *s, struct table *table)
{
    enum { SHORTEST = 8 };
    size_t kept = table->rows.count / 2;
    while (kept && table->rows.at[kept].indent)
        kept--;
    if (table->rows.count < SHORTEST || !kept)
        return false;
    s->rows_left_out += table->rows.count - kept;
    table->rows.count = kept;
    return true;
}

static bool halve_section(struct shrinking *s, struct section *section)
{
    bool any = false;
    for (size_t i = 0; i < section->blocks.count; i++)
        if (section->blocks.at[i].kind == BLOCK_TABLE)
            any |= halve(s, section->blocks.at[i].table);
    return any;
}

/* What matters most is shortened before it goes; all else goes at once, the last first. */
static bool shrink(struct shrinking *s)
{
    size_t worst = s->shown.sections.count;
    int priority = 0;
    for (size_t i = 0; i < s->shown.sections.count; i++)
        if (s->shown.sections.at[i].priority >= priority && s->shown.sections.at[i].priority > 0) {
            worst = i;
            priority = s->shown.sections.at[i].priority;
        }
    if (worst == s->shown.sections.count)
        return false;
    if (priority > 1 || !halve_section(s, &s->shown.sections.at[worst]))
        drop(s, worst);
    return true;
}

/* At a line's end, when even what must stay is too long. */
static void cut(struct buf *text, size_t limit)
{
    while (limit && text->text[limit] != '\n')
        limit--;
    text->length = limit;
    text->text[limit] = '\0';
    buf_add(text, "\n\n*Cut here: no more fits.*\n");
}

void comment_fit(struct buf *out, const struct report *report, size_t limit)
{
    enum { REMARK = 160 };
    struct shrinking s;
    start(&s, report);
    render(out, &s.shown);
    while (out->length + REMARK > limit && shrink(&s))
        render(out, &s.shown);
    if (out->length + REMARK > limit)
        cut(out, limit - REMARK);
    if (s.sections_left_out || s.rows_left_out)
        buf_printf(out,
                   "\n*Left out, since no more fits: %zu sections and %zu rows. The pipeline's "
                   "log has the whole report.*\n",
                   s.sections_left_out, s.rows_left_out);
    arena_release(&s.arena);
}

const char *comment_text(struct arena *arena, const struct report *report,
                         const struct comment_target *target)
{
    enum { MARKER = 160 };
    const struct forge *forge = target->forge;
    struct buf text = BUF_INIT;
    comment_fit(&text, report, forge->limit - MARKER);
    uint64_t hash = map_hash(text.text, text.length);
    const char *whole = arena_printf(arena, "%sadvisor id=%s run=%lld hash=%016llx%s\n\n%s",
                                     forge->marker[0], target->id, target->run,
                                     (unsigned long long)hash, forge->marker[1],
                                     buf_text(&text));
    buf_release(&text);
    return whole;
}

bool comment_marker_read(struct comment_marker *out, const struct forge *forge,
                         const char *text)
{
    size_t before = strlen(forge->marker[0]);
    int end = 0;
    *out = (struct comment_marker){.run = 0};
    if (strncmp(text, forge->marker[0], before) != 0 ||
        sscanf(text + before, "advisor id=%63[a-z0-9_-] run=%lld hash=%16[0-9a-f]%n", out->id,
               &out->run, out->hash, &end) != 3)
        return false;
    return end && !strncmp(text + before + end, forge->marker[1], strlen(forge->marker[1]));
}
