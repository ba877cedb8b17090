# One day of it: queries of a minute at 6:01, 6:13, 6:25, 7:30 and 12:00, then nothing until 22:00.
function at(minute) { return sprintf("%.0f", 1767592800000 + minute * 60000) } # 2026-01-05T06:00:00Z
BEGIN {
    print "{\"Event\":\"SparkListenerApplicationStart\",\"App Name\":\"team\",\"App ID\":\"a-1\",\"Timestamp\":" at(0) "}"
    print "{\"Event\":\"SparkListenerEnvironmentUpdate\",\"Spark Properties\":{" \
          "\"spark.databricks.clusterUsageTags.clusterId\":\"0105-060000-team\"," \
          "\"spark.databricks.clusterUsageTags.clusterNodeType\":\"m6i.xlarge\"}}"
    for (i = 0; i < 2; i++)
        print "{\"Event\":\"SparkListenerExecutorAdded\",\"Timestamp\":" at(0) ",\"Executor ID\":\"" i \
              "\",\"Executor Info\":{\"Host\":\"h" i "\",\"Total Cores\":4}}"
    n = split("1 13 25 90 360", starts, " ")
    for (j = 1; j <= n; j++) {
        print "{\"Event\":\"SparkListenerJobStart\",\"Job ID\":" j ",\"Submission Time\":" at(starts[j]) \
              ",\"Stage Infos\":[{\"Stage ID\":" j ",\"Number of Tasks\":1}],\"Stage IDs\":[" j "]," \
              "\"Properties\":{\"spark.databricks.notebook.path\":\"/team/explore\"}}"
        print "{\"Event\":\"SparkListenerTaskEnd\",\"Stage ID\":" j ",\"Stage Attempt ID\":0," \
              "\"Task End Reason\":{\"Reason\":\"Success\"},\"Task Info\":{\"Task ID\":" j \
              ",\"Launch Time\":" at(starts[j]) ",\"Executor ID\":\"0\",\"Host\":\"h0\",\"Finish Time\":" \
              at(starts[j] + 1) "},\"Task Metrics\":{\"Executor Run Time\":60000}}"
        print "{\"Event\":\"SparkListenerJobEnd\",\"Job ID\":" j ",\"Completion Time\":" at(starts[j] + 1) \
              ",\"Job Result\":{\"Result\":\"JobSucceeded\"}}"
    }
    print "{\"Event\":\"SparkListenerApplicationEnd\",\"Timestamp\":" at(960) "}"
}
