#ifndef ADVISOR_COMMAND_H
#define ADVISOR_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/vec.h"
#include "report/report.h"

/* Exit codes of the program. */
enum status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,
    STATUS_USAGE = 2,      /* command line or configuration */
    STATUS_NOT_MET = 3,    /* a --fail-on rule */
    STATUS_INCOMPLETE = 4, /* finished, but some inputs could not be read */
    STATUS_NOT_POSTED = 5, /* result ready, comment not posted */
};

struct text_list {
    VEC(const char *) texts; /* borrowed from argv or the configuration */
};

enum option_kind {
    OPT_FLAG,   /* bool */
    OPT_TEXT,   /* const char *, NULL when not given */
    OPT_LIST,   /* struct text_list, may be given again; takes every word up to the next option */
    OPT_NUMBER, /* double, NaN when not given */
};

/* One option: a row that parses it, and prints its help. A table ends with {0}. */
struct option_row {
    const char *name; /* without dashes: "map" */
    char letter;      /* 0: none */
    enum option_kind kind;
    size_t offset;    /* of its field in the command's options struct */
    const char *value; /* what stands for the value in help: "FILE" */
    const char *help;
};

/* Options that every command takes. */
struct common_options {
    const char *folder;  /* -C DIR: work as if started there */
    const char *config;  /* --config FILE; default advisor.yaml where it exists */
    const char *format;  /* text */
    const char *out;     /* --out FILE; default stdout */
    const char *prices;  /* --prices DIR */
    const char *color;   /* auto, always, never */
    double width;        /* of text output; NaN: the terminal, else 80 */
    bool quiet, offline, help;
};

struct session {
    struct common_options common;
    struct text_list words; /* what is not an option */
    struct arena arena;     /* for the run of the command */
    enum status status;     /* to exit with when the command returns true */
};

/* One command: a constant in its own file cmd_<name>.c, named in commands.c. */
struct command {
    const char *name;
    const char *words;   /* usage of what is not an option: "MAP", "" */
    const char *summary; /* one line */
    const struct option_row *options;
    size_t options_size;
    /* `options` points at the filled struct. False: err is printed and maps to 1 or 2. */
    bool (*run)(struct session *session, const void *options, struct err *err);
};

extern const struct command *const commands[]; /* ends with NULL */

/* Fills the structs from argv (behind the command's name). */
bool options_parse(struct session *session, const struct command *command, void *options,
                   int argc, char **argv, struct err *err);
void options_release(const struct command *command, void *options);
void options_help(struct buf *out, const struct command *command);

/* Renders in the chosen format to stdout or --out. */
bool session_emit(struct session *session, const struct report *report, struct err *err);
/* Whole text to stdout or --out. */
bool session_write(struct session *session, const char *bytes, size_t length, struct err *err);
/* False for a name on another machine under --offline. */
bool session_allows(const struct session *session, const char *name, struct err *err);
/* A line on stderr unless --quiet; what is hostile in it is escaped. */
void session_say(const struct session *session, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for what failed, --quiet or not. */
void session_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
