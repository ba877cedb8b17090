# Storage Class Analysis of lake/raw/ over September 2026: read for two weeks, then hardly.
BEGIN {
    print "Date,ConfigId,Filter,StorageClass,ObjectAge,ObjectCount,DataUploaded_MB,Storage_MB," \
        "DataRetrieved_MB,GetRequestCount,CumulativeAccessRatio,ObjectAgeForSIATransition," \
        "RecommendedObjectAgeForSIATransition"
    for (day = 1; day <= 30; day++) {
        row("000-014", 360000, 40000, 5000)
        row("015-029", 360000, 6000, 800)
        row("030-044", 360000, 300, 40)
        row("045-059", 360000, 0, 0)
        row("060-074", 360000, 0, 0)
        row("075-089", 360000, 0, 0)
        row("090-119", 720000, 100, 20)
        row("120-149", 720000, 0, 0)
        row("150-179", 720000, 0, 0)
        row("180-364", 4400000, 0, 0)
        row("365-729", 2800000, 0, 0)
    }
}
function row(age, stored, read, gets) {
    printf "09-%02d-2026,raw,raw/,STANDARD,%s,,,%d,%d,%d,,,\n", day, age, stored, read, gets
}
