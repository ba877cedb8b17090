#include <string.h>

#include "ingest/runs.h"
#include "recommend/sizing_inputs.h"
#include "size_inputs.h"

static void say_notes(struct size_runs *out, struct session *session)
{
    for (size_t i = 0; i < out->estate->notes.count; i++) {
        const struct note *note = &out->estate->notes.at[i];
        bool unread = note->kind == NOTE_UNREAD;
        out->skipped += unread ? (size_t)note->count : 0;
        session_say(session, "%s%s", unread ? "left out: " : "", note->text);
    }
    if (out->skipped)
        session->status = STATUS_INCOMPLETE;
}

bool size_read_runs(struct size_runs *out, struct session *session, const struct book *book,
                    const char *path, struct err *err)
{
    out->estate = estate_open();
    if (!ingest_runs.read(out->estate, path, &(struct ingest_options){0}, err))
        return false;
    for (size_t i = 0; i < out->estate->runs.count; i++)
        VEC_ADD(&out->list, sizing_run_of(book, &out->estate->runs.at[i]));
    say_notes(out, session);
    return true;
}

void size_know_hardware(struct size_runs *runs, const struct size_candidates *candidates)
{
    for (size_t i = 0; i < runs->list.count; i++) {
        struct sizing_run *r = &runs->list.at[i];
        for (size_t k = 0; k < candidates->list.count && r->instance_type; k++)
            if (!strcmp(candidates->list.at[k].instance_type, r->instance_type)) {
                r->hardware = candidates->list.at[k].hardware;
                break;
            }
    }
}

static int by_type(const void *a, const void *b)
{
    const struct size_unknown_type *x = a, *y = b;
    return strcmp(x->type, y->type);
}

static void count_type(struct size_runs *runs, const char *type)
{
    for (size_t i = 0; i < runs->unknown.count; i++)
        if (!strcmp(runs->unknown.at[i].type, type)) {
            runs->unknown.at[i].runs++;
            return;
        }
    VEC_ADD(&runs->unknown, ((struct size_unknown_type){type, 1}));
}

void size_count_unknown(struct size_runs *runs)
{
    for (size_t i = 0; i < runs->list.count; i++) {
        const struct sizing_run *r = &runs->list.at[i];
        bool known = r->hardware.vcpus > 0 && r->hardware.memory_gib > 0;
        if (!known && r->instance_type)
            count_type(runs, r->instance_type);
        runs->untyped += !known && !r->instance_type;
    }
    VEC_SORT(&runs->unknown, by_type);
}

void size_runs_release(struct size_runs *runs)
{
    VEC_FREE(&runs->list);
    VEC_FREE(&runs->unknown);
    VEC_FREE(&runs->said);
    estate_free(runs->estate);
}
