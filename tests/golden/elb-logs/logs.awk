# Four days of an application load balancer, two requests a minute, all from private clients;
# rule 20 takes most of them. One line is cut off.
BEGIN {
    for (m = 0; m < 5760; m++)
        for (k = 0; k < 2; k++)
            line(2 + int(m / 1440), int(m / 60) % 24, m % 60, k * 30, (m + k) % 10 < 8 ? 20 : 7)
    print "https 2026-03-05T23:59:59.000000Z app/web/50dc6c495c0c9188 10.0.1.9:40000"
}
function line(day, hour, minute, second, rule) {
    printf "https 2026-03-%02dT%02d:%02d:%02d.000000Z app/web/50dc6c495c0c9188 10.0.1.%d:40000 " \
        "10.0.2.7:8080 0.001 0.250 0.000 200 200 300 9000 " \
        "\"GET https://web.example.com:443/a?q=\\\"b\\\" HTTP/1.1\" \"curl/8.5.0\" - TLSv1.3 " \
        "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1 " \
        "\"Root=1-5\" \"web.example.com\" \"-\" %d 2026-03-%02dT%02d:%02d:%02d.000000Z " \
        "\"forward\" \"-\" \"-\" \"10.0.2.7:8080\" \"200\" \"-\" \"-\"\n", \
        day, hour, minute, second, 1 + minute, rule, day, hour, minute, second
}
