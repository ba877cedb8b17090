#ifndef ADVISOR_CMD_PRICES_H
#define ADVISOR_CMD_PRICES_H

#include "base/when.h"
#include "command.h"

struct prices_options {
    const char *date;
};

/* 0 when no --date was given. */
bool prices_today(day *out, const struct prices_options *options, struct err *err);

/* The words of the session begin with the name of the part. */
bool prices_show(struct session *session, const struct prices_options *options,
                 struct err *err);
bool prices_verify(struct session *session, const struct prices_options *options,
                   struct err *err);
bool prices_refresh(struct session *session, const struct prices_options *options,
                    struct err *err);

#endif
