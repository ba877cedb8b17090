#include <string.h>

#include "base/json_text.h"
#include "bill/bill.h"
#include "command.h"
#include "ingest/layer_map.h"
#include "init.h"
#include "io/files.h"

static const char config_name[] = "advisor.yaml", map_name[] = "layer-map.yaml";

struct init_options {
    bool force;
};

static const struct option_row rows[] = {
    {"force", 0, OPT_FLAG, offsetof(struct init_options, force), NULL,
     "overwrite advisor.yaml and layer-map.yaml"},
    {0},
};

void init_write_config(struct buf *out, const struct found_inputs *found, const char *map)
{
    buf_add(out,
            "# Inputs of advisor, found below this folder. docs/configuration.md has every "
            "key.\n");
    if (map) {
        buf_add(out, "map: ");
        json_write_string(out, map, strlen(map));
        buf_add_char(out, '\n');
    }
    for (int k = INPUT_BILLS; k < INPUT_MAP; k++) {
        const struct text_list *list = &found->paths[k];
        if (!list->texts.count)
            continue;
        buf_printf(out, "%s:\n", input_key((enum input_kind)k));
        for (size_t i = 0; i < list->texts.count; i++) {
            buf_add(out, "  - ");
            json_write_string(out, list->texts.at[i], strlen(list->texts.at[i]));
            buf_add_char(out, '\n');
        }
    }
    buf_add(out,
            "\n# Contract prices come before the list price, by the key that `advisor prices "
            "show` prints:\n# prices:\n#   discounts_pct: {'ec2 *': 5, 'databricks dbu "
            "sku=JOBS_COMPUTE': 20}\n");
}

static bool load_bill(struct estate *bill, const struct found_inputs *found, struct err *err)
{
    static const char *const tags[] = {"Tenant", "tenant", "Customer", "customer"};
    struct bill_summary summary = {0};
    struct bill_options options = {
        .paths = found->paths[INPUT_BILLS].texts.at,
        .path_count = found->paths[INPUT_BILLS].texts.count,
        .wanted_tags = tags,
        .wanted_tag_count = sizeof tags / sizeof *tags,
    };
    bool ok = !options.path_count ||
              (bill_load(bill, &options, &summary, err) && map_apply(bill, NULL, err));
    bill_summary_release(&summary);
    return ok;
}

static bool may_write(const char *path, const struct init_options *o, struct err *err)
{
    return o->force || !files_exists(path) ||
           err_usage(err, "%s is here already: --force overwrites it", path);
}

static void say_found(const struct session *session, const struct found_inputs *found)
{
    for (int k = INPUT_BILLS; k < INPUT_KINDS; k++)
        if (found->files[k])
            session_say(session, "%zu file%s of %s", found->files[k],
                        found->files[k] == 1 ? "" : "s", input_key((enum input_kind)k));
    if (found->files[INPUT_OTHER])
        session_say(session, "%zu file%s that advisor does not read",
                    found->files[INPUT_OTHER], found->files[INPUT_OTHER] == 1 ? "" : "s");
}

static bool write_all(struct session *session, const struct found_inputs *found,
                      const struct estate *bill, const struct init_options *o, struct err *err)
{
    struct buf config = BUF_INIT, map = BUF_INIT;
    const struct text_list *maps = &found->paths[INPUT_MAP];
    bool own = maps->texts.count == 0 || (o->force && !strcmp(maps->texts.at[0], map_name));
    bool ok = may_write(config_name, o, err) && (!own || may_write(map_name, o, err));
    if (ok) {
        init_write_config(&config, found, own ? map_name : maps->texts.at[0]);
        init_write_map(&map, bill);
        ok = (!own || files_write(map_name, buf_text(&map), map.length, err)) &&
             files_write(config_name, buf_text(&config), config.length, err);
    }
    const char *said =
        own ? "wrote advisor.yaml and layer-map.yaml\n" : "wrote advisor.yaml\n";
    ok = ok && session_write(session, said, strlen(said), err);
    buf_release(&config);
    buf_release(&map);
    return ok;
}

static bool run(struct session *session, const void *options, struct err *err)
{
    const struct init_options *o = options;
    struct found_inputs found = {0};
    struct estate *bill = estate_open();
    bool ok = may_write(config_name, o, err) && init_find(&found, session, err);
    if (ok) {
        say_found(session, &found);
        ok = load_bill(bill, &found, err) && write_all(session, &found, bill, o, err);
    }
    found_inputs_release(&found);
    estate_free(bill);
    return ok;
}

extern const struct command cmd_init;
const struct command cmd_init = {
    .name = "init",
    .words = "",
    .summary = "look at the files here and write a first configuration and layer map",
    .options = rows,
    .options_size = sizeof(struct init_options),
    .run = run,
};
