#include "check_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/sha256.h"
#include "io/doc.h"
#include "io/files.h"
#include "io/stream.h"

enum { LARGEST_RECORD = 64 << 20, LARGEST_MAP = 16 << 20 };

static const char first_of_all[] = "0";
static const char digest_key[] = ",\"digest\":\"";

/* The digest is of all that stands before it, which names the line before. */
static bool check_line(char digest[SHA256_TEXT], const char *previous, const char *line,
                       size_t length)
{
    enum { TAIL = sizeof digest_key - 1 + 64 + 2 };
    if (length <= TAIL || strncmp(line + length - TAIL, digest_key, sizeof digest_key - 1) != 0)
        return false;
    sha256_text(digest, line, length - TAIL);
    char *said = strndup(line + length - 66, 64), *before = NULL;
    struct arena arena = {0};
    const struct node *document = NULL;
    bool ok = !strcmp(said, digest) &&
              doc_parse_json(&document, &arena, "record", line, length, NULL);
    before = strdup(node_text(node_get(document, "previous"), ""));
    ok = ok && !strcmp(before, previous);
    free(before);
    free(said);
    arena_release(&arena);
    return ok;
}

static bool check_chain(char digest[SHA256_TEXT], const char *path, const char *text,
                        struct err *err)
{
    char previous[SHA256_TEXT];
    strcpy(digest, first_of_all);
    for (size_t n = 1; *text; n++) {
        size_t length = strcspn(text, "\n");
        strcpy(previous, digest);
        if (!check_line(digest, previous, text, length))
            return err_at(err, path, n, 0,
                          "the line is not as it was written, or one before it is missing; "
                          "nothing is recorded until that is looked into");
        text += length + (text[length] == '\n');
    }
    return true;
}

static bool digest_of_file(char digest[SHA256_TEXT], const char *path, struct err *err)
{
    char *text;
    size_t length;
    if (!stream_read_all(&text, &length, path, LARGEST_MAP, err))
        return false;
    sha256_text(digest, text, length);
    free(text);
    return true;
}

static void put_findings(struct buf *out, const struct findings *findings)
{
    size_t counts[SEVERITY_HIGH + 1] = {0}, waived = 0;
    buf_add(out, ",\"findings\":[");
    for (size_t i = 0, put = 0; i < findings->all.count; i++) {
        const struct finding *f = &findings->all.at[i];
        struct buf name = BUF_INIT;
        waived += f->waived_by != NULL;
        counts[f->severity] += !f->waived_by;
        if (f->waived_by)
            continue;
        buf_printf(&name, "%s %s", f->policy, f->subject ? f->subject : "-");
        buf_add(out, put++ ? "," : "");
        json_write_string(out, name.text, name.length);
        buf_release(&name);
    }
    buf_add(out, "]");
    for (int s = SEVERITY_HIGH; s >= SEVERITY_LOW; s--)
        buf_printf(out, ",\"%s\":%zu", severity_name((enum severity)s), counts[s]);
    buf_printf(out, ",\"waived\":%zu", waived);
}

static bool put_line(struct buf *out, const struct check_entry *entry, const char *previous,
                     struct err *err)
{
    char on[DAY_TEXT], map[SHA256_TEXT] = "", digest[SHA256_TEXT];
    if (entry->map && !digest_of_file(map, entry->map, err))
        return false;
    size_t start = out->length;
    buf_printf(out, "{\"on\":\"%s\",\"map\":\"%s\",\"resources\":%zu", day_format(on, entry->on),
               map, entry->judged);
    put_findings(out, entry->findings);
    buf_printf(out, ",\"previous\":\"%s\"", previous);
    sha256_text(digest, out->text + start, out->length - start);
    buf_printf(out, "%s%s\"}\n", digest_key, digest);
    return true;
}

bool check_record(const char *path, const struct check_entry *entry, struct err *err)
{
    char *text = NULL, digest[SHA256_TEXT];
    size_t length = 0;
    struct buf whole = BUF_INIT;
    if (files_exists(path) && !stream_read_all(&text, &length, path, LARGEST_RECORD, err))
        return false;
    bool ok = check_chain(digest, path, text ? text : "", err);
    if (ok) {
        buf_add_n(&whole, text ? text : "", length);
        if (length && text[length - 1] != '\n')
            buf_add_char(&whole, '\n');
        ok = put_line(&whole, entry, digest, err) &&
             files_write(path, whole.text, whole.length, err);
    }
    buf_release(&whole);
    free(text);
    return ok;
}
