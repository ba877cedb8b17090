#include "cloudwatch.h"

#include <stdlib.h>
#include <string.h>

/* Metrics whose name a label is recognised by, and the statistic that advice needs of them. */
static const struct {
    const char *metric, *stat;
} known[] = {
    {"ActiveConnectionCount", "Sum"},
    {"ActiveFlowCount", "Average"},
    {"ActiveFlowCount_TCP", "Average"},
    {"ActiveFlowCount_TLS", "Average"},
    {"ActiveFlowCount_UDP", "Average"},
    {"CPUCreditBalance", "Minimum"},
    {"CPUSurplusCreditsCharged", "Sum"},
    {"CPUUtilization", "Average"},
    {"ConsumedLCUs", "Sum"},
    {"DiskReadBytes", "Sum"},
    {"DiskReadOps", "Sum"},
    {"DiskWriteBytes", "Sum"},
    {"DiskWriteOps", "Sum"},
    {"EBSReadBytes", "Sum"},
    {"EBSReadOps", "Sum"},
    {"EBSWriteBytes", "Sum"},
    {"EBSWriteOps", "Sum"},
    {"EstimatedALBConsumedLCUs", "Sum"},
    {"EstimatedProcessedBytes", "Sum"},
    {"HTTPCode_ELB_503_Count", "Sum"},
    {"HTTPCode_ELB_504_Count", "Sum"},
    {"HTTP_Fixed_Response_Count", "Sum"},
    {"HTTP_Redirect_Count", "Sum"},
    {"HealthyHostCount", "Minimum"},
    {"LambdaTargetProcessedBytes", "Sum"},
    {"Latency", "Average"},
    {"MemoryUtilization", "Average"},
    {"NetworkIn", "Sum"},
    {"NetworkOut", "Sum"},
    {"NewConnectionCount", "Sum"},
    {"NewFlowCount", "Sum"},
    {"NewFlowCount_TCP", "Sum"},
    {"NewFlowCount_TLS", "Sum"},
    {"NewFlowCount_UDP", "Sum"},
    {"PeakLCUs", "Maximum"},
    {"PortAllocationErrorCount", "Sum"},
    {"ProcessedBytes", "Sum"},
    {"ProcessedBytes_TCP", "Sum"},
    {"ProcessedBytes_TLS", "Sum"},
    {"ProcessedBytes_UDP", "Sum"},
    {"RejectedConnectionCount", "Sum"},
    {"RequestCount", "Sum"},
    {"RequestCountPerTarget", "Sum"},
    {"ReservedLCUs", "Sum"},
    {"RuleEvaluations", "Sum"},
    {"SpilloverCount", "Sum"},
    {"SurgeQueueLength", "Maximum"},
    {"TargetConnectionErrorCount", "Sum"},
    {"TargetResponseTime", "Average"},
    {"UnHealthyHostCount", "Maximum"},
    {"VolumeReadOps", "Sum"},
    {"VolumeWriteOps", "Sum"},
    {"mem_used_percent", "Average"},
};

static int by_metric(const void *name, const void *row)
{
    return strcmp(name, *(const char *const *)row);
}

bool cloudwatch_is_known(const char *metric)
{
    return bsearch(metric, known, sizeof known / sizeof *known, sizeof *known, by_metric) !=
           NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), m = strlen(end);
    return n >= m && strcmp(text + n - m, end) == 0;
}

const char *cloudwatch_usual_stat(const char *metric)
{
    const char *const *row =
        bsearch(metric, known, sizeof known / sizeof *known, sizeof *known, by_metric);
    if (row)
        return row[1];
    return ends_with(metric, "Count") || ends_with(metric, "Bytes") ? "Sum" : "Average";
}

static bool is_stat(const char *word)
{
    static const char *const names[] = {"Average", "Sum", "Maximum", "Minimum", "SampleCount"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(word, names[i]) == 0)
            return true;
    size_t letters = strcspn(word, "0123456789");
    return letters >= 1 && letters <= 2 && word[letters] &&
           strspn(word + letters, "0123456789.") == strlen(word + letters) &&
           (word[0] == 'p' || strncmp(word, "tm", 2) == 0);
}

static bool is_space(const char *word)
{
    return strncmp(word, "AWS/", 4) == 0 || strcmp(word, "CWAgent") == 0;
}

/* Words that can only name a resource: an instance or volume id, an ARN, a load balancer's
 * path. */
static bool is_subject(const char *word)
{
    static const char *const begins[] = {"i-",   "vol-", "arn:",        "app/",
                                         "net/", "gwy/", "targetgroup/"};
    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
        if (strncmp(word, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

struct words {
    char text[512];
    const char *at[16];
    size_t count;
};

static bool split(struct words *w, const char *label)
{
    size_t length = strlen(label);
    if (length >= sizeof w->text)
        return false;
    memcpy(w->text, label, length + 1);
    char *save = NULL;
    for (char *word = strtok_r(w->text, " \t|,", &save); word;
         word = strtok_r(NULL, " \t|,", &save))
        if (w->count < sizeof w->at / sizeof *w->at)
            w->at[w->count++] = word;
    return w->count > 0;
}

bool cloudwatch_label(struct series_name *out, struct intern *symbols, const char *label)
{
    struct words w = {.count = 0};
    struct series_name name = {0};
    const char *left[16], *metric = NULL, *subject = NULL;
    size_t lefts = 0;
    if (!split(&w, label))
        return false;
    for (size_t i = 0; i < w.count; i++) {
        if (is_space(w.at[i]))
            name.space = intern(symbols, w.at[i]);
        else if (is_stat(w.at[i]))
            name.stat = intern(symbols, w.at[i]);
        else if (!subject && is_subject(w.at[i]))
            subject = w.at[i];
        else if (!metric && cloudwatch_is_known(w.at[i]))
            metric = w.at[i];
        else
            left[lefts++] = w.at[i];
    }
    /* CloudWatch writes the subject before the metric. */
    if (!metric && lefts)
        metric = left[--lefts];
    if (!subject && lefts)
        subject = left[--lefts];
    if (!metric || !subject || lefts)
        return false;
    name.metric = intern(symbols, metric);
    name.subject = intern(symbols, subject);
    if (!name.stat)
        name.stat = intern(symbols, cloudwatch_usual_stat(metric));
    *out = name;
    return true;
}
