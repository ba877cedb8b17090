#ifndef INGEST_S3_KEY_H
#define INGEST_S3_KEY_H

#include <stdbool.h>
#include <stddef.h>

/* Undoes URL encoding ("%2F", "+"); `out` holds at least `length` bytes. Returns its length.
 */
size_t s3_key_decode(char *out, const char *key, size_t length);

/*
 * The length of the prefix that a key is counted under: its leading folders, at
 * most `depth` of them, up to one that looks like data itself (a partition
 * "dt=...", a date, a number, a long hexadecimal name, "_delta_log").
 */
size_t s3_key_prefix(const char *key, size_t length, int depth);
bool s3_looks_like_data(const char *folder, size_t length); /* a folder's name, decoded */

/* What a folder's name says of tables: it lies in one, or all below it are tables. */
enum s3_folder { S3_FOLDER_PLAIN, S3_FOLDER_OF_TABLE, S3_FOLDER_HOLDS_TABLES };
enum s3_folder s3_folder_kind(const char *name, size_t length);
bool s3_is_iceberg_metadata(const char *key, size_t length); /* "....metadata.json" */

/*
 * The length of the table root that a key gives away by its first telling folder:
 * the path before "_delta_log/" (Delta Lake), ".hoodie/" (Hudi) or
 * "metadata/<x>.metadata.json" (Iceberg), or up to and with "__unitystorage/".
 * False when it names none.
 */
bool s3_key_table_root(size_t *root, const char *key, size_t length);

/* Whether one of the two prefixes contains the other: a rule on one acts on the other. */
bool s3_prefixes_overlap(const char *a, const char *b);

#endif
