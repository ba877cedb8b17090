#ifndef IO_CURL_CALL_H
#define IO_CURL_CALL_H

#include <stdbool.h>

#include <curl/curl.h>

#include "base/err.h"

/*
 * What is used of libcurl. It is loaded when another machine is first asked: with the thirty
 * libraries behind it, it would be half of the start-up and of the memory of every run.
 */
struct curl_call {
    CURL *(*easy_init)(void);
    CURLcode (*setopt)(CURL *curl, CURLoption option, ...);
    CURLcode (*perform)(CURL *curl);
    CURLcode (*getinfo)(CURL *curl, CURLINFO info, ...);
    const char *(*strerror)(CURLcode code);
    void (*cleanup)(CURL *curl);
    struct curl_slist *(*slist_append)(struct curl_slist *list, const char *line);
    void (*slist_free)(struct curl_slist *list);
};

/* Fails with a sentence where the library is not installed. It stays loaded. */
bool curl_call_open(struct curl_call *out, struct err *err);

#endif
