#ifndef TESTS_UNIT_FAKE_FORGE_H
#define TESTS_UNIT_FAKE_FORGE_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json_text.h"
#include "io/doc.h"

/*
 * A forge on 127.0.0.1 that keeps the comments of one merge request, number 12, and
 * answers as the real API does: in pages, in its own order, with its own shapes.
 */
enum fake_kind { FAKE_GITHUB, FAKE_GITLAB, FAKE_BITBUCKET, FAKE_AZURE };

struct fake_comment {
    char author[32];
    char *text;
    bool deleted, hidden;
};

/* What the next requests with this method and a path with this part get instead. */
struct fake_trouble {
    const char *method, *path;
    int status, times;
    const char *headers, *body;
};

struct fake_forge {
    enum fake_kind kind;
    int socket, port;
    pthread_t thread;
    pthread_mutex_t lock;
    bool stopping;
    struct fake_comment comments[64];
    size_t count, page_size, longest;
    struct fake_trouble trouble;
    char next_host[64]; /* that links to a next page name; "": this one */
    char expected[64];  /* the whole authorization line */
    int requests, writes, strangers; /* strangers: requests with another authorization */
};

struct fake_request {
    char method[8], path[512];
    struct buf head;
    const char *body;
};

static void fake_send(int to, int status, const char *headers, const char *body)
{
    struct buf out = BUF_INIT;
    buf_printf(&out, "HTTP/1.1 %d Fake\r\nContent-Length: %zu\r\nConnection: close\r\n%s\r\n%s",
               status, strlen(body), headers ? headers : "", body);
    for (size_t done = 0; done < out.length;) {
        ssize_t n = send(to, out.text + done, out.length - done, MSG_NOSIGNAL);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    buf_release(&out);
}

static bool fake_receive(struct fake_request *r, int from)
{
    char piece[65536];
    size_t wanted = 0, head = 0;
    r->head = (struct buf)BUF_INIT;
    while (!wanted || r->head.length < wanted) {
        ssize_t n = recv(from, piece, sizeof piece, 0);
        if (n <= 0)
            return false;
        buf_add_n(&r->head, piece, (size_t)n);
        const char *end = strstr(r->head.text, "\r\n\r\n");
        if (!end || wanted)
            continue;
        head = (size_t)(end - r->head.text) + 4;
        const char *length = strcasestr(r->head.text, "\r\nContent-Length:");
        wanted = head + (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
    }
    r->body = r->head.text + head;
    return sscanf(r->head.text, "%7s %511s", r->method, r->path) == 2;
}

static void fake_put_string(struct buf *out, const char *text)
{
    json_write_string(out, text, strlen(text));
}

static void fake_put_comment(const struct fake_forge *f, struct buf *out, size_t i)
{
    static const char *const forms[] = {
        [FAKE_GITHUB] = "{\"id\":%zu,\"node_id\":\"IC_%zu\",\"user\":{\"login\":",
        [FAKE_GITLAB] = "{\"id\":%zu,\"noteable_iid\":%zu,\"author\":{\"username\":",
        [FAKE_BITBUCKET] = "{\"id\":%zu,\"line\":%zu,\"user\":{\"uuid\":",
        [FAKE_AZURE] = ("{\"id\":%zu,\"comments\":[{\"id\":1,\"parentCommentId\":%zu,"
                        "\"author\":{\"id\":"),
    };
    static const char *const between[] = {"},\"body\":", "},\"body\":", "},\"content\":{\"raw\":",
                                          "},\"content\":"};
    static const char *const ends[] = {"}", "}", "}}", "}]}"};
    const struct fake_comment *c = &f->comments[i];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    buf_printf(out, forms[f->kind], i + 1, i + 1);
#pragma GCC diagnostic pop
    fake_put_string(out, c->author);
    buf_add(out, between[f->kind]);
    fake_put_string(out, c->deleted ? "" : c->text);
    buf_add(out, ends[f->kind]);
}

static void fake_list(struct fake_forge *f, int to, const struct fake_request *r)
{
    struct buf body = BUF_INIT, headers = BUF_INIT, next = BUF_INIT;
    const char *at = strstr(r->path, "&page=");
    size_t page = at ? strtoul(at + 6, NULL, 10) : 1, live = 0, put = 0;
    bool newest_first = f->kind == FAKE_GITLAB && !strstr(r->path, "sort=asc");
    buf_add(&body, f->kind == FAKE_BITBUCKET ? "{\"values\":["
                   : f->kind == FAKE_AZURE   ? "{\"value\":["
                                             : "[");
    for (size_t k = 0; k < f->count; k++) {
        size_t i = newest_first ? f->count - 1 - k : k;
        if (f->comments[i].deleted || live++ / f->page_size + 1 != page)
            continue;
        buf_add(&body, put++ ? "," : "");
        fake_put_comment(f, &body, i);
    }
    if (live > page * f->page_size) {
        char own[32];
        snprintf(own, sizeof own, "http://127.0.0.1:%d", f->port);
        buf_printf(&next, "%s%.*s&page=%zu", *f->next_host ? f->next_host : own,
                   (int)(at ? (size_t)(at - r->path) : strlen(r->path)), r->path, page + 1);
        if (f->kind != FAKE_BITBUCKET)
            buf_printf(&headers, "Link: <%s/first>; rel=\"first\", <%s>; rel=\"next\"\r\n", own,
                       buf_text(&next));
    }
    if (f->kind == FAKE_BITBUCKET && next.length)
        buf_printf(&body, "],\"next\":\"%s\"}", buf_text(&next));
    else
        buf_add(&body, f->kind == FAKE_BITBUCKET || f->kind == FAKE_AZURE ? "]}" : "]");
    fake_send(to, 200, buf_text(&headers), buf_text(&body));
    buf_release(&next);
    buf_release(&headers);
    buf_release(&body);
}

/* The comment that a path names: its last number, before a query; on Azure the thread's. */
static size_t fake_named(const struct fake_forge *f, const char *path)
{
    const char *threads = f->kind == FAKE_AZURE ? strstr(path, "/threads/") : NULL;
    size_t n = strcspn(path, "?");
    while (n && path[n - 1] != '/')
        n--;
    size_t id = strtoul(threads ? threads + 9 : path + n, NULL, 10);
    return id && id <= f->count && !f->comments[id - 1].deleted ? id - 1 : SIZE_MAX;
}

static size_t fake_add(struct fake_forge *f, const char *author, const char *text)
{
    struct fake_comment *c = &f->comments[f->count];
    snprintf(c->author, sizeof c->author, "%s", author);
    c->text = strdup(text);
    return f->count++;
}

static void fake_write(struct fake_forge *f, int to, const struct fake_request *r)
{
    static const char *const places[] = {"body", "body", "content.raw", "comments.0.content"};
    struct arena arena = {0};
    const struct node *document = NULL;
    bool create = !strcmp(r->method, "POST");
    doc_parse_json(&document, &arena, "request", r->body, strlen(r->body), NULL);
    const char *place = f->kind == FAKE_AZURE && !create ? "content" : places[f->kind];
    const char *text = node_text(node_at(document, place), "");
    size_t at = create ? 0 : fake_named(f, r->path);
    int status = at == SIZE_MAX ? 404 : strlen(text) > f->longest ? 422 : create ? 201 : 200;
    f->writes++;
    if (strstr(r->path, "graphql")) {
        size_t id = strtoul(node_text(node_at(document, "variables.id"), "IC_0") + 3, NULL, 10);
        f->comments[id - 1].hidden = true;
    } else if (status < 300 && create) {
        fake_add(f, "bot", text);
    } else if (status < 300 && !strcmp(r->method, "DELETE")) {
        f->comments[at].deleted = true;
    } else if (status < 300) {
        free(f->comments[at].text);
        f->comments[at].text = strdup(text);
    }
    fake_send(to, status, NULL,
              status == 422 ? "{\"message\":\"Validation Failed\",\"errors\":[{\"message\":\"body is "
                              "too long\"}]}"
              : status == 404 ? "{\"message\":\"Not Found\"}"
                              : "{}");
    arena_release(&arena);
}

static void fake_answer(struct fake_forge *f, int to, const struct fake_request *r)
{
    static const char *const me[] = {"{\"login\":\"bot\"}", "{\"username\":\"bot\"}",
                                     "{\"uuid\":\"bot\"}",
                                     "{\"authenticatedUser\":{\"id\":\"bot\"}}"};
    struct fake_trouble *t = &f->trouble;
    f->requests++;
    if (!strstr(r->head.text, f->expected))
        f->strangers++;
    if (t->times && !strcmp(t->method, r->method) && strstr(r->path, t->path)) {
        t->times--;
        fake_send(to, t->status, t->headers, t->body ? t->body : "{}");
    } else if (!strcmp(r->path, "/user") || !strcmp(r->path, "/_apis/connectionData")) {
        fake_send(to, 200, NULL, me[f->kind]);
    } else if (!strcmp(r->method, "GET")) {
        fake_list(f, to, r);
    } else {
        fake_write(f, to, r);
    }
}

static void *fake_serve(void *context)
{
    struct fake_forge *f = context;
    for (;;) {
        int client = accept(f->socket, NULL, NULL);
        struct fake_request r;
        pthread_mutex_lock(&f->lock);
        bool stop = f->stopping || client < 0;
        if (!stop && fake_receive(&r, client))
            fake_answer(f, client, &r);
        if (!stop)
            buf_release(&r.head);
        pthread_mutex_unlock(&f->lock);
        if (client >= 0)
            close(client);
        if (stop)
            return NULL;
    }
}

static void fake_start(struct fake_forge *f, enum fake_kind kind)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    *f = (struct fake_forge){.kind = kind, .page_size = 2, .longest = 65536};
    pthread_mutex_init(&f->lock, NULL);
    f->socket = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(f->socket, (struct sockaddr *)&at, sizeof at) || listen(f->socket, 16) ||
        getsockname(f->socket, (struct sockaddr *)&at, &size))
        abort();
    f->port = ntohs(at.sin_port);
    pthread_create(&f->thread, NULL, fake_serve, f);
}

static void fake_stop(struct fake_forge *f)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    at.sin_port = htons((uint16_t)f->port);
    pthread_mutex_lock(&f->lock);
    f->stopping = true;
    pthread_mutex_unlock(&f->lock);
    int wake = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(wake, (struct sockaddr *)&at, sizeof at) == 0)
        pthread_join(f->thread, NULL);
    close(wake);
    close(f->socket);
    for (size_t i = 0; i < f->count; i++)
        free(f->comments[i].text);
    pthread_mutex_destroy(&f->lock);
}

#endif
