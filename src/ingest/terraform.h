#ifndef INGEST_TERRAFORM_H
#define INGEST_TERRAFORM_H

#include "base/err.h"
#include "base/map.h"
#include "estate/diff.h"

/* The JSON of a plan or state: other text before and after it (a wrapper's) is cut off. */
bool terraform_document(const struct node **out, struct arena *arena, const char *path,
                        struct err *err);

/* The same of a document whose form nobody knows yet: JSON, or else YAML. */
bool infrastructure_document(const struct node **out, struct arena *arena, const char *path,
                             struct err *err);

/* ---- the configuration part of a plan ---- */

/* One module as it is called; the root has no parent. */
struct config_module {
    const char *path;          /* "module.a.module.b", without indexes; "" the root */
    const struct node *module; /* its resources, outputs, module_calls */
    const struct node *call;   /* expressions of the call; NULL for the root */
    const struct config_module *parent;
};

struct config {
    struct arena *arena;
    const struct node *root;      /* "configuration"; NULL when the plan has none */
    const struct node *variables; /* values of the root's variables */
    struct map modules;           /* path -> index */
    VEC(struct config_module *) all;
    VEC(const struct node *) resources;
    VEC(const struct config_module *) homes; /* module of each resource */
    struct map by_address; /* address without indexes -> index into resources */
    struct map documents;  /* address of an aws_iam_policy_document -> index */
    VEC(const struct node *) document_changes; /* what the plan says of each */
};

void terraform_config_open(struct config *config, struct arena *arena,
                           const struct node *plan);
void terraform_config_release(struct config *config);

/* What the configuration says of a resource; NULL when it does not know it. */
const struct node *config_resource(const struct config *config, const char *address,
                                   const struct config_module **home);
/* The region that the resource's provider is configured for; NULL unknown. */
const char *config_region(const struct config *config, const struct node *resource,
                          const struct config_module *home);
/*
 * The resource that an expression refers to: "module.a.aws_x.y". `instance` is the
 * address of the module instance it stands in ("" the root). NULL: none that is known.
 */
const char *config_reference(const struct config *config, const struct node *expression,
                             const struct config_module *home, const char *instance);

/* The value of an expression that is one constant or one variable; NULL: more than that. */
const struct node *config_constant(const struct config *config, const struct node *expression,
                                   const struct config_module *home);

/* An address without its indexes; "module.a[\"x.y\"].b.c[0]" is "module.a.b.c". */
char *address_bare(struct arena *arena, const char *address);
/* The length of an address's first segment, its index included. */
size_t address_segment(const char *address);
/* The module part of an address: "module.a[0]"; "" for the root. */
char *address_module(struct arena *arena, const char *address);

/* ---- values ---- */

/* What goes with a resource's values while they are merged into attributes. */
struct value_context {
    struct arena *arena;
    const struct config *config;
    const struct config_module *home; /* NULL: not configured */
    const char *instance;
    int documents; /* how deep in policy documents that make up others */
};

/*
 * The values with NODE_UNKNOWN where `unknown` is true and the configuration sets the
 * attribute (what nobody sets gets the provider's default and stays absent), and
 * marked where `sensitive` says so. An unknown node's text is the address of the
 * resource that it refers to, "" when there is none. `expressions` may be NULL: then
 * everything unknown counts as set.
 */
const struct node *values_merge(const struct value_context *context, const struct node *values,
                                const struct node *unknown, const struct node *sensitive,
                                const struct node *expressions);

/* ---- policy documents ---- */

/* Notes the data sources aws_iam_policy_document that are read during apply. */
void terraform_documents_open(struct config *config, const struct node *plan);
/*
 * The policy that such a data source will have, {"Statement": [...]} with what is unknown
 * in it as NODE_UNKNOWN, where the expression is just its JSON; else NULL.
 */
const struct node *terraform_policy_document(const struct value_context *context,
                                             const struct node *expression);

/* ---- resources ---- */

/* Fills region, account, id, name, tags of a resource from its attributes. */
void terraform_describe(struct estate *estate, uint32_t resource, const char *provider_region);

/* The document must live as long as both estates: their attributes point into it. */
bool terraform_plan_read(struct change *change, const struct node *plan, const char *path,
                         const char *default_region, struct err *err);
/* `terraform show -json` of a state, and state files of version 4. */
bool terraform_state_read(struct estate *estate, const struct node *state, const char *path,
                          const char *default_region, struct err *err);

/*
 * Where the providers of a plan work, for those whose configuration does not tell it:
 * what data.aws_region found, else the region of every ARN. NULL where two differ.
 */
const char *terraform_plan_region(struct arena *arena, const struct node *plan);

#endif
