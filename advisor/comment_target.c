#include <stdlib.h>
#include <string.h>

#include "comment.h"

static const char *from_environment(const char *const *variables, size_t count)
{
    for (size_t i = 0; i < count && variables[i]; i++) {
        const char *value = getenv(variables[i]);
        if (value && *value)
            return value;
    }
    return NULL;
}

#define FROM(variables) from_environment((variables), sizeof(variables) / sizeof *(variables))

/* GitHub's ref of a pull request is "refs/pull/12/merge". */
static const char *change_number(struct arena *arena, const char *text)
{
    static const char head[] = "refs/pull/";
    if (!text)
        return NULL;
    if (!strncmp(text, head, sizeof head - 1))
        text += sizeof head - 1;
    size_t digits = strspn(text, "0123456789");
    return digits ? arena_strndup(arena, text, digits) : NULL;
}

/* Azure's repositories need two variables in one path. */
static const char *repository(struct arena *arena, const struct forge *forge)
{
    static const char *const names[] = {"0", "1"};
    const char *explicit_one = getenv("ADVISOR_REPOSITORY");
    if (explicit_one && *explicit_one)
        return explicit_one;
    if (!forge->repo_form)
        return FROM(forge->repo_variables);
    const char *values[] = {getenv(forge->repo_variables[0]), getenv(forge->repo_variables[1])};
    return values[0] && values[1] ? forge_fill(arena, forge->repo_form, names, values, 2) : NULL;
}

static bool read_behaviour(enum comment_behaviour *out, const char *name, struct err *err)
{
    static const char *const names[] = {"update", "new", "hide-and-new", "delete-and-new"};
    for (size_t i = 0; i < 4; i++)
        if (!name || !strcmp(names[i], name)) {
            *out = (enum comment_behaviour)i;
            return true;
        }
    return err_usage(err, "--comment-behaviour is update, new, hide-and-new or delete-and-new, "
                          "not '%s'",
                     name);
}

static const char *without_slash(struct arena *arena, const char *url)
{
    size_t n = url ? strlen(url) : 0;
    return n && url[n - 1] == '/' ? arena_strndup(arena, url, n - 1) : url;
}

bool comment_target_read(struct comment_target *out, struct arena *arena, const char *forge,
                         const char *behaviour, const char *id, struct err *err)
{
    *out = (struct comment_target){.forge = forge_named(forge), .id = id ? id : "default"};
    if (!out->forge)
        return err_usage(err, "--comment knows github, gitlab, bitbucket and azure, not '%s'",
                         forge);
    if (strspn(out->id, "abcdefghijklmnopqrstuvwxyz0123456789-_") != strlen(out->id))
        return err_usage(err, "--comment-id takes a-z, 0-9, - and _");
    if (!read_behaviour(&out->behaviour, behaviour, err))
        return false;
    const char *api = getenv(out->forge->api_variable);
    out->api = without_slash(arena, api && *api ? api : out->forge->api);
    out->repo = repository(arena, out->forge);
    out->change = change_number(arena, FROM(out->forge->change_variables));
    out->token = FROM(out->forge->token_variables);
    const char *run = FROM(out->forge->run_variables);
    out->run = run ? atoll(run) : 0;
    const char *missing = !out->token    ? out->forge->token_variables[1]
                          : !out->api    ? out->forge->api_variable
                          : !out->repo   ? out->forge->repo_variables[0]
                          : !out->change ? "ADVISOR_CHANGE"
                                         : NULL;
    return !missing || err_set(err, "the comment needs the environment variable %s", missing);
}
