#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "fetch.h"
#include "remote_read.h"
#include "sigv4.h"

enum { LARGEST_PAGE = 16 << 20, SCHEME = sizeof "s3://" - 1 };

/* One listing: S3 answers in pages of a thousand names. */
struct listing {
    struct path_list *out;
    struct arena *arena;
    const char *bucket; /* s3://bucket */
    const char *prefix; /* of the keys */
    bool deep;
    struct buf page;
    char *token; /* of the next page; NULL: there is none */
};

static bool take_page(void *context, const char *bytes, size_t length)
{
    struct buf *page = context;
    buf_add_n(page, bytes, length);
    return page->length < LARGEST_PAGE;
}

static int hex_value(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : (c | 32) - 'a' + 10;
}

/* Names are asked for URL-encoded, so that every key survives the XML round it. */
static char *decoded(struct arena *arena, const char *from, const char *to)
{
    char *out = arena_strndup(arena, from, (size_t)(to - from)), *o = out;
    for (const char *p = from; p < to; p++, o++)
        if (*p == '%' && to - p > 2 && isxdigit((unsigned char)p[1]) &&
            isxdigit((unsigned char)p[2])) {
            *o = (char)(hex_value(p[1]) << 4 | hex_value(p[2]));
            p += 2;
        } else {
            *o = *p == '+' ? ' ' : *p;
        }
    *o = '\0';
    return out;
}

/* The text of the next `<name>` in *xml, which is moved behind it; NULL: no more. */
static char *next_text(struct arena *arena, const char **xml, const char *open)
{
    const char *from = strstr(*xml, open), *to = from ? strchr(from + 1, '<') : NULL;
    if (!to)
        return NULL;
    *xml = to;
    return decoded(arena, from + strlen(open), to);
}

/* Hidden names and the empty objects that stand for folders are left out. */
static void add_name(struct listing *l, const char *key)
{
    const char *name = key + strlen(l->prefix);
    bool is_marker = !*name || (key[strlen(key) - 1] == '/' && l->deep);
    if (strncmp(key, l->prefix, strlen(l->prefix)) != 0 || is_marker || *name == '.' ||
        strstr(name, "/."))
        return;
    VEC_ADD(&l->out->paths, arena_printf(l->arena, "%s/%s", l->bucket, key));
}

static void take_names(struct listing *l, const char *xml, const char *around,
                       const char *open)
{
    for (char *key; (xml = strstr(xml, around)) && (key = next_text(l->arena, &xml, open));)
        add_name(l, key);
}

static void next_query(struct buf *out, const struct listing *l)
{
    buf_clear(out);
    if (l->token) {
        buf_add(out, "continuation-token=");
        sigv4_encode(out, l->token, false);
        buf_add(out, "&");
    }
    buf_printf(out,
               "%sencoding-type=url&list-type=2&prefix=", l->deep ? "" : "delimiter=%2F&");
    sigv4_encode(out, l->prefix, false);
}

static bool list_pages(struct listing *l, struct err *err)
{
    struct buf query = BUF_INIT;
    bool ok = true;
    do {
        next_query(&query, l);
        buf_clear(&l->page);
        struct fetch f = {
            .name = l->bucket, .query = query.text, .take = take_page, .context = &l->page};
        ok = fetch_run(&f, NULL, err);
        const char *xml = buf_text(&l->page), *from = xml;
        take_names(l, xml, "<Contents>", "<Key>");
        take_names(l, xml, "<CommonPrefixes>", "<Prefix>");
        l->token = next_text(l->arena, &from, "<NextContinuationToken>");
    } while (ok && l->token);
    buf_release(&query);
    buf_release(&l->page);
    return ok;
}

static bool list_prefix(struct path_list *out, struct arena *arena, const char *name,
                        size_t length, bool deep, struct err *err)
{
    size_t bucket = SCHEME + strcspn(name + SCHEME, "/");
    struct listing l = {.out = out,
                        .arena = arena,
                        .deep = deep,
                        .bucket = arena_strndup(arena, name, bucket),
                        .prefix = length > bucket ? arena_strndup(arena, name + bucket + 1,
                                                                  length - bucket - 1)
                                                  : ""};
    return list_pages(&l, err);
}

bool remote_list(struct path_list *out, struct arena *arena, const char *folder, bool deep,
                 struct err *err)
{
    if (!remote_is_folder(folder)) /* the folder of a file, cut at its last slash */
        folder = arena_printf(arena, "%s/", folder);
    return list_prefix(out, arena, folder, strlen(folder), deep, err);
}

/* What stands before the first wildcard is listed; the pattern chooses from it. */
static bool expand_pattern(struct path_list *out, struct arena *arena, const char *name,
                           struct err *err)
{
    struct path_list all = {0};
    bool ok = list_prefix(&all, arena, name, strcspn(name, "*?["), true, err);
    for (size_t i = 0; i < all.paths.count; i++)
        if (!fnmatch(name, all.paths.at[i], FNM_PATHNAME))
            VEC_ADD(&out->paths, all.paths.at[i]);
    VEC_FREE(&all.paths);
    return ok;
}

bool remote_expand(struct path_list *out, struct arena *arena, const char *name,
                   struct err *err)
{
    size_t from = out->paths.count;
    bool is_s3 = !strncmp(name, "s3://", SCHEME), ok = true;
    if (is_s3 && strpbrk(name, "*?["))
        ok = expand_pattern(out, arena, name, err);
    else if (remote_is_folder(name))
        ok = remote_list(out, arena, name, true, err);
    else
        VEC_ADD(&out->paths, arena_strdup(arena, name));
    if (ok && out->paths.count == from)
        ok = err_set(err, "%s: there is no file under this name", name);
    return ok;
}
