#ifndef TESTS_UNIT_FAKE_STORE_H
#define TESTS_UNIT_FAKE_STORE_H

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "io/sigv4.h"

/*
 * A store on 127.0.0.1 that answers paths with what was put there, and signs every
 * request itself to see whether the client's signature is the same.
 */
struct fake_object {
    const char *path, *headers, *body;
    int status;
};

struct fake_store {
    int socket, port;
    pthread_t thread;
    struct fake_object objects[8];
    size_t count;
    int busy;           /* so many requests are answered 503 first */
    const char *region; /* where the bucket is; NULL: wherever it is asked */
    int requests, signed_requests, forged;
};

static void fake_store_put(struct fake_store *s, const char *path, int status,
                           const char *headers, const char *body)
{
    s->objects[s->count++] = (struct fake_object){path, headers, body, status};
}

static void fake_store_send(int to, const char *bytes, size_t length)
{
    while (length) {
        ssize_t n = send(to, bytes, length, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        bytes += n;
        length -= (size_t)n;
    }
}

static void fake_store_answer(int to, int status, const char *headers, const char *body)
{
    struct buf head = BUF_INIT;
    buf_printf(&head, "HTTP/1.1 %d Fake\r\nConnection: close\r\n%s", status, headers);
    if (!strstr(headers, "Content-Length"))
        buf_printf(&head, "Content-Length: %zu\r\n", strlen(body));
    buf_add(&head, "\r\n");
    fake_store_send(to, head.text, head.length);
    fake_store_send(to, body, strlen(body));
    buf_release(&head);
}

static void fake_store_header(char *out, size_t room, const char *head, const char *name)
{
    const char *at = strcasestr(head, name);
    size_t n = at ? strcspn(at + strlen(name), "\r") : 0;
    snprintf(out, room, "%.*s", (int)n, at ? at + strlen(name) : "");
}

static void fake_store_verify(struct fake_store *s, const char *head)
{
    char method[8], target[1024], host[64], token[64], given[1024], *query;
    struct sigv4_request r = {.method = method,
                              .host = host,
                              .path = target,
                              .region = s->region ? s->region : "us-east-1",
                              .service = "s3"};
    struct aws_keys keys = {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                            NULL};
    struct buf expected = BUF_INIT;
    sscanf(head, "%7s %1023s", method, target);
    query = strchr(target, '?');
    if (query)
        *query++ = '\0';
    r.query = query ? query : "";
    fake_store_header(host, sizeof host, head, "\r\nHost: ");
    fake_store_header(r.time, sizeof r.time, head, "\r\nx-amz-date: ");
    fake_store_header(token, sizeof token, head, "\r\nx-amz-security-token: ");
    fake_store_header(given, sizeof given, head, "\r\nAuthorization: ");
    keys.session_token = *token ? token : NULL;
    sigv4_authorization(&expected, &r, &keys);
    s->signed_requests += *given != '\0';
    s->forged += strcmp(given, expected.text) != 0;
    buf_release(&expected);
}

static void fake_store_reply(struct fake_store *s, int to, const char *head)
{
    char method[8], target[1024], region[64];
    sscanf(head, "%7s %1023s", method, target);
    s->requests++;
    snprintf(region, sizeof region, "/%s/s3/", s->region ? s->region : "");
    if (s->busy-- > 0) {
        fake_store_answer(to, 503, "", "<Error><Code>SlowDown</Code></Error>");
        return;
    }
    if (s->region && !strstr(head, region)) {
        snprintf(region, sizeof region, "x-amz-bucket-region: %s\r\n", s->region);
        fake_store_answer(to, 301, region, "<Error><Code>PermanentRedirect</Code></Error>");
        return;
    }
    fake_store_verify(s, head);
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->objects[i].path, target)) {
            fake_store_answer(to, s->objects[i].status, s->objects[i].headers,
                              strcmp(method, "HEAD") ? s->objects[i].body : "");
            return;
        }
    fake_store_answer(to, 404, "", "");
}

static void *fake_store_serve(void *context)
{
    struct fake_store *s = context;
    for (int from; (from = accept(s->socket, NULL, NULL)) >= 0; close(from)) {
        char head[8192];
        size_t length = 0;
        ssize_t n = 1;
        head[0] = '\0';
        while (!strstr(head, "\r\n\r\n") && length + 1 < sizeof head &&
               (n = recv(from, head + length, sizeof head - 1 - length, 0)) > 0)
            head[length += (size_t)n] = '\0';
        if (n > 0)
            fake_store_reply(s, from, head);
    }
    return NULL;
}

static void fake_store_start(struct fake_store *s)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    s->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(s->socket, (struct sockaddr *)&address, length) || listen(s->socket, 8) ||
        getsockname(s->socket, (struct sockaddr *)&address, &length))
        return; /* the first request says so */
    s->port = ntohs(address.sin_port);
    pthread_create(&s->thread, NULL, fake_store_serve, s);
}

static void fake_store_stop(struct fake_store *s)
{
    shutdown(s->socket, SHUT_RDWR);
    pthread_join(s->thread, NULL);
    close(s->socket);
}

#endif
