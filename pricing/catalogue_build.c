#include <string.h>

#include "base/money.h"
#include "builder.h"

enum field_kind { TEXT, INTEGER, NUMBER, FLAG, DATE, DISK };

struct field {
    const char *column;
    enum field_kind kind;
    size_t at, size;
};

#define FIELD(column, kind, member)                                                           \
    {column, kind, offsetof(struct instance_type, member),                                    \
     sizeof(((struct instance_type *)0)->member)}

static const struct field fields[] = {
    FIELD("instance_type", TEXT, name),
    FIELD("family", TEXT, family),
    FIELD("size", TEXT, size),
    FIELD("processor_maker", TEXT, maker),
    FIELD("arch", TEXT, arch),
    FIELD("hypervisor", TEXT, hypervisor),
    FIELD("gpu_model", TEXT, gpu_model),
    FIELD("other_accelerator_model", TEXT, accelerator_model),
    FIELD("generation", INTEGER, generation),
    FIELD("vcpus", INTEGER, vcpus),
    FIELD("cores", INTEGER, cores),
    FIELD("memory_gib", NUMBER, memory_gib),
    FIELD("network_gbps_baseline", NUMBER, network_gbps),
    FIELD("network_gbps_burst", NUMBER, network_burst_gbps),
    FIELD("ebs_baseline_mb_per_s", NUMBER, ebs_mb_per_s),
    FIELD("ebs_burst_mb_per_s", NUMBER, ebs_burst_mb_per_s),
    FIELD("ebs_baseline_iops", NUMBER, ebs_iops),
    FIELD("ebs_burst_iops", NUMBER, ebs_burst_iops),
    FIELD("local_storage_gb", NUMBER, local_gb),
    FIELD("local_storage_disks", INTEGER, local_disks),
    FIELD("local_storage_kind", DISK, local_kind),
    FIELD("gpus", NUMBER, gpus),
    FIELD("gpu_memory_gib_total", NUMBER, gpu_memory_gib),
    FIELD("other_accelerators", INTEGER, accelerators),
    FIELD("burstable", FLAG, burstable),
    FIELD("cpu_baseline_pct_per_vcpu", NUMBER, cpu_baseline_pct),
    FIELD("cpu_credits_per_hour", NUMBER, cpu_credits_per_hour),
    FIELD("cpu_credits_max", NUMBER, cpu_credits_max),
    FIELD("current_generation", FLAG, current_generation),
    FIELD("bare_metal", FLAG, bare_metal),
    FIELD("gone_from_latest_api_dump", FLAG, gone),
    FIELD("clock_ghz", NUMBER, clock_ghz),
    FIELD("spec_date", DATE, date),
};

static bool read_number(double *out, const char *text)
{
    struct money value = MONEY_ZERO;
    bool ok = !*text || money_parse(&value, text, strlen(text), NULL);
    *out = money_double(value);
    return ok && *out >= 0 && *out < 1e9;
}

static bool read_disk(enum local_disk_kind *out, const char *text)
{
    static const char *const names[] = {"none", "nvme", "ssd", "hdd"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (!strcmp(text, names[i])) {
            *out = (enum local_disk_kind)i;
            return true;
        }
    return false;
}

static bool read_field(struct instance_type *type, const struct field *field, const char *text)
{
    void *at = (char *)type + field->at;
    double number = 0;
    switch (field->kind) {
    case TEXT:
        if (strlen(text) >= field->size)
            return false;
        memcpy(at, text, strlen(text) + 1);
        return true;
    case INTEGER:
        if (!read_number(&number, text))
            return false;
        *(int *)at = (int)number;
        return true;
    case NUMBER:
        return read_number(at, text);
    case FLAG:
        *(bool *)at = !strcmp(text, "yes");
        return *(bool *)at || !strcmp(text, "no");
    case DATE:
        return !*text || day_parse(at, text, strlen(text));
    case DISK:
        return read_disk(at, text);
    }
    return false;
}

bool type_of_row(struct instance_type *out, const struct raw_table *table,
                 const struct raw_row *row, struct err *err)
{
    for (size_t i = 0; i < table->column_count; i++)
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            if (!strcmp(table->columns[i], fields[k].column) &&
                !read_field(out, &fields[k], row->cells[i]))
                return err_at(err, row->file, row->line, 0, "'%s' cannot be the %s of a type",
                              row->cells[i], fields[k].column);
    if (!*out->name)
        return err_at(err, row->file, row->line, 0, "an instance type has no name");
    return true;
}
