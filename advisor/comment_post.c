#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/json_text.h"
#include "comment.h"
#include "io/doc.h"
#include "io/http.h"

enum { PAGES_MAX = 100, LONGEST_WAIT_SECONDS = 60, HIDE_AT_MOST = 5 };

/* One of our earlier comments. */
struct earlier {
    const char *id, *thread;
    const char *hide; /* as a JSON string */
    struct comment_marker marker;
};

struct poster {
    struct arena *arena;
    const struct comment_target *target;
    const char *me;
    VEC(struct earlier) earlier; /* oldest first */
    struct err *err;
};

static const char *fill(const struct poster *p, const char *form, const struct earlier *at,
                        const char *body)
{
    static const char *const names[] = {"api", "repo", "change", "id",
                                        "thread", "body", "token", "hide"};
    const struct comment_target *t = p->target;
    const char *values[] = {t->api, t->repo, t->change, at ? at->id : "", at ? at->thread : "",
                            body, t->token, at ? at->hide : ""};
    return forge_fill(p->arena, form, names, values, sizeof names / sizeof *names);
}

static const char *quoted(const struct poster *p, const char *text)
{
    struct buf out = BUF_INIT;
    json_write_string(&out, text, strlen(text));
    const char *copy = arena_strdup(p->arena, buf_text(&out));
    buf_release(&out);
    return copy;
}

/* The forge's own word, fit for a terminal; none where it repeats the token. */
static const char *word_of(const struct poster *p, const struct http_answer *answer)
{
    static const char *const places[] = {"errors.0.message", "error.message", "message",
                                         "message.0", "message.note.0", "error"};
    enum { LONGEST = 200 };
    const struct node *document = NULL;
    const char *found = NULL;
    doc_parse_json(&document, p->arena, "answer", buf_text(&answer->body), answer->body.length,
                   NULL);
    for (size_t i = 0; !found && i < sizeof places / sizeof *places; i++)
        found = node_text(node_at(document, places[i]), NULL);
    if (!found || strstr(found, p->target->token))
        return "";
    char *word = arena_printf(p->arena, ": %.*s", LONGEST, found);
    for (char *c = word; *c; c++)
        if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
            *c = ' ';
    return word;
}

static bool refused(const struct poster *p, const struct http_answer *answer, const char *what)
{
    if (answer->status >= 300 && answer->status < 400)
        return err_set(p->err, "%s: the forge redirects (%ld), which is not followed with a token",
                       what, answer->status);
    return err_set(p->err, "%s: the forge answers %ld%s", what, answer->status,
                   word_of(p, answer));
}

static void wait_seconds(double seconds)
{
    struct timespec left = {.tv_sec = (time_t)seconds};
    left.tv_nsec = (long)((seconds - (double)left.tv_sec) * 1e9);
    while (nanosleep(&left, &left) != 0)
        continue;
}

static bool is_limited(const struct http_answer *a)
{
    return a->status == 429 || a->status == 503 ||
           (a->status == 403 && (a->limit_reached || a->retry_after > 0));
}

/* Waits once when the forge asks for a wait that a pipeline can afford. */
static bool forge_send(struct poster *p, struct http_answer *answer, const char *method,
                       const char *url, const char *body, const char *what)
{
    struct http_request request = {
        .method = method,
        .url = url,
        .authorization = fill(p, p->target->forge->authorization, NULL, ""),
        .body = body,
    };
    for (int attempt = 0;; attempt++) {
        if (!http_send(answer, &request, p->err)) {
            http_answer_release(answer);
            return err_within(p->err, "%s", what);
        }
        if (!is_limited(answer) || attempt || answer->retry_after > LONGEST_WAIT_SECONDS)
            return true;
        wait_seconds(answer->retry_after > 0 ? answer->retry_after : 1);
        http_answer_release(answer);
    }
}

static bool is_success(const struct http_answer *answer)
{
    return answer->status >= 200 && answer->status < 300;
}

