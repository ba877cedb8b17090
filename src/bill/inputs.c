#include "inputs.h"

#include <stdlib.h>
#include <string.h>

#include "assembly.h"
#include "base/mem.h"
#include "base/parallel.h"
#include "io/files.h"
#include "io/stream.h"
#include "json_rows.h"
#include "manifest_columns.h"
#include "parquet.h"

enum { HEAD_FIRST = 16 << 10, HEAD_MAX = 1 << 20 };
static const size_t table_limit = (size_t)1 << 30;

/* Only the header row: a cut in a later row is not the header's fault. */
static size_t header_length(const char *bytes, size_t length)
{
    bool quoted = false;
    for (size_t i = 0; i < length; i++) {
        quoted ^= bytes[i] == '"';
        if (!quoted && (bytes[i] == '\n' || bytes[i] == '\r') && i > 0)
            return i + 1;
    }
    return length;
}

/* The first bytes of a file, decompressed, beyond the end of the header row. */
static bool read_head(char **out, size_t *length, const char *path, struct err *err)
{
    struct stream *s;
    if (!stream_look(&s, path, err))
        return false;
    size_t room = HEAD_FIRST, got = 1;
    char *bytes = mem_alloc(room);
    bool ok = true;
    *length = 0;
    while (ok && got && *length < HEAD_MAX && header_length(bytes, *length) == *length) {
        if (*length == room)
            bytes = mem_resize(bytes, room *= 2);
        ok = stream_read(s, bytes + *length, room - *length, &got, err);
        *length += got;
    }
    stream_close(s);
    if (!ok) {
        free(bytes);
        return false;
    }
    *out = bytes;
    return true;
}

/* Parquet's columns are asked for by name, and converted by type. */
static bool same_columns(const struct layout *a, const struct layout *b)
{
    if (!a->parquet || !b->parquet)
        return a->parquet == b->parquet;
    bool same = a->columns == b->columns && !strcmp(sym_or_empty(a->parquet_names),
                                                    sym_or_empty(b->parquet_names));
    for (uint32_t i = 0; same && i < a->columns; i++)
        same = !strcmp(a->parquet[i].name, b->parquet[i].name) &&
               !strcmp(a->parquet[i].type, b->parquet[i].type);
    return same;
}

/* Layouts are shared by files with the same header, so that a worker's raw keys stay good. */
static struct layout *layout_for(struct bill_run *run, const struct header *header,
                                       const char *path, struct err *err)
{
    struct layout made;
    if (!layout_make(&made, run->arena, header, path, run->tags, run->tag_count, err))
        return NULL;
    for (size_t i = 0; i < run->layouts.count; i++) {
        struct layout *known = run->layouts.at[i];
        if (known->format == made.format && known->columns == made.columns &&
            !memcmp(&known->plan, &made.plan, sizeof made.plan) &&
            !memcmp(known->field, made.field, sizeof made.field) &&
            !memcmp(known->late, made.late, sizeof made.late) &&
            !memcmp(known->tag_field, made.tag_field, sizeof made.tag_field) &&
            same_columns(known, &made))
            return known;
    }
    struct layout *copy = ARENA_NEW(run->arena, struct layout);
    *copy = made;
    copy->number = (uint32_t)run->layouts.count;
    VEC_ADD(&run->layouts, copy);
    return copy;
}

static void note(struct inputs *in, enum note_kind kind, const char *path, const char *text)
{
    VEC_ADD(&in->notes, ((struct note){kind, arena_strdup(in->run->arena, text), path, 1}));
}

/* A file as it is told apart: its header, and its text where that had to be made or read. */
struct file {
    const char *path;
    struct header header;
    bool parquet;
    struct buf text; /* of a JSON file or a small Parquet table, as CSV */
};

static bool open_json(struct file *file, struct err *err)
{
    return json_rows_read(&file->text, file->path, err) &&
           header_read(&file->header, file->path, buf_text(&file->text),
                       header_length(buf_text(&file->text), file->text.length), err);
}

