BEGIN {
    print "timestamp,resource,metric,stat,value"
    gb = 1073741824
    for (h = 0; h < 336; h++) {
        edge = "net/edge/2222222222222222"
        put(edge, "NewFlowCount_TCP", "Sum", 80 * 3600)
        put(edge, "ActiveFlowCount_TCP", "Average", 20000)
        put(edge, "ProcessedBytes_TCP", "Sum", .5 * gb)
        put(edge, "NewFlowCount_UDP", "Sum", 200 * 3600)
        put(edge, "ActiveFlowCount_UDP", "Average", 10000)
        put(edge, "ProcessedBytes_UDP", "Sum", .1 * gb)
        put(edge, "NewFlowCount_TLS", "Sum", 20 * 3600)
        put(edge, "ActiveFlowCount_TLS", "Average", 600)
        put(edge, "ProcessedBytes_TLS", "Sum", .3 * gb)
        put(edge, "NewFlowCount", "Sum", 300 * 3600)
        put(edge, "ActiveFlowCount", "Average", 30600)
        put(edge, "ProcessedBytes", "Sum", .9 * gb)
        wall = "gwy/wall/3333333333333333"
        put(wall, "NewFlowCount", "Sum", 300 * 3600)
        put(wall, "ActiveFlowCount", "Average", 12000)
        put(wall, "ProcessedBytes", "Sum", 1.5 * gb)
        fn = "app/fn/4444444444444444"
        put(fn, "ProcessedBytes", "Sum", 1.2 * gb)
        put(fn, "LambdaTargetProcessedBytes", "Sum", 1.2 * gb)
        put(fn, "NewConnectionCount", "Sum", 5 * 3600)
        put(fn, "RequestCount", "Sum", 1800)
    }
}
function put(name, metric, stat, value) {
    printf "2026-03-%02dT%02d:00:00Z,%s,%s,%s,%.0f\n", 2 + int(h / 24), h % 24, name, metric, stat, value
}
