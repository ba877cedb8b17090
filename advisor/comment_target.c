#include <stdlib.h>
#include <string.h>

#include "comment.h"

static const char *variable(const char *name)
{
    const char *value = name ? getenv(name) : NULL;
    return value && *value ? value : NULL;
}

static const char *from_environment(const char *const *variables, size_t count)
{
    const char *value = NULL;
    for (size_t i = 0; i < count && !value; i++)
        value = variable(variables[i]);
    return value;
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

/* GitLab takes "group/project" as one part of a path, so its slashes are written as %2F. */
static const char *as_one_part(struct arena *arena, const char *repo)
{
    struct buf out = BUF_INIT;
    for (; *repo; repo++)
        if (*repo == '/')
            buf_add(&out, "%2F");
        else
            buf_add_char(&out, *repo);
    const char *text = arena_strdup(arena, buf_text(&out));
    buf_release(&out);
    return text;
}

/* Azure's repositories need two variables in one path. */
static const char *repository(struct arena *arena, const struct forge *forge)
{
    static const char *const names[] = {"0", "1"};
    const char *stated = variable("ADVISOR_REPOSITORY");
    if (stated)
        return forge->repo_is_one_part ? as_one_part(arena, stated) : stated;
    if (!forge->repo_form)
        return FROM(forge->repo_variables);
    const char *values[] = {variable(forge->repo_variables[0]),
                            variable(forge->repo_variables[1])};
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

bool comment_target_check(struct comment_target *out, const struct session *session,
                          const struct comment_options *options, struct err *err)
{
    enum { LONGEST_ID = 40 };
    const char *id = options->id ? options->id : "default";
    *out = (struct comment_target){.id = id};
    if (!options->forge)
        return !(options->behaviour || options->id) ||
               err_usage(err, "--comment-behaviour and --comment-id need --comment FORGE");
    out->forge = forge_named(options->forge);
    if (!out->forge)
        return err_usage(err, "--comment knows github, gitlab, bitbucket and azure, not '%s'",
                         options->forge);
    if (!*id || strlen(id) > LONGEST_ID ||
        id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-_")])
        return err_usage(err, "--comment-id takes up to %d of a-z, 0-9, - and _", LONGEST_ID);
    if (session->common.offline)
        return err_usage(err, "--comment needs the network, which --offline refuses");
    return read_behaviour(&out->behaviour, options->behaviour, err);
}

static const char *without_slash(struct arena *arena, const char *url)
{
    size_t n = url ? strlen(url) : 0;
    while (n && url[n - 1] == '/')
        n--;
    return url ? arena_strndup(arena, url, n) : NULL;
}

/* What goes into an URL or a header as it stands must not change what these mean. */
static bool is_safe(const struct comment_target *t, struct err *err)
{
    static const char in_path[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789-_.~/%{}";
    for (const char *c = t->token; *c; c++)
        if ((unsigned char)*c <= ' ' || (unsigned char)*c >= 0x7f)
            return err_set(err, "the token holds a space, a line break or worse");
    if (t->repo[strspn(t->repo, in_path)] || strstr(t->repo, ".."))
        return err_set(err, "'%s' is no repository", t->repo);
    if (strpbrk(t->api, "@?# "))
        return err_set(err, "%s must be a plain URL, without a user, query or fragment",
                       t->forge->api_variable);
    return true;
}

bool comment_target_complete(struct comment_target *target, struct arena *arena,
                             struct err *err)
{
    const struct forge *forge = target->forge;
    const char *api = variable(forge->api_variable), *run = FROM(forge->run_variables);
    target->api = without_slash(arena, api ? api : forge->api);
    const char *hide_api = variable(forge->hide_api_variable);
    target->hide_api = hide_api && !strpbrk(hide_api, "@?# ") ? hide_api : forge->hide_api;
    target->repo = repository(arena, forge);
    target->change = change_number(arena, FROM(forge->change_variables));
    target->token = FROM(forge->token_variables);
    target->author = variable("ADVISOR_AUTHOR");
    target->run = run ? atoll(run) : 0;
    const char *missing = !target->token    ? forge->token_variables[1]
                          : !target->api    ? forge->api_variable
                          : !target->repo   ? forge->repo_variables[0]
                          : !target->change ? "ADVISOR_CHANGE"
                                            : NULL;
    if (missing)
        return err_set(err, "it needs the environment variable %s", missing);
    return is_safe(target, err);
}