static bool open_parquet(struct inputs *in, struct file *file, struct err *err)
{
    unsigned threads = in->run->options->threads;
    file->parquet = true;
    return duckdb_reads(file->path, err) &&
           (in->db || duckdb_open(&in->db, threads ? threads : parallel_cores(), err) ||
            err_within(err, "%s", file->path)) &&
           parquet_header(&file->header, in->db, file->path, err);
}

static bool is_tar(const char *bytes, size_t length)
{
    static const char mark[] = "ustar";
    enum { AT = 257 };
    return length >= AT + sizeof mark && !memcmp(bytes + AT, mark, sizeof mark - 1);
}

static bool file_open(struct inputs *in, struct file *file, const char *path, struct err *err)
{
    char *head;
    size_t length;
    *file = (struct file){.path = path};
    if (!read_head(&head, &length, path, err))
        return false;
    bool ok;
    if (assembly_is_manifest(path))
        ok = err_set(err, "%s: this is the manifest of a bill; give the folder that it lies in",
                     path);
    else if (is_tar(head, length))
        ok = err_set(err, "%s: this is a tar archive; unpack it, and give the folder", path);
    else if (parquet_likely(head, length))
        ok = open_parquet(in, file, err);
    else if (json_rows_likely(head, length))
        ok = open_json(file, err);
    else
        ok = header_read(&file->header, path, head, header_length(head, length), err);
    free(head);
    return ok;
}

static void file_close(struct file *file)
{
    header_release(&file->header);
    buf_release(&file->text);
}

static bool has_column(const struct file *file, const char *name)
{
    return header_find(&file->header, false, name) != SIZE_MAX;
}

typedef bool table_reader(struct bill_run *run, const char *path, const char *text,
                          size_t length, struct err *err);

static bool read_list_prices(struct bill_run *run, const char *path, const char *text,
                             size_t length, struct err *err)
{
    return list_prices_read(&run->prices, run->arena, path, text, length, err);
}

static bool read_clusters(struct bill_run *run, const char *path, const char *text,
                          size_t length, struct err *err)
{
    return clusters_read(&run->clusters, run->arena, path, text, length, err);
}

/* Small tables that go with a bill, read whole. */
static const struct {
    const char *columns[2];
    table_reader *read;
} side_tables[] = {
    {{"price_start_time", "sku_name"}, read_list_prices},
    {{"cluster_id", "change_time"}, read_clusters},
};

static table_reader *side_table(const struct file *file)
{
    for (size_t i = 0; i < sizeof side_tables / sizeof *side_tables; i++)
        if (has_column(file, side_tables[i].columns[0]) &&
            has_column(file, side_tables[i].columns[1]))
            return side_tables[i].read;
    return NULL;
}

static bool read_side_table(struct inputs *in, struct file *file, table_reader *read,
                            struct err *err)
{
    struct bill_run *run = in->run;
    if (file->parquet && !parquet_rows(&file->text, in->db, file->path, &file->header, err))
        return false;
    if (file->text.length)
        return read(run, file->path, buf_text(&file->text), file->text.length, err);
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, file->path, table_limit, err))
        return false;
    bool ok = read(run, file->path, text, length, err);
    free(text);
    return ok;
}

static bool add_bill(struct inputs *in, struct file *file, struct err *err)
{
    const struct layout *layout = layout_for(in->run, &file->header, file->path, err);
    if (!layout)
        return false;
    struct bill_part part = {.path = file->path, .layout = layout};
    if (file->text.length) {
        part.text = file->text.text;
        part.text_length = file->text.length;
        VEC_ADD(&in->texts, file->text.text);
        file->text = (struct buf)BUF_INIT;
    }
    VEC_ADD(&in->run->parts, part);
    return true;
}

/* How the file came to be looked at. */
enum standing {
    NAMED,  /* by the user: what cannot be read is an error */
    FOUND,  /* in a folder: passed over with a note */
    BESIDE, /* a manifest rules there and does not name it */
};

static bool is_of_a_bill_with_manifests(const struct file *file)
{
    const struct bill_format *format = format_of(&file->header);
    return format && format->family != FAMILY_DATABRICKS;
}

