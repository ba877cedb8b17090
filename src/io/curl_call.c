#include "curl_call.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

/* The name of its stable binary interface, the same since 2006. */
static const char library_name[] = "libcurl.so.4";

static const struct {
    const char *name;
    size_t offset;
} symbols[] = {
    {"curl_easy_init", offsetof(struct curl_call, easy_init)},
    {"curl_easy_setopt", offsetof(struct curl_call, setopt)},
    {"curl_easy_perform", offsetof(struct curl_call, perform)},
    {"curl_easy_getinfo", offsetof(struct curl_call, getinfo)},
    {"curl_easy_strerror", offsetof(struct curl_call, strerror)},
    {"curl_easy_cleanup", offsetof(struct curl_call, cleanup)},
    {"curl_slist_append", offsetof(struct curl_call, slist_append)},
    {"curl_slist_free_all", offsetof(struct curl_call, slist_free)},
};

bool curl_call_open(struct curl_call *out, struct err *err)
{
    void *library = dlopen(library_name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (!library)
        return err_set(err,
                       "other machines are asked through %s, which is not here: install "
                       "the package libcurl4",
                       library_name);
    bool ok = true;
    for (size_t i = 0; ok && i < sizeof symbols / sizeof *symbols; i++) {
        void *found = dlsym(library, symbols[i].name);
        memcpy((char *)out + symbols[i].offset, &found, sizeof found);
        ok = found ||
             err_set(err, "%s has no %s: it is too old", library_name, symbols[i].name);
    }
    dlclose(library);
    return ok;
}
