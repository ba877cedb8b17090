# Hourly metrics: one half used, one whose memory nobody measured, one idle, one full.
BEGIN {
    print "timestamp,resource,metric,stat,value"
    for (h = 0; h < 336; h++) {
        busy = h % 24 >= 8 && h % 24 < 18
        put("i-0aaaaaaaaaaaaaaa1", "CPUUtilization", "Maximum", busy ? 31 : 6)
        put("i-0aaaaaaaaaaaaaaa1", "mem_used_percent", "Maximum", busy ? 36 : 22)
        put("i-0aaaaaaaaaaaaaaa2", "CPUUtilization", "Maximum", busy ? 31 : 6)
        put("i-0aaaaaaaaaaaaaaa3", "CPUUtilization", "Maximum", 2)
        put("i-0aaaaaaaaaaaaaaa3", "NetworkIn", "Sum", 120000)
        put("i-0aaaaaaaaaaaaaaa3", "NetworkOut", "Sum", 90000)
        put("i-0aaaaaaaaaaaaaaa4", "CPUUtilization", "Maximum", busy ? 98 : 35)
        put("i-0aaaaaaaaaaaaaaa4", "mem_used_percent", "Maximum", 55)
    }
}
function put(name, metric, stat, value) {
    printf "2026-03-%02dT%02d:00:00Z,%s,%s,%s,%.0f\n", 2 + int(h / 24), h % 24, name, metric, stat, value
}
