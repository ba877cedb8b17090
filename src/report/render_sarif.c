#include "base/json_text.h"
#include "report/report.h"

static bool render(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err)
{
    (void)options;
    if (!report->sarif)
        return err_usage(err, "this command has no findings for --format sarif; "
                              "check and diff have");
    json_write(out, report->sarif, true);
    return true;
}

extern const struct renderer render_sarif;
const struct renderer render_sarif = {"sarif", render};
