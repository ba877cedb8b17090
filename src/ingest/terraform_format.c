#include <string.h>

#include "ingest/change.h"
#include "terraform.h"

/* The same in UTF-16, as a Windows shell redirects it. */
static bool holds_wide(const struct probe *probe, const char *text)
{
    char utf16[128];
    size_t n = strlen(text);
    for (size_t i = 0; i < n; i++) {
        utf16[2 * i] = text[i];
        utf16[2 * i + 1] = '\0';
    }
    return memmem(probe->bytes, probe->length, utf16, 2 * n - 1) != NULL;
}

static int matches_plan(const struct probe *probe)
{
    static const char *const marks[] = {"\"planned_values\"", "\"resource_changes\""};
    bool versioned =
        probe_holds(probe, "\"format_version\"") || holds_wide(probe, "\"format_version\"");
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (probe_holds(probe, marks[i]) || holds_wide(probe, marks[i]))
            return versioned ? 2 : 1;
    return 0;
}

static int matches_state(const struct probe *probe)
{
    bool shown =
        probe_holds(probe, "\"format_version\"") && probe_holds(probe, "\"terraform_version\"");
    bool kept = probe_holds(probe, "\"lineage\"") && probe_holds(probe, "\"serial\"") &&
                probe_holds(probe, "\"terraform_version\"");
    bool old = probe_holds(probe, "\"modules\"") && probe_holds(probe, "\"path\"") &&
               probe_holds(probe, "\"resources\"") && probe_holds(probe, "\"version\"");
    if (matches_plan(probe))
        return 0;
    return shown || kept ? 2 : old;
}

static bool read_after(struct estate *into, const char *path,
                       const struct ingest_options *options, struct err *err)
{
    (void)options;
    struct change change = {.before = estate_open(), .after = into};
    const struct node *document;
    bool ok = terraform_document(&document, &into->arena, path, err) &&
              terraform_plan_read(&change, document, path, NULL, err);
    estate_free(change.before);
    VEC_FREE(&change.actions);
    return ok;
}

static bool read_state(struct estate *into, const char *path,
                       const struct ingest_options *options, struct err *err)
{
    (void)options;
    const struct node *document;
    return terraform_document(&document, &into->arena, path, err) &&
           terraform_state_read(into, document, path, NULL, err);
}

extern const struct ingest_format ingest_terraform_plan, ingest_terraform_state;

const struct ingest_format ingest_terraform_plan = {
    .name = "terraform plan",
    .summary = "terraform show -json PLAN, also of OpenTofu; the state after the change",
    .matches = matches_plan,
    .read = read_after,
};

const struct ingest_format ingest_terraform_state = {
    .name = "terraform state",
    .summary = "terraform show -json, or a state file",
    .matches = matches_state,
    .read = read_state,
};
