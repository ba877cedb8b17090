#include <stdarg.h>
#include <stdio.h>

#include "checks.h"

struct finding *finding_add(struct findings *out, const struct policy *policy,
                            const struct estate *of, uint32_t resource, const char *fix,
                            const char *reason_format, ...)
{
    char reason[1024];
    va_list args;
    va_start(args, reason_format);
    vsnprintf(reason, sizeof reason, reason_format, args);
    va_end(args);
    struct finding *f = VEC_PUSH(&out->all);
    f->policy = arena_strdup(&out->arena, policy->id);
    f->severity = policy->severity;
    f->resource = resource;
    f->reason = arena_strdup(&out->arena, reason);
    f->fix = arena_strdup(&out->arena, fix);
    if (resource != NOTHING) {
        const struct resource *r = &of->resources.at[resource];
        f->subject = arena_strdup(&out->arena, r->address ? r->address : resource_label(r));
        f->source = r->source ? arena_strdup(&out->arena, r->source) : NULL;
        f->line = r->line;
    }
    return f;
}

void finding_note_text(struct findings *out, const char *policy, const char *subject,
                       const char *why)
{
    const char *text = arena_printf(&out->arena, "%s, %s: %s", policy, subject, why);
    struct note *n = VEC_PUSH(&out->notes);
    *n = (struct note){.kind = NOTE_UNKNOWN, .text = text, .count = 1};
}

void finding_note(struct findings *out, const struct policy *policy, const struct resource *r,
                  const char *format, ...)
{
    char why[512];
    va_list args;
    va_start(args, format);
    vsnprintf(why, sizeof why, format, args);
    va_end(args);
    finding_note_text(out, policy->id, r->address ? r->address : resource_label(r), why);
}
