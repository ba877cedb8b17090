#include "aws_session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/http.h"

enum { LARGEST_FILE = 256 * 1024 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The length of the text from *from to `to` without blanks round it; *from moves to it. */
static size_t trim(const char **from, const char *to)
{
    while (*from < to && is_blank(**from))
        ++*from;
    while (to > *from && is_blank(to[-1]))
        to--;
    return (size_t)(to - *from);
}

static bool is_word(const char *from, const char *to, const char *word)
{
    size_t length = trim(&from, to);
    return length == strlen(word) && !memcmp(from, word, length);
}

static const char *trimmed(struct arena *arena, const char *from, const char *to)
{
    size_t length = trim(&from, to);
    return arena_strndup(arena, from, length);
}

const char *ini_value(struct arena *arena, const char *text, const char *section,
                      const char *key)
{
    bool inside = false;
    for (const char *line = text; *line;) {
        const char *end = strchrnul(line, '\n');
        const char *equals = memchr(line, '=', (size_t)(end - line));
        const char *close = memchr(line, ']', (size_t)(end - line));
        if (*line == '[')
            inside = close && is_word(line + 1, close, section);
        else if (inside && equals && is_word(line, equals, key))
            return trimmed(arena, equals + 1, end);
        line = end + (*end == '\n');
    }
    return NULL;
}

/* Environment variables that are set to nothing count as not set. */
static const char *setting(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

/* A file of the AWS command line: where a variable says, else in ~/.aws; NULL: none. */
static char *read_shared(struct arena *arena, const char *variable, const char *name)
{
    const char *path = setting(variable), *home = setting("HOME");
    if (!path && home)
        path = arena_printf(arena, "%s/.aws/%s", home, name);
    FILE *file = path ? fopen(path, "re") : NULL;
    if (!file)
        return NULL;
    char *text = mem_alloc(LARGEST_FILE + 1);
    text[fread(text, 1, LARGEST_FILE, file)] = '\0';
    fclose(file);
    return text;
}

static void wipe(char *text)
{
    if (text)
        explicit_bzero(text, strlen(text));
    free(text);
}

static void take_environment(struct aws_session *s)
{
    const char *id = setting("AWS_ACCESS_KEY_ID"), *secret = setting("AWS_SECRET_ACCESS_KEY");
    const char *token = setting("AWS_SESSION_TOKEN"), *region = setting("AWS_REGION");
    const char *endpoint = setting("AWS_ENDPOINT_URL_S3");
    if (id && secret)
        s->keys =
            (struct aws_keys){arena_strdup(&s->arena, id), arena_strdup(&s->arena, secret),
                              token ? arena_strdup(&s->arena, token) : NULL};
    region = region ? region : setting("AWS_DEFAULT_REGION");
    endpoint = endpoint ? endpoint : setting("AWS_ENDPOINT_URL");
    s->region = region ? arena_strdup(&s->arena, region) : NULL;
    if (!endpoint)
        return;
    size_t length = strlen(endpoint);
    s->endpoint = arena_strndup(&s->arena, endpoint, length - (endpoint[length - 1] == '/'));
}

static void take_profile(struct aws_session *s, const char *profile)
{
    char *text = read_shared(&s->arena, "AWS_SHARED_CREDENTIALS_FILE", "credentials");
    if (text && !s->keys.id) {
        s->keys.id = ini_value(&s->arena, text, profile, "aws_access_key_id");
        s->keys.secret = ini_value(&s->arena, text, profile, "aws_secret_access_key");
        s->keys.session_token = ini_value(&s->arena, text, profile, "aws_session_token");
    }
    wipe(text);
    text = read_shared(&s->arena, "AWS_CONFIG_FILE", "config");
    bool usual = !strcmp(profile, "default");
    if (text && !s->region)
        s->region = ini_value(&s->arena, text,
                              usual ? profile : arena_printf(&s->arena, "profile %s", profile),
                              "region");
    wipe(text);
}

static bool is_usable(const struct aws_session *s, struct err *err)
{
    if (!s->keys.id || !s->keys.secret)
        return err_set(err, "there are no AWS keys: set AWS_ACCESS_KEY_ID and "
                            "AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of "
                            "~/.aws/credentials with keys in it (of single sign-on and roles "
                            "`aws configure export-credentials --format env` prints them)");
    return !s->endpoint || http_is_private(s->endpoint) ||
           err_set(err, "AWS_ENDPOINT_URL: only https is used, so that nobody else reads the "
                        "signature");
}

bool aws_session_open(struct aws_session *out, struct err *err)
{
    const char *profile = setting("AWS_PROFILE");
    *out = (struct aws_session){0};
    take_environment(out);
    take_profile(out, profile ? profile : "default");
    if (!out->region)
        out->region = "us-east-1";
    if (is_usable(out, err))
        return true;
    aws_session_release(out);
    return false;
}

static void wipe_text(const char *text)
{
    if (text)
        explicit_bzero((char *)text, strlen(text)); /* in the session's own arena */
}

void aws_session_release(struct aws_session *s)
{
    wipe_text(s->keys.secret);
    wipe_text(s->keys.session_token);
    arena_release(&s->arena);
}
