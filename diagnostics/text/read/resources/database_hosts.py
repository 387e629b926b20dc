"""Read from a host name what kind of database it belongs to: an instance, an Aurora cluster or an RDS Proxy."""

from __future__ import annotations

from iam.lazy_pattern import regex

_HOST = regex(r"(?<![\w.-])[\w-]+\.(?:(?P<kind>cluster|proxy)(?:-\w+)*-|)\w+\.[a-z0-9-]+\.rds\.amazonaws\.com")
INSTANCE_IDS = (
    "aws rds describe-db-instances --query 'DBInstances[].[DBInstanceIdentifier,DbiResourceId]' --output text"
)
# Amazon Aurora User Guide, "Amazon Aurora endpoint connections": cluster-, cluster-ro- and cluster-custom- in the host
# (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.Endpoints.html); "Connecting to a
# database through RDS Proxy": proxy-, and prx- in the proxy's ARN
# (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-connecting.html).
_IDS = {
    "cluster": "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,DbClusterResourceId]' "
    "--output text",
    "proxy": "aws rds describe-db-proxies --query 'DBProxies[].[DBProxyName,DBProxyArn]' --output text",
    "": INSTANCE_IDS,
}


def resource_id_command(text: str) -> str:
    """Return the command that lists resource IDs of the kind of the text's host, else those of instances."""
    kinds = {found["kind"] or "" for found in _HOST.finditer(text)}
    return _IDS[kinds.pop()] if len(kinds) == 1 else INSTANCE_IDS
