#include "assembly.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "io/doc.h"

/* What a manifest says, of a legacy report or of a data export. */
struct manifest {
    const char *path, *folder;
    const char *report, *period; /* which bill */
    const char *delivery;        /* which of its deliveries */
    const struct node *parts, *columns;
    bool copy; /* the one that lies in the delivery's own folder */
};

enum fate { UNDECIDED, CHOSEN, BESIDE, PASSED_OVER };

struct chooser {
    struct arena *arena;
    const struct path_list *found;
    VEC(struct manifest) manifests;
    enum fate *fates; /* of the files found */
    const struct node **columns; /* the same: what their manifest says of them */
    struct assembly *out;
};

bool assembly_is_manifest(const char *path)
{
    static const char end[] = "manifest.json";
    size_t n = strlen(path), m = sizeof end - 1;
    return n >= m && !strcasecmp(path + n - m, end);
}

static void note(struct chooser *c, const char *path, const char *text)
{
    VEC_ADD(&c->out->notes, ((struct assembly_note){path, text}));
}

static const char *text_at(const struct node *n, const char *first, const char *second)
{
    const char *text = node_text(node_get(n, first), NULL);
    return text ? text : node_text(node_get(n, second), "");
}

/* "20240101T000000.000Z" and "2024-01-01T00:00:00.000Z" are one month. */
static const char *month_of_text(struct arena *arena, const char *text)
{
    char digits[7] = "";
    for (size_t n = 0; *text && n < 6; text++)
        if (*text >= '0' && *text <= '9')
            digits[n++] = *text;
    return arena_strdup(arena, digits);
}

static bool read_manifest(struct chooser *c, const char *path, struct err *err)
{
    const struct node *n;
    if (!doc_read(&n, c->arena, path, err))
        return err_within(err, "the manifest of a bill cannot be read; mend it, or give the "
                               "bill's files by name");
    const struct node *parts = node_get(n, "reportKeys");
    if (!parts)
        parts = node_get(n, "dataFiles");
    if (!node_is(parts, NODE_LIST))
        return true;
    struct manifest m = {.path = path, .folder = path_folder(c->arena, path), .parts = parts,
                         .columns = node_get(n, "columns")};
    if (!node_is(m.columns, NODE_LIST))
        m.columns = NULL;
    m.report = text_at(n, "reportName", "exportArn");
    m.delivery = text_at(n, "assemblyId", "executionId");
    const char *start = node_text(node_at(n, "billingPeriod.start"), NULL);
    const char *named = strstr(path, "BILLING_PERIOD=");
    m.period = month_of_text(c->arena, start ? start : named ? named : m.folder);
    m.copy = *m.delivery && !strcmp(path_base(m.folder), m.delivery);
    VEC_ADD(&c->manifests, m);
    return true;
}

/* How many trailing path components two names share. */
static size_t shared_components(const char *a, const char *b)
{
    size_t n = strlen(a), m = strlen(b), shared = 0;
    while (n && m && a[n - 1] == b[m - 1]) {
        n--;
        m--;
        shared += a[n] == '/';
    }
    return shared + ((!n || a[n - 1] == '/') && (!m || b[m - 1] == '/') && (!n || !m));
}

static bool same_base(const char *path, const char *key)
{
    return !strcmp(path_base(path), path_base(key));
}

static bool has_component(const char *path, const char *name)
{
    const char *at = strstr(path, name);
    return at && (at == path || at[-1] == '/') && at[strlen(name)] == '/';
}

/*
 * The file that a key names: that with the longest common end. A key inside the
 * delivery's folder is not a file of the same name from another delivery.
 */
static size_t find_part(const struct chooser *c, const struct manifest *m, const char *key)
{
    size_t best = SIZE_MAX, best_shared = 0;
    bool in_delivery = *m->delivery && has_component(key, m->delivery);
    for (size_t i = 0; i < c->found->paths.count; i++) {
        const char *path = c->found->paths.at[i];
        size_t shared = shared_components(path, key);
        if (!same_base(path, key) || shared < best_shared + (best != SIZE_MAX))
            continue;
        bool beside = !strcmp(path_folder(c->arena, path), m->folder);
        if ((in_delivery && !has_component(path, m->delivery) && !beside) ||
            (shared < 1 && !beside))
            continue;
        best = i;
        best_shared = shared;
    }
    return best;
}

static size_t missing_parts(const struct chooser *c, const struct manifest *m,
                            const char **first)
{
    size_t missing = 0;
    for (size_t p = 0; p < m->parts->count; p++) {
        const char *key = node_text(m->parts->items[p], "");
        if (find_part(c, m, key) == SIZE_MAX && missing++ == 0)
            *first = key;
    }
    return missing;
}

static time_t changed_at(const char *path)
{
    struct stat st;
    return stat(path, &st) ? 0 : st.st_mtime;
}

/* Of two manifests of one bill: the top-level one, then the newer, then the one in its place. */
static bool better(const struct chooser *c, const struct manifest *a, const struct manifest *b)
{
    const char *unused;
    if (a->copy != b->copy)
        return !a->copy;
    if (strcmp(a->delivery, b->delivery)) {
        time_t x = changed_at(a->path), y = changed_at(b->path);
        return x != y ? x > y : strcmp(a->delivery, b->delivery) > 0;
    }
    size_t x = missing_parts(c, a, &unused), y = missing_parts(c, b, &unused);
    return x != y ? x < y : strcmp(a->path, b->path) < 0;
}

