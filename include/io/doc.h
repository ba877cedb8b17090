#ifndef IO_DOC_H
#define IO_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/node.h"

/*
 * Whole documents: JSON by jansson, YAML by libyaml, both into a node tree in
 * `arena`. Fails with file:line:column. Duplicate keys are an error. JSON may be
 * UTF-8 (with or without BOM) or UTF-16. Nodes from YAML carry line and column;
 * read a JSON text with doc_parse_yaml() where those are wanted.
 */
bool doc_read(const struct node **out, struct arena *arena, const char *path, struct err *err);
bool doc_parse_json(const struct node **out, struct arena *arena, const char *name,
                    const char *text, size_t length, struct err *err);
bool doc_parse_yaml(const struct node **out, struct arena *arena, const char *name,
                    const char *text, size_t length, struct err *err);

#endif
