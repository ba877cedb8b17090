#include "base/json_text.h"
#include "report/report.h"

static bool render(struct buf *out, const struct report *report,
                   const struct render_options *options, struct err *err)
{
    (void)options;
    (void)err;
    json_write(out, report->json, true);
    return true;
}

extern const struct renderer render_json;
const struct renderer render_json = {"json", render};
