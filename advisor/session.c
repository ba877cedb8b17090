#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command.h"
#include "io/files.h"
#include "io/remote.h"
#include "report/message.h"

static bool use_color(const struct session *session)
{
    const char *when = session->common.color;
    if (when && !strcmp(when, "always"))
        return true;
    const char *no_color = getenv("NO_COLOR");
    bool refused = (when && !strcmp(when, "never")) || (no_color && *no_color);
    return !refused && !session->common.out && isatty(STDOUT_FILENO);
}

static size_t output_width(const struct session *session)
{
    enum { LEAST = 40, USUAL = 80 };
    struct winsize size;
    if (session->common.width >= LEAST)
        return (size_t)session->common.width;
    if (session->common.out || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return USUAL;
    return size.ws_col >= LEAST ? size.ws_col : USUAL;
}

bool session_write(struct session *session, const char *bytes, size_t length, struct err *err)
{
    if (session->common.out)
        return files_write(session->common.out, bytes, length, err);
    if (fwrite(bytes, 1, length, stdout) != length || fflush(stdout) != 0)
        return err_set(err, "standard output could not be written");
    return true;
}

bool session_emit(struct session *session, const struct report *report, struct err *err)
{
    const char *format = session->common.format ? session->common.format : "text";
    const struct renderer *renderer = renderer_named(format);
    if (!renderer)
        return err_usage(err, "there is no output format '%s'; see --help", format);
    struct buf out = BUF_INIT;
    struct render_options options = {output_width(session), use_color(session)};
    bool ok = renderer->render(&out, report, &options, err) &&
              session_write(session, buf_text(&out), out.length, err);
    buf_release(&out);
    return ok;
}

bool session_allows(const struct session *session, const char *name, struct err *err)
{
    return !session->common.offline || !remote_is(name) ||
           err_usage(err, "%.*s needs the network, which --offline refuses",
                     (int)remote_showable(name), name);
}

static void print_line(const char *format, va_list args)
{
    struct buf raw = BUF_INIT, line = BUF_INIT;
    buf_vprintf(&raw, format, args);
    terminal_escape(&line, buf_text(&raw), raw.length);
    buf_add_char(&line, '\n');
    fputs(buf_text(&line), stderr);
    buf_release(&raw);
    buf_release(&line);
}

void session_say(const struct session *session, const char *format, ...)
{
    if (session->common.quiet)
        return;
    va_list args;
    va_start(args, format);
    print_line(format, args);
    va_end(args);
}

void session_complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_line(format, args);
    va_end(args);
}
