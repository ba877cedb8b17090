#include "ingest/ingest.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "io/files.h"
#include "io/remote.h"
#include "io/stream.h"

enum { PROBE_LENGTH = 64 * 1024 };

bool probe_holds(const struct probe *probe, const char *text)
{
    return memmem(probe->bytes, probe->length, text, strlen(text)) != NULL;
}

static bool probe_read(struct probe *out, char *room, const char *path, struct err *err)
{
    struct stream *stream;
    if (!stream_look(&stream, path, err))
        return false;
    size_t used = 0, got = 1;
    struct err cut = ERR_INIT; /* a damaged tail does not hide what the beginning is */
    while (used < PROBE_LENGTH && got &&
           stream_read(stream, room + used, PROBE_LENGTH - used, &got, &cut))
        used += got;
    stream_close(stream);
    room[used] = '\0';
    *out = (struct probe){path, room, used};
    return true;
}

bool folder_begins_with(const char *folder, int (*matches)(const struct probe *probe))
{
    struct arena arena = ARENA_INIT;
    struct path_list files = {0};
    struct probe probe;
    char *room = arena_alloc(&arena, PROBE_LENGTH + 1);
    bool found = files_list(&files, &arena, folder, false, NULL) && files.paths.count > 0 &&
                 probe_read(&probe, room, files.paths.at[0], NULL) && matches(&probe) > 0;
    path_list_release(&files);
    arena_release(&arena);
    return found;
}

static const struct ingest_format *format_of(const struct probe *probe)
{
    const struct ingest_format *best = NULL;
    int sureness = 0;
    for (size_t i = 0; ingest_formats[i]; i++) {
        int sure = ingest_formats[i]->matches(probe);
        if (sure > sureness) {
            best = ingest_formats[i];
            sureness = sure;
        }
    }
    return best;
}

static const struct ingest_format *format_of_folder(const char *folder)
{
    for (size_t i = 0; ingest_formats[i]; i++)
        if (ingest_formats[i]->matches_folder && ingest_formats[i]->matches_folder(folder))
            return ingest_formats[i];
    return NULL;
}

bool ingest_detect(const struct ingest_format **out, const char *path, struct err *err)
{
    *out = NULL;
    if (files_is_folder(path)) {
        *out = format_of_folder(path);
        return true;
    }
    char *room = mem_alloc(PROBE_LENGTH + 1);
    struct probe probe;
    bool ok = probe_read(&probe, room, path, err);
    if (ok)
        *out = format_of(&probe);
    free(room);
    return ok;
}

static bool read_as(struct estate *into, const struct ingest_format *format, const char *path,
                    const struct ingest_options *options, struct err *err)
{
    if (format->read(into, path, options, err))
        return true;
    return err_within(err, "reading %s as %s", path, format->name);
}

/* Inside a folder one bad or foreign file does not hide the others: it becomes a note. */
static bool read_found(struct estate *into, const char *path,
                       const struct ingest_options *options, struct err *err)
{
    const struct ingest_format *format;
    struct err why = ERR_INIT;
    if (!ingest_detect(&format, path, &why)) {
        estate_note(into, NOTE_UNREAD, NULL, "%s", why.text);
        return true;
    }
    if (!format && files_is_folder(path))
        return ingest_path(into, path, options, err);
    if (!format) {
        estate_note(into, NOTE_INFO, path, "not an input that advisor knows; left out");
        return true;
    }
    if (read_as(into, format, path, options, &why))
        return true;
    if (options->strict)
        return err_set(err, "%s", why.text);
    estate_note(into, NOTE_UNREAD, NULL, "%s", why.text);
    return true;
}

/* The folder right below `folder` that a file far below lies in; NULL for its own files. */
static const char *folder_below(struct estate *into, const char *folder, const char *file)
{
    size_t own = strcmp(folder, ".") ? strlen(folder) : 0;
    own += strspn(file + own, "/");
    size_t name = strcspn(file + own, "/");
    size_t slash = remote_is(file); /* an S3 folder is told by it */
    return file[own + name] ? arena_strndup(&into->arena, file, own + name + slash) : NULL;
}

static bool read_folder(struct estate *into, const char *folder,
                        const struct ingest_options *options, struct err *err)
{
    struct path_list list = {0};
    const char *last = "";
    bool ok = files_list(&list, &into->arena, folder, true, err);
    if (ok && !list.paths.count)
        ok = err_set(err, "%s: there is no file in this folder", folder);
    for (size_t i = 0; ok && i < list.paths.count; i++) {
        const char *below = folder_below(into, folder, list.paths.at[i]);
        if (below && strcmp(below, last) == 0)
            continue;
        last = below ? below : last;
        ok = read_found(into, below ? below : list.paths.at[i], options, err);
    }
    path_list_release(&list);
    return ok;
}

bool ingest_path(struct estate *into, const char *path, const struct ingest_options *options,
                 struct err *err)
{
    const struct ingest_format *format;
    if (!ingest_detect(&format, path, err))
        return false;
    if (format)
        return read_as(into, format, path, options, err);
    if (files_is_folder(path))
        return read_folder(into, path, options, err);
    return err_set(err,
                   "%s: not an input that advisor knows; bills go to --bill, and "
                   "docs/inputs.md lists what else is read",
                   path);
}
