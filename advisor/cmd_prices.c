#include <string.h>

#include "cmd_prices.h"

static const struct option_row rows[] = {
    {"date", 0, OPT_TEXT, offsetof(struct prices_options, date), "DATE",
     "reporting date, such as 2026-08-01: says which prices are old"},
    {0},
};

static const struct {
    const char *name;
    bool (*run)(struct session *session, const struct prices_options *options,
                struct err *err);
} parts[] = {
    {"show", prices_show},
    {"verify", prices_verify},
    {"refresh", prices_refresh},
};

bool prices_today(day *out, const struct prices_options *options, struct err *err)
{
    *out = 0;
    if (options->date && !day_parse(out, options->date, strlen(options->date)))
        return err_usage(err, "--date takes a date such as 2026-08-01, not '%s'",
                         options->date);
    return true;
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const char *word = session->words.texts.count ? session->words.texts.at[0] : "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (!strcmp(word, parts[i].name))
            return parts[i].run(session, options, err);
    return err_usage(err, "advisor prices takes show, verify or refresh first, for instance: "
                          "advisor prices show ec2 m6i.2xlarge eu-west-1");
}

const struct command cmd_prices = {
    .name = "prices",
    .words = "show SERVICE WORD... | verify DIR | refresh INDEX.CSV...",
    .summary = "show prices, check a folder of price files, or make one from AWS's lists",
    .options = rows,
    .options_size = sizeof(struct prices_options),
    .run = run,
};
