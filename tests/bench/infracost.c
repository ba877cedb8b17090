/*
 * Prices the plans that another estimator's expectations are published for and
 * compares component by component: which are there, their quantities, units and
 * prices. Prints the rates and every deviation with its reason.
 *     infracost [DIR]     default ../shared/data/iac/infracost-pairs
 */
#include <fnmatch.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "ingest/change.h"
#include "io/doc.h"
#include "io/files.h"
#include "pricing/book.h"
#include "pricing/cost.h"

/* Why a difference is theirs, or is known and left: by case, resource and component. */
static const struct {
    const char *resource, *component, *reason;
} known[] = {
    {"*aws_lb.*", "Load balancer capacity units",
     "their figure leaves new and active connections out of the maximum"},
    {"*aws_elastic_beanstalk_environment.*", "*Load balancer capacity units",
     "their figure leaves new and active connections out of the maximum"},
    {"*aws_lambda_function.*", "Ephemeral storage",
     "their figure multiplies by the memory and not by the storage above 512 MB"},
    {"*min_size_zero", "*",
     "without a desired capacity a group starts at its least, which is 0"},
    {"aws_db_instance.*aurora*", "Storage*",
     "Aurora stores in its cluster, by use; its instances have no gp2 volume"},
    {"*simple_ad*", "Additional domain controllers",
     "a Simple AD cannot have more controllers"},
    {"aws_dynamodb_table.*usage", "Replicated write request unit (rWRU)",
     "their figure divides the requests of the month by its hours"},
    {"aws_dynamodb_table.*no_billing_mode", "*apacity unit*",
     "the scaling target names its table; three tables of this plan have that name"},
    {"aws_eks_node_group.*", "EBS-optimized usage",
     "in the price of the instance for every current type"},
    {"*launch_template_with_prefix", "*",
     "the plan does not say what a local value refers to, so the template is unknown"},
    {"aws_elasticsearch_domain.*", "Storage*", "the volume is of each data node"},
    {"aws_opensearch_domain.*", "Storage*", "the volume is of each data node"},
    {"aws_glue_job.job_no_usage", "*", "a job without a capacity gets 10 DPUs"},
    {"aws_neptune_cluster_instance.*", "CPU credits",
     "their figure multiplies the hours of a month by the hours of a month"},
    {"aws_rds_cluster.*optimized", "I/O requests",
     "I/O-Optimized storage has no charge for requests"},
    {"aws_rds_cluster_instance.*", "Extended support (year 1)",
     "the engine's version stands on the cluster"},
    {"aws_rds_cluster.*", "Backtrack", "backtracking is off where no window is set"},
    {"*my_eb_environment_asg_instance_types", "*",
     "an environment without a LoadBalancerType gets a classic one"},
};

struct tally {
    size_t resources, same, strictly_same, components, same_components, prices, same_prices,
        explained;
};

static bool close_to(double a, double b, double relative)
{
    return fabs(a - b) <= relative * fmax(fabs(a), fabs(b)) + 1e-9;
}

/* " (first 10TB)", " (next 40TB)", " (over 150TB)": the tiers of one component. */
static size_t base_length(const char *name)
{
    const char *paren = strrchr(name, '(');
    bool tier = paren && paren > name &&
                (!strncmp(paren, "(first ", 7) || !strncmp(paren, "(next ", 6) ||
                 !strncmp(paren, "(over ", 6));
    return tier ? (size_t)(paren - name) : strlen(name);
}

/* Upper and lower case and blanks do not matter; tiers go under one name. */
static void plain(char *out, size_t size, const char *group, const char *name)
{
    size_t n = 0;
    const char *parts[] = {group ? group : "", group ? " > " : "", name};
    for (int i = 0; i < 3; i++)
        for (const char *c = parts[i], *end = c + base_length(c); c < end && n + 1 < size; c++)
            if (*c != ' ')
                out[n++] = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
    out[n] = '\0';
}

