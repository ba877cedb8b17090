#include "spark_labelling.h"

#include <stdlib.h>
#include <string.h>

#include "base/glob.h"
#include "base/mem.h"
#include "base/pattern.h"

struct label {
    struct phase phase;       /* a copy: a map's estate may grow while logs are read into it */
    const struct node *entry; /* of its cluster in the map */
    VEC(struct pattern *) patterns;
};

struct spark_labels {
    VEC(struct label) at;
};

struct spark_labelling {
    const struct spark_labels *labels;
    const struct spark_log *log;
    VEC(uint32_t) order; /* labels that may be asked, the log's own cluster first */
    struct map best;     /* a text's address -> the place in `order` of what it matched */
    struct arena keys;   /* of `best` */
};

static const struct node *entry_of(const struct layer_map *map, uint32_t resource)
{
    for (size_t i = 0; i < map->entries.count; i++)
        if (map->entries.at[i].resource == resource)
            return map->entries.at[i].node;
    return NULL;
}

static void add_label(struct spark_labels *labels, const struct layer_map *map,
                      const struct phase *phase)
{
    struct label *label = VEC_PUSH(&labels->at);
    label->phase = *phase;
    label->entry = entry_of(map, phase->cluster);
    for (size_t i = 0; i < phase->match.count; i++) {
        struct pattern *pattern;
        if (pattern_open(&pattern, phase->match.at[i], NULL)) /* the map's reader checked it */
            VEC_ADD(&label->patterns, pattern);
    }
}

struct spark_labels *spark_labels_open(const struct layer_map *map)
{
    struct spark_labels *labels = NULL;
    for (size_t i = 0; map && i < map->estate->phases.count; i++) {
        const struct phase *phase = &map->estate->phases.at[i];
        if (!phase->match.count)
            continue;
        if (!labels)
            labels = mem_alloc(sizeof *labels);
        add_label(labels, map, phase);
    }
    return labels;
}

void spark_labels_free(struct spark_labels *labels)
{
    for (size_t i = 0; labels && i < labels->at.count; i++) {
        for (size_t k = 0; k < labels->at.at[i].patterns.count; k++)
            pattern_free(labels->at.at[i].patterns.at[k]);
        VEC_FREE(&labels->at.at[i].patterns);
    }
    if (labels)
        VEC_FREE(&labels->at);
    free(labels);
}

size_t spark_labels_count(const struct spark_labels *labels)
{
    return labels ? labels->at.count : 0;
}

const struct phase *spark_labels_phase(const struct spark_labels *labels, size_t label)
{
    return &labels->at.at[label].phase;
}

enum kinship { STRANGER, PERHAPS, OWN };

static enum kinship compare(const struct node *said, const char *known)
{
    bool one = node_is(said, NODE_STRING), any = false;
    if (!known || node_absent(said))
        return PERHAPS;
    for (size_t i = 0; i < (one ? 1 : said->count); i++)
        any |= glob_match(node_text(one ? said : said->items[i], ""), known);
    return any ? OWN : STRANGER;
}

/* What a job names its clusters says nothing of what the map calls the job. */
static const char *given_name(const struct spark_cluster *c)
{
    return c->cluster_name && !strncmp(c->cluster_name, "job-", 4) ? NULL : c->cluster_name;
}

/* One thing that agrees is enough: ids and names of clusters change, a job's id does not. */
static enum kinship kinship_of(const struct node *entry, const struct spark_cluster *c)
{
    enum kinship by[] = {compare(node_get(entry, "ids"), c->cluster_id),
                         compare(node_get(entry, "name"), given_name(c)),
                         compare(node_at(entry, "tags.JobId"), c->job_id)};
    enum kinship found = PERHAPS;
    for (size_t i = 0; i < sizeof by / sizeof *by; i++)
        if (by[i] == OWN)
            return OWN;
        else if (by[i] == STRANGER)
            found = STRANGER;
    return found;
}

static void add_of_kinship(struct spark_labelling *l, enum kinship wanted)
{
    for (size_t i = 0; i < l->labels->at.count; i++)
        if (kinship_of(l->labels->at.at[i].entry, &l->log->cluster) == wanted)
            VEC_ADD(&l->order, (uint32_t)i);
}

struct spark_labelling *spark_labelling_open(const struct spark_labels *labels,
                                             const struct spark_log *log)
{
    if (!labels)
        return NULL;
    struct spark_labelling *l = mem_alloc(sizeof *l);
    l->labels = labels;
    l->log = log;
    add_of_kinship(l, OWN);
    add_of_kinship(l, PERHAPS);
    return l;
}

void spark_labelling_free(struct spark_labelling *l)
{
    if (!l)
        return;
    VEC_FREE(&l->order);
    map_release(&l->best);
    arena_release(&l->keys);
    free(l);
}

/* The first place in the order whose expressions find something; the order's end if none. */
static size_t search(const struct spark_labelling *l, const char *text)
{
    for (size_t i = 0; i < l->order.count; i++) {
        const struct label *label = &l->labels->at.at[l->order.at[i]];
        for (size_t k = 0; k < label->patterns.count; k++)
            if (pattern_finds(label->patterns.at[k], text))
                return i;
    }
    return l->order.count;
}

/* Texts of a log are interned and come again with every job: each is searched once. */
static size_t place_of(struct spark_labelling *l, sym text)
{
    size_t place;
    if (!text)
        return l->order.count;
    if (map_get(&l->best, &text, sizeof text, &place))
        return place;
    sym *key = ARENA_NEW(&l->keys, sym);
    *key = text;
    place = search(l, text);
    map_put(&l->best, key, sizeof *key, place);
    return place;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t place_of_job(struct spark_labelling *l, const struct spark_job *job)
{
    sym texts[] = {job->description, job->group, job->notebook, job->task_key, job->call_site};
    size_t place = l->order.count;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        place = least(place, place_of(l, texts[i]));
    if (job->sql != SPARK_NONE)
        place = least(place, place_of(l, l->log->sqls.at[job->sql].description));
    return place;
}

const struct phase *spark_labelling_find(struct spark_labelling *l, const uint32_t *jobs,
                                         size_t job_count, const uint32_t *stages,
                                         size_t stage_count)
{
    if (!l)
        return NULL;
    const struct spark_log *log = l->log;
    size_t none = l->order.count, place = none;
    for (size_t i = 0; i < job_count; i++)
        place = least(place, place_of_job(l, &log->jobs.at[jobs[i]]));
    for (size_t i = 0; i < stage_count; i++)
        place = least(place, place_of(l, log->stages.at[stages[i]].name));
    if (place == none)
        place = least(place_of(l, log->cluster.workload), place_of(l, log->app_name));
    return place == none ? NULL : &l->labels->at.at[l->order.at[place]].phase;
}
