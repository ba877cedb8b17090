# Hourly metrics of the same two weeks. The web balancer passes 20 rules at 500 requests a second.
BEGIN {
    print "timestamp,resource,metric,stat,value"
    for (h = 0; h < 336; h++) {
        web = "app/web/50dc6c495c0c9188"
        put(web, "NewConnectionCount", "Sum", 360000)
        put(web, "ActiveConnectionCount", "Sum", 3000 * 60)
        put(web, "ProcessedBytes", "Sum", 2 * 1073741824)
        put(web, "RequestCount", "Sum", 1800000)
        put(web, "RuleEvaluations", "Sum", 36000000)
        put("app/forgotten/1111111111111111", "RequestCount", "Sum", 0)
        put("app/forgotten/1111111111111111", "NewConnectionCount", "Sum", 0)
        edge = "net/edge/2222222222222222"
        put(edge, "NewFlowCount", "Sum", 360000)
        put(edge, "ActiveFlowCount", "Average", 18000)
        put(edge, "ProcessedBytes", "Sum", 0.36 * 1073741824)
    }
}
function put(name, metric, stat, value) {
    printf "2026-03-%02dT%02d:00:00Z,%s,%s,%s,%.0f\n", 2 + int(h / 24), h % 24, name, metric, stat, value
}
