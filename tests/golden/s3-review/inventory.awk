# All versions of bucket "lake" on 1 October 2026: cold partitions, small logs, a table, old versions.
BEGIN {
    for (i = 0; i < 9600; i++)
        row(sprintf("raw/events/dt%%3D%s/part-%04d.parquet", day(int(i / 20)), i), "true",
            "false", 1.25e9, int(i / 20), "STANDARD")
    for (i = 0; i < 4000; i++)
        row(sprintf("logs/app/%05d.json", i), "true", "false", 9000, i % 300, "STANDARD")
    for (i = 0; i < 60; i++)
        row(sprintf("tables/orders/part-%03d.parquet", i), "true", "false", 100e9, i * 3, "STANDARD")
    row("tables/orders/_delta_log/00000000000000000000.json", "true", "false", 4000, 180, "STANDARD")
    for (i = 0; i < 40; i++)
        row(sprintf("tables/orders/part-old-%03d.parquet", i), "false", "false", 90e9, 60 + i * 5,
            "STANDARD")
    row("tables/orders/part-old-000.parquet", "true", "true", "", 2, "")
    row("odd/one", "true", "false", "many", 2, "STANDARD")
    row("odd/two", "true", "false", 12, 2, "GLACIER_X")
}
# Howard Hinnant's days to a date, from 1 October 2026 back.
function day(age,    z, era, doe, yoe, doy, mp, m) {
    z = 20727 - age + 719468
    era = int(z / 146097)
    doe = z - era * 146097
    yoe = int((doe - int(doe / 1460) + int(doe / 36524) - int(doe / 146096)) / 365)
    doy = doe - (365 * yoe + int(yoe / 4) - int(yoe / 100))
    mp = int((5 * doy + 2) / 153)
    m = mp < 10 ? mp + 3 : mp - 9
    return sprintf("%04d-%02d-%02d", yoe + era * 400 + (m <= 2), m, doy - int((153 * mp + 2) / 5) + 1)
}
function row(key, latest, marker, size, age, class) {
    printf "\"lake\",\"%s\",\"v%d\",\"%s\",\"%s\",\"%s\",\"%sT12:00:00.000Z\",\"%s\",\"SSE-KMS\",\"DISABLED\"\n",
        key, ++version, latest, marker, size == "" || size == "many" ? size : sprintf("%.0f", size),
        day(age), class
}
