#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"

static const struct option_row common_rows[] = {
    {"format", 'f', OPT_TEXT, offsetof(struct common_options, format), "NAME",
     "text, json, markdown, html, csv or sarif (default text)"},
    {"out", 'o', OPT_TEXT, offsetof(struct common_options, out), "FILE",
     "write the result there instead of to stdout"},
    {"directory", 'C', OPT_TEXT, offsetof(struct common_options, folder), "DIR",
     "work as if started in DIR"},
    {"config", 0, OPT_TEXT, offsetof(struct common_options, config), "FILE",
     "configuration (default advisor.yaml, where it exists)"},
    {"prices", 0, OPT_TEXT, offsetof(struct common_options, prices), "DIR",
     "price files that come before the built-in book"},
    {"color", 0, OPT_TEXT, offsetof(struct common_options, color), "WHEN",
     "auto, always or never (default auto; NO_COLOR counts)"},
    {"width", 0, OPT_NUMBER, offsetof(struct common_options, width), "COLUMNS",
     "width of text output (default the terminal's, else 80)"},
    {"quiet", 'q', OPT_FLAG, offsetof(struct common_options, quiet), NULL,
     "no messages but errors"},
    {"offline", 0, OPT_FLAG, offsetof(struct common_options, offline), NULL,
     "refuse every network access"},
    {"help", 'h', OPT_FLAG, offsetof(struct common_options, help), NULL, "this text"},
    {0},
};

static void *field(void *base, const struct option_row *row)
{
    return (char *)base + row->offset;
}

static void set_unknown(const struct option_row *rows, void *base)
{
    for (; rows && rows->name; rows++)
        if (rows->kind == OPT_NUMBER)
            *(double *)field(base, rows) = NAN;
}

static const struct option_row *find(const struct option_row *rows, const char *name,
                                     size_t length, char letter)
{
    for (; rows && rows->name; rows++)
        if (letter ? rows->letter == letter
                   : strlen(rows->name) == length && !strncmp(rows->name, name, length))
            return rows;
    return NULL;
}

struct reader {
    struct session *session;
    const struct command *command;
    void *options;
    int argc, at;
    char **argv;
    struct err *err;
};

static bool looks_like_option(const char *word)
{
    return word[0] == '-' && word[1];
}

static bool set_number(double *out, const struct option_row *row, const char *value,
                       struct err *err)
{
    char *end;
    *out = strtod(value, &end);
    if (end == value || *end)
        return err_usage(err, "--%s takes a number, not '%s'", row->name, value);
    return true;
}

/* Takes the value behind '=', or the next word, or for a list all words up to an option. */
static bool set_value(struct reader *r, const struct option_row *row, void *base,
                      const char *value)
{
    if (row->kind == OPT_FLAG) {
        if (value)
            return err_usage(r->err, "--%s takes no value", row->name);
        *(bool *)field(base, row) = true;
        return true;
    }
    bool attached = value;
    if (!value) {
        if (r->at >= r->argc)
            return err_usage(r->err, "--%s needs a value: %s", row->name, row->value);
        value = r->argv[r->at++];
    }
    if (row->kind == OPT_TEXT) {
        *(const char **)field(base, row) = value;
        return true;
    }
    if (row->kind == OPT_NUMBER)
        return set_number(field(base, row), row, value, r->err);
    struct text_list *list = field(base, row);
    VEC_ADD(&list->texts, value);
    while (!attached && r->at < r->argc && !looks_like_option(r->argv[r->at]))
        VEC_ADD(&list->texts, r->argv[r->at++]);
    return true;
}

static bool set_option(struct reader *r, const char *word)
{
    bool is_long = word[1] == '-';
    const char *name = word + (is_long ? 2 : 1), *equals = is_long ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    char letter = is_long ? 0 : *name;
    void *base = r->options;
    const struct option_row *row = find(r->command->options, name, length, letter);
    if (!row) {
        row = find(common_rows, name, length, letter);
        base = &r->session->common;
    }
    if (!row)
        return err_usage(r->err, "advisor %s has no option %s; see advisor %s --help",
                         r->command->name, word, r->command->name);
    const char *value = equals ? equals + 1 : !is_long && name[1] ? name + 1 : NULL;
    return set_value(r, row, base, value);
}

bool options_parse(struct session *session, const struct command *command, void *options,
                   int argc, char **argv, struct err *err)
{
    struct reader r = {session, command, options, argc, 0, argv, err};
    bool only_words = false;
    set_unknown(command->options, options);
    set_unknown(common_rows, &session->common);
    while (r.at < argc) {
        const char *word = argv[r.at++];
        if (!only_words && !strcmp(word, "--"))
            only_words = true;
        else if (only_words || !looks_like_option(word))
            VEC_ADD(&session->words.texts, word);
        else if (!set_option(&r, word))
            return false;
    }
    return true;
}

void options_release(const struct command *command, void *options)
{
    for (const struct option_row *row = command->options; row && row->name; row++)
        if (row->kind == OPT_LIST)
            VEC_FREE(&((struct text_list *)field(options, row))->texts);
}

enum { HELP_AT = 27, HELP_WIDTH = 80 };

/* Words from column HELP_AT on, broken before HELP_WIDTH. */
static void help_text(struct buf *out, const char *text)
{
    size_t column = HELP_AT;
    for (const char *word = text; *word;) {
        size_t n = strcspn(word, " ");
        bool first = column == HELP_AT;
        if (!first && column + 1 + n > HELP_WIDTH) {
            buf_printf(out, "\n%*s", HELP_AT, "");
            column = HELP_AT;
            first = true;
        }
        buf_add(out, first ? "" : " ");
        buf_add_n(out, word, n);
        column += n + !first;
        word += n + (word[n] == ' ');
    }
    buf_add_char(out, '\n');
}

static void help_rows(struct buf *out, const struct option_row *rows)
{
    for (; rows && rows->name; rows++) {
        struct buf left = BUF_INIT;
        if (rows->letter)
            buf_printf(&left, "-%c, ", rows->letter);
        buf_printf(&left, "--%s%s%s%s", rows->name, rows->value ? " " : "",
                   rows->value ? rows->value : "", rows->kind == OPT_LIST ? "..." : "");
        if (left.length > HELP_AT - 3)
            buf_printf(out, "  %s\n%*s", buf_text(&left), HELP_AT, "");
        else
            buf_printf(out, "  %-*s", HELP_AT - 2, buf_text(&left));
        help_text(out, rows->help);
        buf_release(&left);
    }
}

void options_help(struct buf *out, const struct command *command)
{
    buf_printf(out, "usage: advisor %s [OPTION...]%s%s\n\n%s\n\n", command->name,
               *command->words ? " " : "", command->words, command->summary);
    help_rows(out, command->options);
    buf_add(out, command->options ? "\nOptions of every command:\n" : "");
    help_rows(out, common_rows);
}
