#include <math.h>
#include <string.h>

#include "base/parallel.h"
#include "cluster_size.h"
#include "recommend/sizing_inputs.h"

size_t sizing_scenarios(size_t clusters)
{
    enum { IN_ALL = 100000, FEWEST = 32, MOST = 256 };
    size_t each = IN_ALL / (clusters + 1);
    return each < FEWEST ? FEWEST : each > MOST ? MOST : each;
}

static double runs_of(const struct phase *p)
{
    return isnan(p->runs_per_month) ? 1 : p->runs_per_month;
}

const struct phase *sizing_phase(const struct sizing_work *w, size_t index)
{
    return &w->view->run->in->estate->phases.at[w->phases[index]];
}

/* Of two runs the later one tells more, since inputs grow; one that was cut tells less. */
static bool is_newer(const struct phase *a, const struct phase *b)
{
    return a->incomplete != b->incomplete ? b->incomplete : a->from > b->from;
}

void sizing_take_phases(struct sizing_work *w)
{
    const struct cluster_view *v = w->view;
    const struct phase *phases = v->run->in->estate->phases.at;
    const uint32_t *works = v->run->works;
    for (size_t i = 0; i < v->phase_count; i++) {
        uint32_t phase = v->phases[i];
        size_t at = 0;
        while (at < w->phase_count && works[w->phases[at]] != works[phase])
            at++;
        w->too_many = at == SIZING_PHASES;
        if (w->too_many) {
            w->phase_count = 0;
            return;
        }
        if (at == w->phase_count)
            w->phases[w->phase_count++] = phase;
        else if (is_newer(&phases[phase], &phases[w->phases[at]]))
            w->phases[at] = phase;
        w->times[at]++;
    }
}

static void add_costs(struct sizing_work *w, size_t phase, const struct sizing_option *options)
{
    double runs = w->times[phase] * runs_of(sizing_phase(w, phase));
    for (size_t i = 0; i < w->count; i++) {
        const struct sizing_option *from = &options[i];
        struct shape_option *to = &w->options[i];
        const double minutes[3] = {from->minutes.p10, from->minutes.p50, from->minutes.p90};
        for (int q = 0; q < 3; q++)
            to->usd[q] +=
                runs * minutes[q] / 60 * to->usd_per_hour * (1 + from->failure_probability);
        w->minutes[phase][i] = from->minutes;
        to->failure = fmax(to->failure, from->failure_probability);
        to->within = fmin(to->within, from->within_limit);
        to->binding = from->binding;
    }
}

/* The first phase that is unsure speaks for all. */
static void keep_doubts(struct sizing_work *w, const struct sizing_forecast *forecast)
{
    struct sizing_choice choice;
    if (w->abstained)
        return;
    sizing_rank(&choice, forecast, w->usd, (struct sizing_limits){NAN, NAN});
    w->abstained = choice.abstained;
    w->has_probe = choice.abstained && choice.has_probe;
    w->probe = choice.probe;
    sizing_choice_release(&choice);
}

static bool add_phase(struct sizing_work *w, size_t phase)
{
    const struct phase *p = sizing_phase(w, phase);
    struct sizing_request request = {.workload = cluster_work(w->view->run, w->phases[phase]),
                                     .algorithm = p->algorithm,
                                     .class_name = sizing_class_text(p->class),
                                     .iterative = sizing_iterative(p->iterative),
                                     .input_gb = p->input_gb,
                                     .candidates = w->candidates,
                                     .candidate_count = w->count,
                                     .most_scenarios = w->most_scenarios};
    struct sizing_forecast *forecast = NULL;
    struct sizing_option options[SIZING_OPTIONS];
    struct sizing_evidence evidence;
    if (!sizing_forecast_open(&forecast, w->view->run->history, &request, &w->err))
        return false;
    sizing_outlook(options, forecast, w->usd, (struct sizing_limits){p->max_minutes, NAN});
    sizing_evidence(&evidence, forecast);
    w->own_runs += evidence.own_completed;
    add_costs(w, phase, options);
    if (evidence.own_completed + evidence.same_algorithm + evidence.other_workloads == 0)
        keep_doubts(w, forecast);
    sizing_forecast_free(forecast);
    return true;
}

/* The start of every run, where runs start clusters of their own. */
static void add_startup(struct sizing_work *w)
{
    const struct cluster_view *v = w->view;
    if (!v->shape.sku || strncmp(v->shape.sku, "JOBS", 4) != 0)
        return; /* others are started by hand and stay */
    for (size_t i = 0; i < w->phase_count; i++)
        w->starts = fmax(w->starts, sizing_phase(w, i)->runs_per_month);
    w->startup_minutes = cluster_startup_minutes(v);
    for (size_t i = 0; i < w->count; i++) {
        struct shape_option *o = &w->options[i];
        o->startup_usd = w->starts * w->startup_minutes / 60 * o->usd_per_hour;
        for (int q = 0; q < 3; q++)
            o->usd[q] += o->startup_usd;
    }
}

/* Reads what all clusters share and writes to its own work alone. */
static void forecast_phases(void *works, size_t which)
{
    struct sizing_work *w = (struct sizing_work *)works + which;
    bool ok = w->count > 0;
    for (size_t i = 0; ok && i < w->phase_count; i++)
        ok = add_phase(w, i);
    if (ok)
        add_startup(w);
}

void sizing_forecast_all(struct sizing_work *works, size_t count)
{
    parallel_run(parallel_cores(), count, forecast_phases, works);
}

bool sizing_usable(const struct shape_option *o)
{
    return o->failure <= SIZING_MOST_FAILURE && o->within >= SIZING_LEAST_WITHIN &&
           o->usd[1] > 0;
}

size_t sizing_cheapest(const struct sizing_work *w, bool sure)
{
    size_t best = 0;
    for (size_t i = 1; i < w->count; i++) {
        const struct shape_option *o = &w->options[i];
        if (!sizing_usable(o) || (sure && o->usd[2] > w->options[0].usd[1]))
            continue;
        if (o->usd[1] < w->options[best].usd[1] || !sizing_usable(&w->options[best]))
            best = i;
    }
    return best;
}
