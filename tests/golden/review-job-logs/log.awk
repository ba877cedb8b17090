# One run of two hours: it reads for an hour, then shuffles. -v cluster=ID -v name=CLUSTER -v day=N
function at(minute) { return sprintf("%.0f", 1767592800000 + (day - 5) * 86400000 + minute * 60000) } # 2026-01-05T06:00:00Z
BEGIN {
    print "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"team\",\"App ID\":\"a-" day "\",\"Timestamp\":" at(0) "}"
    print "{\"Event\":\"SparkListenerEnvironmentUpdate\",\"Spark Properties\":{" \
          "\"spark.databricks.clusterUsageTags.clusterId\":\"" cluster "\",\"spark.databricks.clusterUsageTags.clusterName\":\"" name "\"," \
          "\"spark.databricks.clusterUsageTags.clusterNodeType\":\"m6i.xlarge\"}}"
    for (i = 0; i < 2; i++)
        print "{\"Event\":\"SparkListenerExecutorAdded\",\"Timestamp\":" at(0) ",\"Executor ID\":\"" i \
              "\",\"Executor Info\":{\"Host\":\"h" i "\",\"Total Cores\":4}}"
    n = split("0 60", starts, " ")
    for (j = 1; j <= n; j++) {
        print "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":" j ",\"Submission Time\":" at(starts[j]) \
              ",\"Stage Infos\":[{\"Stage ID\":" j ",\"Number of Tasks\":1}],\"Stage IDs\":[" j "]," \
              "\"Properties\":{}}"
        print "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":" j ",\"Stage Attempt ID\":0," \
              "\"Task End Reason\":{\"Reason\":\"Success\"},\"Task Info\":{\"Task ID\":" j \
              ",\"Launch Time\":" at(starts[j]) ",\"Executor ID\":\"0\",\"Host\":\"h0\",\"Finish Time\":" \
              at(starts[j] + 60) "},\"Task Metrics\":{\"Executor Run Time\":3600000,\"" (j == 1 ? "Input Metrics\":{\"Bytes Read\":4e10},\"Output Metrics\":{\"Bytes Written\":2e10}" : "Shuffle Write Metrics\":{\"Shuffle Bytes Written\":3e10}") "}}"
        print "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":" j ",\"Completion Time\":" at(starts[j] + 60) \
              ",\"Job Result\":{\"Result\":\"JobSucceeded\"}}"
    }
    print "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":" at(120) "}"
}
