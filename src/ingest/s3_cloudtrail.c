#include <string.h>

#include "ingest/ingest.h"
#include "io/doc.h"
#include "io/files.h"
#include "s3_reads.h"

/*
 * CloudTrail data events of S3: files of {"Records": [...]}. A file is at most
 * some tens of megabytes, so each is read whole and let go again.
 */
struct reading {
    struct estate *into;
    struct s3_reads *reads;
    uint64_t events, other, bad;
};

static bool name_is(const struct node *event, const char *const *names)
{
    const char *name = node_text(node_get(event, "eventName"), "");
    for (; *names; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

static void take(struct reading *r, const struct node *event)
{
    static const char *const gets[] = {"GetObject", NULL};
    static const char *const puts[] = {"PutObject", "CopyObject", "CompleteMultipartUpload",
                                       NULL};
    const struct node *bucket = node_at(event, "requestParameters.bucketName");
    const struct node *key = node_at(event, "requestParameters.key");
    const char *time = node_text(node_get(event, "eventTime"), "");
    double bytes = node_number(node_at(event, "additionalEventData.bytesTransferredOut"), 0);
    int64_t at;
    if (strcmp(node_text(node_get(event, "eventSource"), ""), "s3.amazonaws.com") != 0) {
        r->other++;
        return;
    }
    if (!node_is(bucket, NODE_STRING) || !when_parse(&at, time, strlen(time)) ||
        !(bytes >= 0 && bytes < 1e18)) {
        r->bad++;
        return;
    }
    r->events++;
    bool failed = node_get(event, "errorCode") != NULL || !node_is(key, NODE_STRING);
    if (!failed && name_is(event, gets))
        s3_reads_get(r->reads, bucket->text, bucket->length, key->text, key->length, at,
                     (uint64_t)bytes);
    else if (!failed && name_is(event, puts))
        s3_reads_put(r->reads, bucket->text, bucket->length, key->text, key->length, at);
    else
        s3_reads_seen(r->reads, bucket->text, bucket->length, at);
}

static bool take_file(struct reading *r, const char *path, struct err *err)
{
    struct arena arena = ARENA_INIT;
    const struct node *doc;
    bool ok = doc_read(&doc, &arena, path, err);
    const struct node *records = ok ? node_get(doc, "Records") : NULL;
    if (ok && !node_is(records, NODE_LIST))
        ok = err_set(err, "%s: has no list of Records", path);
    for (size_t i = 0; ok && i < records->count; i++)
        take(r, records->items[i]);
    arena_release(&arena);
    return ok;
}

static int matches(const struct probe *probe)
{
    return probe_holds(probe, "\"Records\"") && probe_holds(probe, "\"eventSource\"") &&
                   probe_holds(probe, "s3.amazonaws.com")
               ? 2
               : 0;
}

static bool matches_folder(const char *folder)
{
    return folder_begins_with(folder, matches);
}

static bool read_trail(struct estate *into, const char *path,
                       const struct ingest_options *options, struct err *err)
{
    struct reading r = {.into = into, .reads = s3_reads_open()};
    struct path_list files = {0};
    bool ok = true;
    if (files_is_folder(path))
        ok = files_list(&files, &into->arena, path, false, err);
    else
        VEC_ADD(&files.paths, path);
    for (size_t i = 0; ok && i < files.paths.count; i++) {
        struct err why = ERR_INIT;
        if (take_file(&r, files.paths.at[i], &why))
            continue;
        ok = !(options->strict || files.paths.count == 1) || err_set(err, "%s", why.text);
        if (ok)
            estate_note(into, NOTE_UNREAD, NULL, "%s", why.text);
    }
    if (ok) {
        s3_reads_publish(r.reads, into, arena_strdup(&into->arena, path));
        estate_note_many(into, NOTE_UNREAD, path, r.bad,
                         "%llu S3 events have no bucket, time or byte count and are not counted",
                         (unsigned long long)r.bad);
        estate_note_many(into, NOTE_INFO, path, r.other,
                         "%llu events of other services are left out",
                         (unsigned long long)r.other);
    }
    path_list_release(&files);
    s3_reads_free(r.reads);
    return ok;
}

extern const struct ingest_format ingest_s3_cloudtrail;
const struct ingest_format ingest_s3_cloudtrail = {
    .name = "CloudTrail data events",
    .summary = "CloudTrail files with S3 data events: reads by prefix and age",
    .matches = matches,
    .read = read_trail,
    .matches_folder = matches_folder,
};
