#ifndef ADVISOR_FORGE_H
#define ADVISOR_FORGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/node.h"

/*
 * Where a merge request's comments live. What differs between forges is data: paths,
 * methods, where in an answer things stand. In paths and bodies {name} is replaced:
 * {api}, {repo}, {change} (the merge request), {id} (the comment), {thread}, {body} and
 * {hide} (as JSON strings).
 */
struct forge {
    const char *name; /* "github" */
    size_t limit;     /* bytes of a comment */
    const char *marker[2]; /* around what the forge must keep and not show */
    const char *token_variables[4];   /* of the environment, the first that is set */
    const char *authorization;        /* header with {token} */
    const char *api_variable, *api;   /* base URL: environment, else this */
    const char *repo_variables[3], *change_variables[3], *run_variables[3];
    const char *repo_form;            /* of the two repo variables: "{0}/{1}"; NULL: the first */
    bool repo_is_one_part;            /* "group/project" goes into a path as "group%2Fproject" */
    const char *list_path;            /* first page */
    const char *items;                /* path to the list in an answer; "" is the answer itself */
    const char *next;                 /* path to the next page's URL in an answer; NULL: Link */
    bool threads;                     /* items are threads with comments inside */
    const char *id, *text, *author;   /* paths in a comment */
    const char *me_path, *me;         /* who the token is, and where the answer says it */
    const char *me_otherwise;         /* who it is where it may not ask; NULL: not known */
    const char *create_method, *create_path, *create_body;
    const char *update_method, *update_path, *update_body;
    const char *delete_method, *delete_path;
    /* NULL: no way to hide; the comment is reduced to a line. */
    const char *hide_api_variable, *hide_api, *hide_body, *hide_id;
};

const struct forge *forge_named(const char *name); /* NULL when there is none */
/* Replaces {names} by values; values go into URLs and JSON as they are given. */
const char *forge_fill(struct arena *arena, const char *form, const char *const *names,
                       const char *const *values, size_t count);

#endif