static bool add_open_file(struct inputs *in, struct file *file, enum standing standing,
                          struct err *err)
{
    table_reader *table = side_table(file);
    if (table)
        return read_side_table(in, file, table, err);
    if (standing == BESIDE && is_of_a_bill_with_manifests(file)) {
        note(in, NOTE_INFO, file->path,
             "lies beside a delivery whose manifest does not name it: not read");
        return true;
    }
    return add_bill(in, file, err);
}

/* The columns are read by name, so a header that is not as announced loses nothing. */
static void check_columns(struct inputs *in, const struct file *file,
                          const struct node *columns)
{
    struct buf text = BUF_INIT;
    manifest_columns_compare(&text, &file->header, columns);
    if (text.length)
        note(in, NOTE_WARNING, file->path, buf_text(&text));
    buf_release(&text);
}

/* `columns`: what a manifest says that the file has, or NULL. */
static bool add_file(struct inputs *in, const char *path, enum standing standing,
                     const struct node *columns, struct err *err)
{
    struct file file;
    struct err why = ERR_INIT;
    bool ok = file_open(in, &file, path, &why) && add_open_file(in, &file, standing, &why);
    if (ok && columns)
        check_columns(in, &file, columns);
    file_close(&file);
    if (ok)
        return true;
    if (standing == NAMED) {
        if (err)
            *err = why;
        return false;
    }
    note(in, NOTE_UNREAD, path, why.text);
    return true;
}

static bool add_list(struct inputs *in, const struct path_list *list, enum standing standing,
                     struct err *err)
{
    for (size_t i = 0; i < list->paths.count; i++)
        if (!add_file(in, list->paths.at[i], standing, NULL, err))
            return false;
    return true;
}

static bool add_chosen(struct inputs *in, const struct assembly *assembly, struct err *err)
{
    for (size_t i = 0; i < assembly->chosen.paths.count; i++)
        if (!add_file(in, assembly->chosen.paths.at[i], FOUND, assembly->columns.at[i], err))
            return false;
    return true;
}

static bool add_folder(struct inputs *in, const struct path_list *found, struct err *err)
{
    struct assembly assembly;
    bool ok = assembly_choose(&assembly, in->run->arena, found, err);
    for (size_t i = 0; ok && i < assembly.notes.count; i++)
        note(in, NOTE_WARNING, assembly.notes.at[i].path, assembly.notes.at[i].text);
    ok = ok && add_chosen(in, &assembly, err) &&
         add_list(in, &assembly.beside, BESIDE, err);
    assembly_release(&assembly);
    return ok;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct bill_part *)a)->path, ((const struct bill_part *)b)->path);
}

/* A path given twice, by a folder and by its name, is read once. */
static void drop_doubles(struct bill_run *run)
{
    VEC_SORT(&run->parts, by_path);
    VEC_UNIQUE(&run->parts, by_path);
}

/* Why nothing is left may stand in a note, such as how to get the reader of Parquet. */
static bool no_bill(const struct inputs *in, struct err *err)
{
    const struct bill_options *options = in->run->options;
    return err_set(err, "%s: there is no bill in it%s%s",
                   options->path_count ? options->paths[0] : "no path was given",
                   in->notes.count ? "; " : "", in->notes.count ? in->notes.at[0].text : "");
}

bool inputs_find(struct inputs *in, struct bill_run *run, struct err *err)
{
    *in = (struct inputs){.run = run};
    bool ok = true;
    for (size_t i = 0; ok && i < run->options->path_count; i++) {
        const char *name = run->options->paths[i];
        struct path_list found = {0};
        ok = files_expand(&found, run->arena, name, err) &&
             (files_is_folder(name) ? add_folder(in, &found, err)
                                    : add_list(in, &found, NAMED, err));
        path_list_release(&found);
    }
    drop_doubles(run);
    return ok && (run->parts.count > 0 || no_bill(in, err));
}

void inputs_close_duckdb(struct inputs *in)
{
    duckdb_close(in->db);
    in->db = NULL;
}

void inputs_release(struct inputs *in)
{
    inputs_close_duckdb(in);
    for (size_t i = 0; i < in->texts.count; i++)
        free(in->texts.at[i]);
    VEC_FREE(&in->texts);
    VEC_FREE(&in->notes);
}
