#ifndef BILL_IDENTIFY_H
#define BILL_IDENTIFY_H

/*
 * What a resource id of a bill is, by Terraform's name of the type; NULL when
 * its form does not tell. `service` is AWS's product code or "".
 */
const char *identify_type(const char *id, const char *service);

/* The kind of load balancer that an ARN names: "application", "network", "gateway"; or NULL. */
const char *identify_load_balancer(const char *id);

#endif
