#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/sha256.h"
#include "io/doc.h"
#include "io/stream.h"
#include "store.h"

enum { LARGEST_MAP = 16 << 20 };

static const char first_of_all[] = "0";
static const char digest_key[] = ",\"digest\":\"";

/* The digest is of all that stands before it, which names the line before. */
static bool check_line(char digest[SHA256_TEXT], const char *previous, const char *line)
{
    enum { TAIL = sizeof digest_key - 1 + 64 + 2 };
    size_t length = strlen(line);
    struct arena arena = ARENA_INIT;
    const struct node *document = NULL;
    if (length <= TAIL ||
        strncmp(line + length - TAIL, digest_key, sizeof digest_key - 1) != 0)
        return false;
    sha256_text(digest, line, length - TAIL);
    bool ok = !strncmp(line + length - 66, digest, 64) &&
              doc_parse_json(&document, &arena, "record", line, length, NULL) &&
              !strcmp(node_text(node_get(document, "previous"), ""), previous);
    arena_release(&arena);
    return ok;
}

/* The digest of the last line, once all before it are as they were written. */
static bool check_chain(char digest[SHA256_TEXT], struct history *history, struct err *err)
{
    struct query *query;
    bool row, ok = query_open(&query, history->db,
                              "SELECT number, line FROM check_line ORDER BY number", err);
    strcpy(digest, first_of_all);
    while (ok && (ok = query_next(query, &row, err)) && row) {
        char previous[SHA256_TEXT];
        strcpy(previous, digest);
        if (!check_line(digest, previous, column_or_empty(query, 1, history)))
            ok = err_set(
                err,
                "%s: recorded check %lld is not as it was written, or one before it is "
                "missing: nothing is recorded until that is looked into",
                history->path, (long long)column_integer(query, 0));
    }
    query_close(query);
    return ok;
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
    buf_printf(out, "{\"on\":\"%s\",\"map\":\"%s\",\"resources\":%zu",
               day_format(on, entry->on), map, entry->judged);
    put_findings(out, entry->findings);
    buf_printf(out, ",\"previous\":\"%s\"", previous);
    sha256_text(digest, out->text, out->length);
    buf_printf(out, "%s%s\"}", digest_key, digest);
    return true;
}

static bool insert_line(struct history *history, const char *line, struct err *err)
{
    struct query *query;
    if (!query_open(&query, history->db, "INSERT INTO check_line(line) VALUES(?)", err))
        return false;
    query_text(query, 1, line);
    bool ok = query_run(query, err);
    query_close(query);
    return ok;
}

bool history_record_check(struct history *history, const struct check_entry *entry,
                          struct err *err)
{
    char digest[SHA256_TEXT];
    struct buf line = BUF_INIT;
    bool ok = database_begin(history->db, err) && check_chain(digest, history, err) &&
              put_line(&line, entry, digest, err) &&
              insert_line(history, buf_text(&line), err) && database_commit(history->db, err);
    buf_release(&line);
    return ok;
}

static bool read_line(struct history_check *out, const char *line, struct history *history,
                      struct err *err)
{
    const struct node *document;
    const char *on;
    if (!doc_parse_json(&document, &history->arena, history->path, line, strlen(line), err))
        return false;
    on = node_text(node_get(document, "on"), "");
    *out = (struct history_check){
        .line = line,
        .map = node_text(node_get(document, "map"), ""),
        .resources = node_number(node_get(document, "resources"), 0),
        .high = node_number(node_get(document, "high"), 0),
        .medium = node_number(node_get(document, "medium"), 0),
        .low = node_number(node_get(document, "low"), 0),
        .waived = node_number(node_get(document, "waived"), 0),
    };
    return day_parse(&out->on, on, strlen(on)) ||
           err_set(err, "%s: a recorded check has no day", history->path);
}

bool history_checks(struct history_checks *out, struct history *history, struct err *err)
{
    struct query *query;
    char digest[SHA256_TEXT], previous[SHA256_TEXT];
    bool row, ok = query_open(&query, history->db,
                              "SELECT line FROM check_line ORDER BY number", err);
    strcpy(digest, first_of_all);
    while (ok && (ok = query_next(query, &row, err)) && row) {
        const char *line = column_or_empty(query, 0, history);
        struct history_check *check = VEC_PUSH(&out->all);
        ok = read_line(check, line, history, err);
        strcpy(previous, digest);
        check->intact = check_line(digest, previous, line);
    }
    query_close(query);
    return ok;
}