static const char *reason_for(const char *resource, const char *component)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!fnmatch(known[i].resource, resource, 0) &&
            !fnmatch(known[i].component, component, 0))
            return known[i].reason;
    return NULL;
}

static void theirs_path(char *out, size_t size, const struct node *component)
{
    const struct node *path = node_get(component, "path");
    char joined[512] = "";
    for (size_t i = 0; i + 1 < path->count; i++)
        snprintf(joined + strlen(joined), sizeof joined - strlen(joined), "%s%s",
                 i ? " > " : "", node_text(path->items[i], ""));
    plain(out, size, *joined ? joined : NULL, node_text(path->items[path->count - 1], ""));
}

static const struct cost_component *find(const struct resource_cost *cost, const char *wanted,
                                         const bool *used)
{
    char name[512];
    for (size_t i = 0; i < cost->count; i++) {
        plain(name, sizeof name, cost->components[i].group, cost->components[i].name);
        if (!used[i] && !strcmp(name, wanted))
            return &cost->components[i];
    }
    return NULL;
}

static bool same_unit(const char *a, const char *b)
{
    char x[128], y[128];
    plain(x, sizeof x, NULL, a);
    plain(y, sizeof y, NULL, b);
    return !strcmp(x, y);
}

static bool same_price(const struct cost_component *ours, const struct node *theirs)
{
    const struct node *price = node_get(theirs, "impliedUnitPrice");
    if (!price)
        price = node_get(theirs, "price");
    double slack = node_number(node_get(theirs, "impliedUnitPriceTolerance"), 0);
    double a = money_double(ours->unit_price), b = node_number(price, NAN);
    return isnan(b) || fabs(a - b) <= slack + 2e-3 * fabs(b);
}

static const char *compare(struct tally *t, const struct cost_component *ours,
                           const struct node *theirs)
{
    static char text[256];
    double quantity = node_number(node_get(theirs, "qty"), NAN);
    const char *unit = node_text(node_get(theirs, "unit"), NULL);
    if (!ours)
        return "we have no such component";
    if (unit && !same_unit(unit, ours->unit)) {
        snprintf(text, sizeof text, "unit %s, ours %s", unit, ours->unit);
        return text;
    }
    if (!isnan(quantity) && !close_to(quantity, ours->quantity.expected, 1e-3)) {
        snprintf(text, sizeof text, "quantity %g, ours %g%s%s", quantity,
                 ours->quantity.expected, ours->why ? ": " : "", ours->why ? ours->why : "");
        return text;
    }
    t->same_components++;
    if (ours->state != COMPONENT_UNPRICED || !ours->why) {
        t->prices++;
        if (same_price(ours, theirs))
            t->same_prices++;
        else
            printf("price of %s: theirs %g, ours %g (%s)\n", ours->name,
                   node_number(node_get(theirs, "impliedUnitPrice"),
                               node_number(node_get(theirs, "price"), NAN)),
                   money_double(ours->unit_price), ours->price_source);
    }
    return NULL;
}

/* What is left of a resource after its differences: all the same, or each with a reason. */
enum likeness { SAME, EXPLAINED, DIFFERENT };

static void report(struct tally *t, const char *in, const char *resource,
                   const char *component, const char *what, enum likeness *likeness)
{
    const char *reason = reason_for(resource, component);
    t->explained += reason != NULL;
    if (*likeness != DIFFERENT)
        *likeness = reason ? EXPLAINED : DIFFERENT;
    printf("%s: %s: %s: %s%s%s\n", in, resource, component, what, reason ? "; " : "",
           reason ? reason : "");
}

/* Listed by us without an amount, or of amount 0: they leave such components out at will. */
static bool is_open(const struct cost_component *c)
{
    return c->state != COMPONENT_PRICED || !(c->quantity.expected > 0);
}

