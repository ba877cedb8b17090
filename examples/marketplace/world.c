#include "world.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <zlib.h>

const char *const tenant_names[TENANTS] = {"north", "harbor", "summit"};

const struct job jobs[] = {
    {0, "north-ingest", "9001", "ingest", "m5d.2xlarge", USD_M5D_2XLARGE, 1.37, 4, {0, 6, 12, 18}, 4, 1},
    {1, "harbor-ingest", "9002", "ingest", "m5d.2xlarge", USD_M5D_2XLARGE, 1.37, 3, {1, 7, 13, 19}, 4, 1},
    {2, "summit-ingest", "9003", "ingest", "m5d.2xlarge", USD_M5D_2XLARGE, 1.37, 2, {2, 14}, 2, 1},
    {0, "north-feature-training", "9011", "training", "i3.2xlarge", USD_I3_2XLARGE, 2.0, 8, {3}, 1, 3},
    {1, "harbor-feature-training", "9012", "training", "i3.2xlarge", USD_I3_2XLARGE, 2.0, 6, {4}, 1, 2},
    {2, "summit-feature-training", "9013", "training", "r5d.2xlarge", USD_R5D_2XLARGE, 2.0, 4, {5}, 1, 2},
};
const int job_count = sizeof jobs / sizeof *jobs;

/* splitmix64 by Sebastiano Vigna, public domain algorithm. */
uint32_t dice_next(struct dice *dice)
{
    uint64_t z = dice->state += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return (uint32_t)((z ^ z >> 31) >> 32);
}

double dice_between(struct dice *dice, double low, double high)
{
    return low + (high - low) * dice_next(dice) / 4294967296.0;
}

int days_in(int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[FIRST_MONTH - 1 + month];
}

int day_number(int month, int day)
{
    int number = 20635; /* 2026-07-01 */
    for (int m = 0; m < month; m++)
        number += days_in(m);
    return number + day - 1;
}

void stamp(char out[32], int month, int day, int hour)
{
    if (hour == 24) {
        hour = 0;
        day++;
    }
    if (day > days_in(month)) {
        day = 1;
        month++;
    }
    snprintf(out, 32, "%04d-%02d-%02dT%02d:00:00.000Z", FIRST_YEAR, (FIRST_MONTH + month) % 100,
             day % 100, hour % 100);
}

static struct {
    char kind[64], resource[128], why[256];
    double usd;
} planted[64];
static int planted_count;

void plant(const char *kind, const char *resource, double monthly_usd, const char *why)
{
    snprintf(planted[planted_count].kind, sizeof planted->kind, "%s", kind);
    snprintf(planted[planted_count].resource, sizeof planted->resource, "%s", resource);
    snprintf(planted[planted_count].why, sizeof planted->why, "%s", why);
    planted[planted_count++].usd = monthly_usd;
}

bool plant_write(const char *folder)
{
    struct out *out = out_open(folder, "truth.json");
    if (!out)
        return false;
    out_printf(out, "[\n");
    for (int i = 0; i < planted_count; i++)
        out_printf(out, "  {\"kind\": \"%s\", \"resource\": \"%s\", \"monthly_usd\": %.4f, \"why\": \"%s\"}%s\n",
                   planted[i].kind, planted[i].resource, planted[i].usd, planted[i].why,
                   i + 1 < planted_count ? "," : "");
    out_printf(out, "]\n");
    return out_close(out);
}

struct out {
    FILE *plain;
    gzFile packed;
    char path[512];
};

static void make_folders(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
}

struct out *out_open(const char *folder, const char *name)
{
    struct out *out = calloc(1, sizeof *out);
    if (!out)
        return NULL;
    snprintf(out->path, sizeof out->path, "%s/%s", folder, name);
    make_folders(out->path);
    size_t n = strlen(name);
    if (n > 3 && !strcmp(name + n - 3, ".gz"))
        out->packed = gzopen(out->path, "wb6");
    else
        out->plain = fopen(out->path, "w");
    if (out->packed || out->plain)
        return out;
    fprintf(stderr, "%s: %s\n", out->path, strerror(errno));
    free(out);
    return NULL;
}

void out_printf(struct out *out, const char *format, ...)
{
    char text[8192];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (out->packed)
        gzwrite(out->packed, text, (unsigned)n);
    else
        fwrite(text, 1, (size_t)n, out->plain);
}

bool out_close(struct out *out)
{
    bool ok = out->packed ? gzclose(out->packed) == Z_OK : fclose(out->plain) == 0;
    if (!ok)
        fprintf(stderr, "%s: could not be written\n", out->path);
    free(out);
    return ok;
}