static bool same_bill(const struct manifest *a, const struct manifest *b)
{
    return !strcmp(a->report, b->report) && !strcmp(a->period, b->period);
}

static bool is_current(const struct chooser *c, size_t which)
{
    for (size_t i = 0; i < c->manifests.count; i++)
        if (i != which && same_bill(&c->manifests.at[i], &c->manifests.at[which]) &&
            better(c, &c->manifests.at[i], &c->manifests.at[which]))
            return false;
    return true;
}

static bool take_parts(struct chooser *c, const struct manifest *m, struct err *err)
{
    const char *key = NULL;
    if (missing_parts(c, m, &key))
        return err_set(err, "%s: the part %s that it names is not here; fetch it, or give the "
                       "files themselves", m->path, key);
    for (size_t p = 0; p < m->parts->count; p++) {
        size_t part = find_part(c, m, node_text(m->parts->items[p], ""));
        c->fates[part] = CHOSEN;
        c->columns[part] = m->columns;
    }
    return true;
}

static bool below(const char *path, const char *folder)
{
    size_t n = strlen(folder);
    return !strcmp(folder, ".") || (!strncmp(path, folder, n) && path[n] == '/');
}

/* A manifest rules its folder, and the folder that holds its parts. */
static bool ruled(const struct chooser *c, const char *path)
{
    for (size_t i = 0; i < c->manifests.count; i++) {
        const struct manifest *m = &c->manifests.at[i];
        if (below(path, m->folder))
            return true;
        for (size_t p = 0; p < m->parts->count; p++) {
            size_t part = find_part(c, m, node_text(m->parts->items[p], ""));
            if (part != SIZE_MAX &&
                below(path, path_folder(c->arena, c->found->paths.at[part])))
                return true;
        }
    }
    return false;
}

static bool choose_by_manifests(struct chooser *c, struct err *err)
{
    for (size_t i = 0; i < c->manifests.count; i++) {
        const struct manifest *m = &c->manifests.at[i];
        if (!is_current(c, i))
            continue;
        if (!take_parts(c, m, err))
            return false;
        if (m->copy)
            note(c, m->path, "there is no manifest above the delivery folders: the newest "
                             "delivery was taken");
    }
    for (size_t i = 0; c->manifests.count && i < c->found->paths.count; i++)
        if (c->fates[i] == UNDECIDED && ruled(c, c->found->paths.at[i]))
            c->fates[i] = BESIDE;
    return true;
}

/* A delivery's folder is a UUID: 8-4-4-4-12 hexadecimal digits. */
static bool is_uuid(const char *name)
{
    static const char pattern[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (strlen(name) != sizeof pattern - 1)
        return false;
    for (size_t i = 0; name[i]; i++)
        if (pattern[i] == '-' ? name[i] != '-' : !strchr("0123456789abcdefABCDEF", name[i]))
            return false;
    return true;
}

static const char *delivery_folder(const struct chooser *c, size_t i)
{
    const char *folder = path_folder(c->arena, c->found->paths.at[i]);
    return is_uuid(path_base(folder)) ? folder : NULL;
}

/* Is there a newer delivery beside this folder? */
static bool is_older(const struct chooser *c, const char *folder)
{
    const char *above = path_folder(c->arena, folder);
    for (size_t i = 0; i < c->found->paths.count; i++) {
        const char *other = delivery_folder(c, i);
        if (!other || !strcmp(other, folder) || strcmp(path_folder(c->arena, other), above))
            continue;
        time_t x = changed_at(other), y = changed_at(folder);
        if (x > y || (x == y && strcmp(other, folder) > 0))
            return true;
    }
    return false;
}

static void choose_by_folders(struct chooser *c)
{
    for (size_t i = 0; i < c->found->paths.count; i++) {
        const char *folder = c->fates[i] == UNDECIDED ? delivery_folder(c, i) : NULL;
        if (!folder || !is_older(c, folder))
            continue;
        c->fates[i] = PASSED_OVER;
        note(c, c->found->paths.at[i], "there is no manifest, and the folder beside it is newer: "
                                       "taken to be an older delivery and not read");
    }
}

bool assembly_choose(struct assembly *out, struct arena *arena, const struct path_list *found,
                     struct err *err)
{
    struct chooser c = {.arena = arena, .found = found, .out = out};
    *out = (struct assembly){0};
    c.fates = mem_alloc(found->paths.count * sizeof *c.fates);
    c.columns = mem_alloc(found->paths.count * sizeof *c.columns);
    bool ok = true;
    for (size_t i = 0; ok && i < found->paths.count; i++) {
        if (!assembly_is_manifest(found->paths.at[i]))
            continue;
        c.fates[i] = PASSED_OVER;
        ok = read_manifest(&c, found->paths.at[i], err);
    }
    ok = ok && choose_by_manifests(&c, err);
    if (ok)
        choose_by_folders(&c);
    for (size_t i = 0; ok && i < found->paths.count; i++) {
        if (c.fates[i] == BESIDE) {
            VEC_ADD(&out->beside.paths, found->paths.at[i]);
        } else if (c.fates[i] != PASSED_OVER) {
            VEC_ADD(&out->chosen.paths, found->paths.at[i]);
            VEC_ADD(&out->columns, c.columns[i]);
        }
    }
    free(c.fates);
    free(c.columns);
    VEC_FREE(&c.manifests);
    return ok;
}

void assembly_release(struct assembly *assembly)
{
    path_list_release(&assembly->chosen);
    VEC_FREE(&assembly->columns);
    path_list_release(&assembly->beside);
    VEC_FREE(&assembly->notes);
}
