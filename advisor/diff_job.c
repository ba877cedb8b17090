#include "base/parallel.h"
#include "bill/bill.h"
#include "check_parameters.h"
#include "cmd_diff.h"
#include "ingest/embedded_json.h"
#include "judging_day.h"
#include "policy/policy.h"
#include "policy_texts.h"

static bool open_map(struct diff_job *job, const struct diff_options *options, struct err *err)
{
    const char *path = options->map ? options->map : job->config.map;
    return !path || layer_map_open(&job->map, path, err);
}

/* A second input is the state after; what the first knows of a state before is not asked. */
static bool read_inputs(struct diff_job *job, const struct session *session, const char *region,
                        struct err *err)
{
    const struct text_list *paths = config_list(&session->words, &job->config.plans);
    struct ingest_options options = {.strict = job->config.strict};
    struct change other;
    if (!paths->texts.count || paths->texts.count > 2)
        return err_usage(err, "diff takes a plan, a template or a state, or two of them: before "
                              "and after");
    if (paths->texts.count == 1)
        return change_read(&job->change, paths->texts.at[0], region, &options, err);
    change_init(&other);
    bool ok = change_read(&other, paths->texts.at[0], region, &options, err) &&
              change_read(&job->change, paths->texts.at[1], region, &options, err);
    if (ok) {
        struct estate *unused = job->change.before;
        job->change.before = other.after;
        job->change.has_before = true;
        other.after = unused;
        VEC_FREE(&job->change.actions);
    }
    change_release(&other);
    return ok;
}

static bool add_usage(struct diff_job *job, struct estate *estate,
                      const struct diff_options *options, struct err *err)
{
    if (job->map) {
        usage_from_estate(estate, job->map->estate);
        if (!map_apply(estate, job->map, err))
            return false;
    }
    for (size_t i = 0; i < options->usage.texts.count; i++)
        if (!usage_read(estate, options->usage.texts.at[i], err))
            return false;
    return true;
}

static bool ask(struct diff_job *job, int side, struct estate *estate, struct err *err)
{
    embedded_json_decode(estate);
    struct recommend_input recommend = {estate, job->book, &job->config.recommend};
    day on;
    if (!judging_day(&on, &job->config, NULL, err))
        return false;
    struct policy_input policy = {.map = job->map ? job->map->estate : NULL,
                                  .actual = estate,
                                  .book = job->book,
                                  .parameters = job->parameters,
                                  .reporting_day = on};
    return recommend_all(&job->advice[side], &recommend, err) &&
           policy_check(&job->findings[side], &policy, err);
}

/* What is asked about one side of a change; the other side has nothing to do with it. */
struct question {
    struct diff_job *job;
    struct estate *estate;
    struct err err;
    bool ok;
};

static void answer(void *questions, size_t side)
{
    struct question *q = (struct question *)questions + side;
    q->ok = ask(q->job, (int)side, q->estate, &q->err);
}

static bool ask_both(struct diff_job *job, struct err *err)
{
    struct question sides[] = {{.job = job, .estate = job->change.before},
                               {.job = job, .estate = job->change.after}};
    parallel_run(2, 2, answer, sides);
    for (size_t i = 0; i < 2; i++)
        if (!sides[i].ok) {
            *err = sides[i].err;
            return false;
        }
    return true;
}

static bool read_parameters(struct diff_job *job, struct err *err)
{
    const struct node *map = job->map ? node_get(job->map->document, "checks") : NULL;
    return check_parameters(&job->parameters, &job->arena, job->config.checks, map,
                            job->config.waivers, err);
}

static bool load(struct diff_job *job, struct session *session,
                 const struct diff_options *options, struct err *err)
{
    if (!config_open(&job->config, session, err) || !open_map(job, options, err) ||
        !read_parameters(job, err))
        return false;
    const char *region = options->region ? options->region
                         : job->map      ? job->map->primary_region
                                         : NULL;
    return config_book(&job->book, &job->config, session, err) &&
           read_inputs(job, session, region, err) &&
           add_usage(job, job->change.before, options, err) &&
           add_usage(job, job->change.after, options, err);
}

static bool read_bill(struct estate *bill, const struct diff_options *options, struct err *err)
{
    struct bill_summary summary = {0};
    struct bill_options paths = {
        .paths = options->bill.texts.at,
        .path_count = options->bill.texts.count,
        .grain = BILL_BY_MONTH,
    };
    bool ok = bill_load(bill, &paths, &summary, err);
    bill_summary_release(&summary);
    if (ok)
        estate_index(bill);
    return ok;
}

/* A bill knows which commitments are used up; without one the map's cover what is planned. */
static bool weigh_commitments(struct diff_job *job, const struct diff_options *options,
                              struct err *err)
{
    struct diff_input in = diff_input_of(job);
    struct money_range increase = diff_figures_of(&in).increase;
    if (!options->bill.texts.count) {
        job->has_commitments =
            job->map && change_under_map(&job->commitments, job->map->estate, &job->before,
                                         &job->after, increase);
        return true;
    }
    struct estate *bill = estate_open();
    bool ok = read_bill(bill, options, err);
    job->has_commitments = ok && change_under_bill(&job->commitments, bill, &job->diff,
                                                   &job->before, &job->after, increase);
    if (ok && !job->has_commitments)
        estate_note(job->change.after, NOTE_INFO, NULL,
                    "the bill has no commitment that covers EC2 instances");
    estate_free(bill);
    return ok;
}

bool diff_run(struct diff_job *job, struct session *session, const struct diff_options *options,
              struct err *err)
{
    *job = (struct diff_job){0};
    change_init(&job->change);
    if (!load(job, session, options, err))
        return false;
    estate_diff(&job->diff, &job->change);
    if (!estate_cost(&job->before, &job->arena, job->book, job->change.before, err) ||
        !estate_cost(&job->after, &job->arena, job->book, job->change.after, err))
        return false;
    if (job->change.has_before && !weigh_commitments(job, options, err))
        return false;
    if (options->no_advice)
        return true;
    job->has_advice = true;
    advice_init(&job->advice[0], job->change.before);
    advice_init(&job->advice[1], job->change.after);
    return ask_both(job, err);
}

struct diff_input diff_input_of(struct diff_job *job)
{
    struct diff_input in = {
        .change = &job->change,
        .diff = &job->diff,
        .before = &job->before,
        .after = &job->after,
    };
    if (job->has_commitments)
        in.commitments = &job->commitments;
    if (job->has_advice) {
        in.advice_before = &job->advice[0];
        in.advice_after = &job->advice[1];
        in.findings_before = &job->findings[0];
        in.findings_after = &job->findings[1];
        in.policies = policy_texts(&in.policy_count, &job->arena, job->parameters);
    }
    return in;
}

void diff_release(struct diff_job *job)
{
    for (int side = 0; side < 2 && job->has_advice; side++) {
        advice_release(&job->advice[side]);
        findings_release(&job->findings[side]);
    }
    estate_diff_release(&job->diff);
    change_release(&job->change);
    layer_map_free(job->map);
    book_free(job->book);
    config_release(&job->config);
    arena_release(&job->arena);
}