static void compare_resource(struct tally *t, const char *in, const struct node *theirs,
                             const struct resource_cost *ours)
{
    enum { MOST = 256 };
    bool used[MOST] = {false};
    enum likeness likeness = SAME;
    char wanted[512], label[512];
    const char *name = node_text(node_get(theirs, "name"), "?");
    const struct node *components = node_get(theirs, "components");
    t->resources++;
    for (size_t i = 0; i < components->count; i++) {
        const struct node *component = components->items[i];
        const struct node *path = node_get(component, "path");
        theirs_path(wanted, sizeof wanted, component);
        const struct cost_component *c =
            ours && ours->count < MOST ? find(ours, wanted, used) : NULL;
        if (c)
            used[c - ours->components] = true;
        t->components++;
        snprintf(label, sizeof label, "%s", node_text(path->items[path->count - 1], ""));
        const char *what = compare(t, c, component);
        if (what)
            report(t, in, name, label, what, &likeness);
    }
    for (size_t i = 0; ours && i < ours->count && i < MOST; i++)
        if (!used[i] && !is_open(&ours->components[i]))
            report(t, in, name, ours->components[i].name, "they have no such component", &likeness);
    t->same += likeness != DIFFERENT;
    t->strictly_same += likeness == SAME;
}

static bool one_case(struct tally *t, const struct book *book, const char *folder,
                     struct err *err)
{
    struct arena arena = ARENA_INIT;
    struct change change;
    struct estate_cost cost;
    const struct node *expected;
    struct ingest_options options = {0};
    change_init(&change);
    const char *plan = path_join(&arena, folder, "plan.json");
    const char *usage = path_join(&arena, folder, "usage.yml");
    if (!files_exists(plan))
        plan = path_join(&arena, folder, "state.json");
    bool ok = doc_read(&expected, &arena, path_join(&arena, folder, "expected.json"), err) &&
              change_read(&change, plan, "us-east-1", &options, err) &&
              (!files_exists(usage) || usage_read(change.after, usage, err)) &&
              estate_cost(&cost, &arena, book, change.after, err);
    const struct node *resources = ok ? node_get(expected, "resources") : NULL;
    for (size_t i = 0; ok && i < resources->count; i++) {
        uint32_t at =
            estate_find(change.after, node_text(node_get(resources->items[i], "name"), ""));
        compare_resource(t, path_base(folder), resources->items[i],
                         at == NOTHING ? NULL : &cost.resources[at]);
    }
    change_release(&change);
    arena_release(&arena);
    return ok;
}

static double share(size_t part, size_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 100;
}

int main(int argc, char **argv)
{
    const char *root = argc > 1 ? argv[1] : "../shared/data/iac/infracost-pairs";
    struct arena arena = ARENA_INIT;
    struct path_list files = {0};
    struct tally t = {0};
    struct book *book = NULL;
    struct err err = ERR_INIT;
    if (!files_is_folder(root)) {
        printf("skipped: %s is not here\n", root);
        return 0;
    }
    bool ok = book_open(&book, NULL, &err) && files_list(&files, &arena, root, true, &err);
    for (size_t i = 0; ok && i < files.paths.count; i++) {
        const char *path = files.paths.at[i];
        if (strcmp(path_base(path), "expected.json"))
            continue;
        struct err why = ERR_INIT;
        if (!one_case(&t, book, path_folder(&arena, path), &why))
            printf("%s: %s\n", path, why.text);
    }
    printf("resources the same, or different for a known reason: %zu of %zu (%.1f %%); "
           "the same in everything: %zu (%.1f %%)\n",
           t.same, t.resources, share(t.same, t.resources), t.strictly_same,
           share(t.strictly_same, t.resources));
    printf("components the same: %zu of %zu (%.1f %%), %zu more differ for a known reason\n",
           t.same_components, t.components, share(t.same_components, t.components),
           t.explained);
    printf("unit prices the same: %zu of %zu (%.1f %%)\n", t.same_prices, t.prices,
           share(t.same_prices, t.prices));
    if (!ok)
        fprintf(stderr, "%s\n", err.text);
    path_list_release(&files);
    arena_release(&arena);
    book_free(book);
    return ok ? 0 : 1;
}
