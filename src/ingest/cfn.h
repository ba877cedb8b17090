#ifndef INGEST_CFN_H
#define INGEST_CFN_H

#include "base/err.h"
#include "base/vec.h"
#include "estate/diff.h"

/* ---- what a template's functions come to ---- */

struct cfn_template {
    struct arena *arena;
    const struct node *parameters, *mappings, *conditions, *resources;
    const struct node *locals; /* the names of the loops that it stands in; NULL none */
    const struct node *given;  /* parameters that the stack above passes; NULL none */
    const char *prefix;        /* of logical ids in a nested stack, "Network."; NULL none */
    const char *region;        /* what AWS::Region means; NULL unknown */
    int depth;
    size_t *templates_left; /* how many nested ones may still be read: they may name themselves */
};

/*
 * A value with its functions resolved: parameters by their defaults, maps and
 * conditions as far as those tell. What only the deployment knows becomes
 * NODE_UNKNOWN, whose text is the logical id of the resource that it refers to.
 * Fn::If between two numbers whose condition is open is a map of min, typ and max.
 */
const struct node *cfn_resolve(struct cfn_template *t, const struct node *value);

/* The key of a logical id: with the stacks that it is nested in, "Network.Vpc". */
const char *cfn_key(struct cfn_template *t, const char *logical_id);

/* A text with its "${names}" put in; the text itself where one is not known. */
const char *cfn_filled(struct cfn_template *t, const char *text);

/* 1, 0, or -1 for a condition that nobody can tell yet. */
int cfn_condition(struct cfn_template *t, const char *name);

/* ---- types and properties as Terraform names them ---- */

/* "AWS::EC2::Instance" is "aws_instance". By the table, else by the rule of names. */
const char *cfn_terraform_type(struct arena *arena, const char *type);

/* Resolved properties with the names and the shape of the Terraform type. */
const struct node *cfn_attributes(struct arena *arena, const char *type,
                                  const struct node *properties);
/* What policies ask of: documents keep their keys, flags in lists get names of their own. */
void cfn_add_documents(struct arena *arena, struct node *attrs, const char *type,
                       const struct node *properties);
/* The tags of resolved properties as a map; NULL when there are none. */
const struct node *cfn_tags(struct arena *arena, const struct node *properties);

bool cfn_template_read(struct estate *estate, const struct node *document, const char *path,
                       const char *region, struct err *err);
bool cfn_change_set_read(struct change *change, const struct node *document, const char *path,
                         const char *region, struct err *err);

#endif
