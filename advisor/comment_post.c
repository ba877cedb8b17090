#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/json_text.h"
#include "comment.h"
#include "io/doc.h"
#include "io/http.h"

enum { PAGES_MAX = 100, LONGEST_WAIT_SECONDS = 60 };

/* One of our earlier comments. */
struct earlier {
    const char *id, *thread, *hide;
    long long run;
    char hash[17];
};

struct poster {
    struct arena *arena;
    const struct comment_target *target;
    const char *me; /* NULL: the token may not ask */
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

/* The forge's own word on a refusal, without anything of ours. */
static bool refused(const struct poster *p, const struct http_answer *answer, const char *what)
{
    const struct node *document = NULL;
    doc_parse_json(&document, p->arena, "answer", buf_text(&answer->body), answer->body.length,
                   NULL);
    const char *message = node_text(node_get(document, "message"), "");
    if (answer->status >= 300 && answer->status < 400)
        return err_set(p->err, "%s: the forge redirects (%ld), which is not followed with a token",
                       what, answer->status);
    return err_set(p->err, "%s: the forge answers %ld%s%.200s", what, answer->status,
                   *message ? ": " : "", message);
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
        bool limited = answer->status == 429 ||
                       (answer->status == 403 && (answer->limit_reached || answer->retry_after > 0));
        if (!limited || attempt || answer->retry_after > LONGEST_WAIT_SECONDS)
            break;
        sleep((unsigned)(answer->retry_after > 0 ? answer->retry_after : 1));
        http_answer_release(answer);
    }
    if (answer->status >= 200 && answer->status < 300)
        return true;
    refused(p, answer, what);
    http_answer_release(answer);
    return false;
}

/* Who we are decides which comments are ours; a token that may not ask leaves it open. */
static void ask_who(struct poster *p)
{
    struct http_answer answer;
    const struct node *document = NULL;
    struct err ignored = ERR_INIT, *kept = p->err;
    p->err = &ignored;
    if (forge_send(p, &answer, "GET", fill(p, p->target->forge->me_path, NULL, ""), NULL, "who")) {
        doc_parse_json(&document, p->arena, "who", buf_text(&answer.body), answer.body.length, NULL);
        p->me = node_text(node_at(document, p->target->forge->me), NULL);
        http_answer_release(&answer);
    }
    p->err = kept;
}

/* GitHub's own token may not ask who it is: its comments are the Actions bot's. */
static bool is_ours(const struct poster *p, const char *author)
{
    if (p->me)
        return !strcmp(p->me, author);
    return !strcmp(p->target->forge->name, "github") && !strcmp(author, "github-actions[bot]");
}

static void look_at(struct poster *p, const struct node *comment, const char *thread)
{
    const struct forge *forge = p->target->forge;
    const char *text = node_text(node_at(comment, forge->text), "");
    char id[64];
    struct earlier found = {.thread = thread};
    if (sscanf(text, "<!-- advisor id=%63s run=%lld hash=%16s -->", id, &found.run, found.hash) != 3 ||
        strcmp(id, p->target->id) != 0 ||
        !is_ours(p, node_text(node_at(comment, forge->author), "")))
        return;
    found.id = node_text(node_at(comment, forge->id), "");
    struct buf hide = BUF_INIT;
    const char *hide_id = forge->hide_id ? node_text(node_at(comment, forge->hide_id), "") : "";
    json_write_string(&hide, hide_id, strlen(hide_id));
    found.hide = arena_strdup(p->arena, buf_text(&hide));
    buf_release(&hide);
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
            look_at(p, inside->items[k], node_text(node_get(items->items[i], "id"), ""));
    }
}

static bool find_earlier(struct poster *p)
{
    const char *url = fill(p, p->target->forge->list_path, NULL, "");
    const char *what = "listing the comments";
    for (int page = 0; url && page < PAGES_MAX; page++) {
        struct http_answer answer;
        const struct node *document;
        if (!forge_send(p, &answer, "GET", url, NULL, what))
            return false;
        bool ok = doc_parse_json(&document, p->arena, what, buf_text(&answer.body),
                                 answer.body.length, p->err);
        if (ok)
            look_at_page(p, document);
        const char *next = ok && p->target->forge->next
                               ? node_text(node_at(document, p->target->forge->next), NULL)
                               : arena_strdup(p->arena, answer.next);
        http_answer_release(&answer);
        if (!ok)
            return false;
        /* A next page elsewhere would take the token to another host. */
        url = next && !strncmp(next, p->target->api, strlen(p->target->api)) ? next : NULL;
    }
    return true;
}

static bool forge_write(struct poster *p, const char *method, const char *path, const char *form,
                  const struct earlier *at, const char *text, const char *what)
{
    struct buf quoted = BUF_INIT;
    struct http_answer answer;
    json_write_string(&quoted, text, strlen(text));
    const char *body = form ? fill(p, form, at, buf_text(&quoted)) : NULL;
    bool ok = forge_send(p, &answer, method, fill(p, path, at, ""), body, what);
    if (ok)
        http_answer_release(&answer);
    buf_release(&quoted);
    return ok;
}

static bool put_away(struct poster *p, const struct earlier *at)
{
    const struct forge *f = p->target->forge;
    if (p->target->behaviour == COMMENT_DELETE_AND_NEW)
        return forge_write(p, f->delete_method, f->delete_path, NULL, at, "", "deleting the old comment");
    if (f->hide_path)
        return forge_write(p, "POST", f->hide_path, f->hide_body, at, "", "hiding the old comment");
    return forge_write(p, f->update_method, f->update_path, f->update_body, at,
                 "*Superseded by a newer comment of advisor.*", "hiding the old comment");
}

static bool post(struct poster *p, enum comment_outcome *out, const char *text)
{
    const struct forge *f = p->target->forge;
    const struct earlier *last =
        p->earlier.count ? &p->earlier.at[p->earlier.count - 1] : NULL;
    char hash[17] = "";
    sscanf(text, "<!-- advisor id=%*s run=%*d hash=%16s", hash);
    *out = COMMENT_STALE;
    for (size_t i = 0; i < p->earlier.count; i++)
        if (p->earlier.at[i].run > p->target->run && p->target->run)
            return true;
    *out = COMMENT_UNCHANGED;
    if (last && !strcmp(last->hash, hash) && p->target->behaviour != COMMENT_NEW)
        return true;
    *out = COMMENT_UPDATED;
    if (last && p->target->behaviour == COMMENT_UPDATE)
        return forge_write(p, f->update_method, f->update_path, f->update_body, last, text,
                     "updating the comment");
    *out = COMMENT_POSTED;
    for (size_t i = 0; i < p->earlier.count && p->target->behaviour != COMMENT_NEW; i++)
        if (!put_away(p, &p->earlier.at[i]))
            return false;
    return forge_write(p, f->create_method, f->create_path, f->create_body, NULL, text,
                 "posting the comment");
}

bool comment_post(enum comment_outcome *out, struct arena *arena,
                  const struct comment_target *target, const char *text, struct err *err)
{
    struct poster p = {.arena = arena, .target = target, .err = err};
    ask_who(&p);
    bool ok = find_earlier(&p) && post(&p, out, text);
    VEC_FREE(&p.earlier);
    return ok;
}