/* Who we are decides which comments are ours. */
static bool ask_who(struct poster *p)
{
    const char *what = "asking whose token it is";
    const struct forge *forge = p->target->forge;
    struct http_answer answer;
    const struct node *document = NULL;
    p->me = p->target->author;
    if (p->me)
        return true;
    if (!forge_send(p, &answer, "GET", fill(p, forge->me_path, NULL, ""), NULL, what))
        return false;
    bool may_not = answer.status == 403 || answer.status == 404;
    bool ok = may_not || is_success(&answer) || refused(p, &answer, what);
    if (ok && !may_not &&
        doc_parse_json(&document, p->arena, what, buf_text(&answer.body), answer.body.length,
                       NULL))
        p->me = node_text(node_at(document, forge->me), NULL);
    http_answer_release(&answer);
    if (!ok)
        return false;
    p->me = p->me ? p->me : forge->me_otherwise;
    return p->me || err_set(p->err, "the token may not ask whose it is: ADVISOR_AUTHOR must say "
                                    "the %s of its comments",
                            forge->author);
}

static const char *number_at(const struct node *from, const char *path)
{
    const char *text = node_text(node_at(from, path), "");
    return *text && !text[strspn(text, "0123456789")] ? text : NULL;
}

static void look_at(struct poster *p, const struct node *comment, const char *thread)
{
    const struct forge *forge = p->target->forge;
    struct earlier found = {.thread = thread, .id = number_at(comment, forge->id)};
    if (!found.id || !thread ||
        !comment_marker_read(&found.marker, forge, node_text(node_at(comment, forge->text), "")) ||
        strcmp(found.marker.id, p->target->id) != 0 ||
        strcmp(node_text(node_at(comment, forge->author), ""), p->me) != 0)
        return;
    found.hide = quoted(p, forge->hide_id ? node_text(node_at(comment, forge->hide_id), "") : "");
    VEC_ADD(&p->earlier, found);
}

static void look_at_page(struct poster *p, const struct node *document)
{
    const struct forge *forge = p->target->forge;
    const struct node *items = *forge->items ? node_at(document, forge->items) : document;
    for (size_t i = 0; node_is(items, NODE_LIST) && i < items->count; i++) {
        const struct node *inside = node_get(items->items[i], "comments");
        if (!forge->threads)
            look_at(p, items->items[i], "");
        for (size_t k = 0; forge->threads && node_is(inside, NODE_LIST) && k < inside->count; k++)
            look_at(p, inside->items[k], number_at(items->items[i], "id"));
    }
}

static size_t origin_length(const char *url)
{
    const char *host = strstr(url, "://");
    return host ? (size_t)(host - url) + 3 + strcspn(host + 3, "/?#") : 0;
}

/* A next page elsewhere would take the token to another host. */
static bool is_same_origin(const char *a, const char *b)
{
    size_t n = origin_length(a);
    return n && n == origin_length(b) && !strncmp(a, b, n);
}

static bool read_page(struct poster *p, const char **next, const char *url, const char *what)
{
    const struct forge *forge = p->target->forge;
    const struct node *document;
    struct http_answer answer;
    if (!forge_send(p, &answer, "GET", url, NULL, what))
        return false;
    bool ok = is_success(&answer) ? doc_parse_json(&document, p->arena, what,
                                                   buf_text(&answer.body), answer.body.length,
                                                   p->err)
                                  : refused(p, &answer, what);
    if (ok) {
        look_at_page(p, document);
        *next = forge->next ? node_text(node_at(document, forge->next), "")
                            : arena_strdup(p->arena, answer.next);
    }
    http_answer_release(&answer);
    return ok;
}

static unsigned long long as_number(const char *digits)
{
    return strtoull(digits, NULL, 10);
}

static int by_age(const void *left, const void *right)
{
    const struct earlier *a = left, *b = right;
    unsigned long long x = as_number(a->thread), y = as_number(b->thread);
    if (x == y) {
        x = as_number(a->id);
        y = as_number(b->id);
    }
    return (x > y) - (x < y);
}

