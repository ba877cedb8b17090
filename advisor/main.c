#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "command.h"

#define VERSION "1.0.0"

static int usage(FILE *to, int status)
{
    fputs("usage: advisor COMMAND [OPTION...]\n\n"
          "Cost and right-sizing advice for Databricks on AWS, offline.\n\n",
          to);
    for (size_t i = 0; commands[i]; i++)
        fprintf(to, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    fputs("\nadvisor COMMAND --help says more. Without options a command takes its inputs from\n"
          "advisor.yaml in the working directory; `advisor init` writes a first one.\n",
          to);
    return status;
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (!strcmp(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static bool run(struct session *session, const struct command *command, void *options, int argc,
                char **argv, struct err *err)
{
    if (!options_parse(session, command, options, argc, argv, err))
        return false;
    for (int i = 0; i < argc; i++)
        if (!session_allows(session, argv[i], err))
            return false;
    if (session->common.help) {
        struct buf help = BUF_INIT;
        options_help(&help, command);
        fputs(buf_text(&help), stdout);
        buf_release(&help);
        return true;
    }
    if (session->common.folder && chdir(session->common.folder) != 0)
        return err_usage(err, "-C: there is no folder %s", session->common.folder);
    return command->run(session, options, err);
}

/*
 * A file that is opened in the place of a closed stream would be given what is meant for that.
 * Whoever uses such a stream now fails as before.
 */
static void hold_closed_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
            return;
}

static int finish(int status)
{
    return fclose(stdout) != 0 && status != STATUS_USAGE ? STATUS_FAILED : status;
}

int main(int argc, char **argv)
{
    hold_closed_streams();
    if (argc < 2 || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
        return finish(argc < 2 ? usage(stderr, STATUS_USAGE) : usage(stdout, STATUS_DONE));
    if (!strcmp(argv[1], "--version")) {
        puts("advisor " VERSION);
        return finish(STATUS_DONE);
    }
    const struct command *command = find(argv[1]);
    if (!command) {
        session_complain("advisor: there is no command '%s'; advisor --help lists them", argv[1]);
        return STATUS_USAGE;
    }
    struct session session = {.status = STATUS_DONE};
    struct err err = ERR_INIT;
    void *options = mem_alloc(command->options_size);
    bool ok = run(&session, command, options, argc - 2, argv + 2, &err);
    if (!ok) {
        session_complain("advisor: %s", err.text);
        session.status = err.code == ERR_USAGE ? STATUS_USAGE : STATUS_FAILED;
    }
    options_release(command, options);
    free(options);
    VEC_FREE(&session.words.texts);
    arena_release(&session.arena);
    return finish((int)session.status);
}
