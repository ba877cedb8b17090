# Hourly metrics of the same month: three instances half used, one idle.
BEGIN {
    print "timestamp,resource,metric,stat,value"
    for (h = 0; h < days * 24; h++) {
        busy = h % 24 >= 8 && h % 24 < 18
        split("1 2 4", half)
        for (i in half) {
            put("i-0aaaaaaaaaaaaaaa" half[i], "CPUUtilization", "Maximum", busy ? 31 : 6)
            put("i-0aaaaaaaaaaaaaaa" half[i], "mem_used_percent", "Maximum", busy ? 36 : 22)
        }
        put("i-0aaaaaaaaaaaaaaa3", "CPUUtilization", "Maximum", 2)
        put("i-0aaaaaaaaaaaaaaa3", "NetworkIn", "Sum", 120000)
        put("i-0aaaaaaaaaaaaaaa3", "NetworkOut", "Sum", 90000)
    }
}
function put(name, metric, stat, value) {
    printf "%s-%02dT%02d:00:00Z,%s,%s,%s,%.0f\n", month, 1 + int(h / 24), h % 24, name, metric, stat, value
}