static bool find_earlier(struct poster *p)
{
    const char *what = "listing the comments";
    const char *url = fill(p, p->target->forge->list_path, NULL, ""), *next;
    for (int page = 0; *url; page++, url = next) {
        if (page == PAGES_MAX)
            return err_set(p->err, "%s: there are more than %d pages of them", what, PAGES_MAX);
        if (!read_page(p, &next, url, what))
            return false;
        if (*next && !is_same_origin(next, p->target->api))
            return err_set(p->err, "%s: the next page lies on another host, which must not see "
                                   "the token",
                           what);
    }
    VEC_SORT(&p->earlier, by_age);
    return true;
}

/* GraphQL answers 200 and says in `errors` what it did not do. */
static bool was_done(struct poster *p, const struct http_answer *answer, const char *what)
{
    const struct node *document = NULL;
    if (!is_success(answer))
        return refused(p, answer, what);
    if (doc_parse_json(&document, p->arena, what, buf_text(&answer->body), answer->body.length,
                       NULL) &&
        node_is(node_get(document, "errors"), NODE_LIST))
        return err_set(p->err, "%s: the forge refuses%s", what, word_of(p, answer));
    return true;
}

static bool forge_write(struct poster *p, const char *method, const char *path, const char *form,
                        const struct earlier *at, const char *text, const char *what)
{
    struct http_answer answer;
    const char *body = form ? fill(p, form, at, quoted(p, text)) : NULL;
    if (!forge_send(p, &answer, method, fill(p, path, at, ""), body, what))
        return false;
    bool ok = was_done(p, &answer, what);
    http_answer_release(&answer);
    return ok;
}

static bool put_away(struct poster *p, const struct earlier *at)
{
    const struct forge *f = p->target->forge;
    const char *hiding = "hiding the old comment";
    if (p->target->behaviour == COMMENT_DELETE_AND_NEW)
        return forge_write(p, f->delete_method, f->delete_path, NULL, at, "",
                           "deleting the old comment");
    if (f->hide_body)
        return forge_write(p, "POST", p->target->hide_api, f->hide_body, at, "", hiding);
    return forge_write(p, f->update_method, f->update_path, f->update_body, at,
                       "*Superseded by a newer comment of advisor.*", hiding);
}

/* Hidden comments stay ours on GitHub, so only the newest few are hidden again. */
static bool put_earlier_away(struct poster *p)
{
    bool hide = p->target->behaviour == COMMENT_HIDE_AND_NEW;
    size_t first = hide && p->earlier.count > HIDE_AT_MOST ? p->earlier.count - HIDE_AT_MOST : 0;
    for (size_t i = first; i < p->earlier.count; i++)
        if (!put_away(p, &p->earlier.at[i]))
            return false;
    return true;
}

static bool is_stale(const struct poster *p)
{
    for (size_t i = 0; p->target->run && i < p->earlier.count; i++)
        if (p->earlier.at[i].marker.run > p->target->run)
            return true;
    return false;
}

/* The new comment comes first: a failure leaves one too many, not none. */
static bool post(struct poster *p, enum comment_outcome *out, const char *text)
{
    const struct forge *f = p->target->forge;
    enum comment_behaviour behaviour = p->target->behaviour;
    const struct earlier *last = p->earlier.count ? &p->earlier.at[p->earlier.count - 1] : NULL;
    struct comment_marker marker;
    comment_marker_read(&marker, f, text);
    *out = COMMENT_STALE;
    if (is_stale(p))
        return true;
    *out = COMMENT_UNCHANGED;
    if (last && !strcmp(last->marker.hash, marker.hash) && behaviour != COMMENT_NEW)
        return true;
    *out = COMMENT_UPDATED;
    if (last && behaviour == COMMENT_UPDATE)
        return forge_write(p, f->update_method, f->update_path, f->update_body, last, text,
                           "updating the comment");
    *out = COMMENT_POSTED;
    return forge_write(p, f->create_method, f->create_path, f->create_body, NULL, text,
                       "posting the comment") &&
           (behaviour == COMMENT_NEW || put_earlier_away(p));
}

bool comment_post(enum comment_outcome *out, struct arena *arena,
                  const struct comment_target *target, const char *text, struct err *err)
{
    struct poster p = {.arena = arena, .target = target, .err = err};
    bool ok = ask_who(&p) && find_earlier(&p) && post(&p, out, text);
    VEC_FREE(&p.earlier);
    return ok;
}
