"""Rows for connections that failed before AWS was reached: proxies, TLS, name resolution and the network."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_HOST = (
    r"(?:https?://|CONNECT |Connect to |Connection to |tunnel to |lookup |host(?:name)?[:=' ]+[\"']?|getaddrinfo \w+ "
    r"|UnknownHostException: )([\w.-]{1,120}\.(?:amazonaws\.com(?:\.cn)?|api\.aws|on\.aws))"
)
# A text without a host of AWS's, or without any sign of AWS: another server was called.
_NO_HOST_OF_AWS = r"\A(?![\s\S]*(?:amazonaws\.com|api\.aws\b|\.on\.aws\b))"
_NO_SIGN_OF_AWS = r"\A(?![\s\S]*(?:amazonaws\.com|api\.aws\b|\.on\.aws\b|\bboto|\bawscli\b|\baws [a-z]|\bAWS\b|awssdk))"
_UNTRUSTED = (
    r"CERTIFICATE_VERIFY_FAILED|SSL\s+validation\s+failed|certificate\s+verify\s+failed"
    r"|x509:\s+certificate\s+signed\s+by\s+unknown"
    r"|unable\s+to\s+get\s+local\s+issuer\s+certificate|self[- ]signed\s+certificate\s+in\s+certificate\s+chain"
    r"|PKIX\s+path\s+building\s+failed|tls:\s+failed\s+to\s+verify|SSLHandshakeException"
    r"|SSL:\s+WRONG_VERSION_NUMBER"
)
_UNTRUSTED_SIGNALS = (
    *("certificate_verify_failed", "ssl validation failed", "certificate verify failed"),
    *("certificate signed by unknown", "unable to get local issuer certificate"),
    *("signed certificate in certificate chain", "pkix path building failed", "tls: failed to verify"),
    *("sslhandshakeexception", "ssl: wrong_version_number"),
)
_UNRESOLVED = (
    r"no\s+such\s+host|UnknownHostException|getaddrinfo\s+E\w+|Could\s+not\s+resolve\s+host"
    r"|Name\s+or\s+service\s+not\s+known|Temporary\s+failure\s+in\s+name\s+resolution|nodename\s+nor\s+servname"
    r"|\blookup\s+[\w.-]+(?:\s+on\s+\S+)?:\s+(?:i/o\s+timeout|server\s+misbehaving"
    r"|read\s+udp\s[^\n]{0,100}i/o\s+timeout)"
)
_UNRESOLVED_SIGNALS = (
    *("no such host", "unknownhostexception", "getaddrinfo", "could not resolve host"),
    *("name or service not known", "failure in name resolution", "nodename nor servname", "lookup "),
)
NETWORK, GATEWAY_ENDPOINT = "the network", "the way to the gateway endpoint"
NAME_RESOLUTION = "name resolution"
SERVER = "the network to the server that was called"
_GATEWAY = (
    r"(?:\bgateway[- ](?:vpc )?endpoints?\b|\(gateway\)|\bgateway\b[^\n]{0,20}\b(?:s3|dynamodb)\b|\bs3 gateway\b)"
)
_UNREACHED_STORE = (
    r"(?:(?:[Cc]onnect\s+timeout\s+on|[Cc]ould\s+not\s+connect\s+to\s+the)\s+endpoint\s+URL:\s+\"?https?://[\w.-]*"
    r"(?:s3|dynamodb)[\w.-]*\.amazonaws\.com"
    r"|https?://[\w.-]*(?:s3|dynamodb)[\w.-]*\.amazonaws\.com[^\n]{0,300}dial\s+tcp[^\n]{0,100}(?:timeout|refused)"
    r"|dial\s+tcp[^\n]{0,100}(?:timeout|refused)[^\n]{0,100}https?://[\w.-]*(?:s3|dynamodb)[\w.-]*\.amazonaws\.com)"
)
CONNECTIONS: tuple[System, ...] = (
    made_system(
        "a proxy on the way",
        "The proxy refused the connection, and AWS was not reached: let the proxy pass {name}, add the host to "
        "NO_PROXY, or use a VPC endpoint. No AWS permission is missing.",
        r"CONNECT\s+tunnel\s+failed,\s+response\s+\d+|X-Squid-Error|HTTP\s+code\s+\d+\s+from\s+proxy\s+after\s+CONNECT"
        r"|Tunnel\s+connection\s+failed:\s+\d+|Failed\s+to\s+connect\s+to\s+proxy\s+URL|Cannot\s+connect\s+to\s+proxy"
        r"|ProxyConnectionError|\bproxyconnect\s+tcp\b|Proxy\s+Authentication\s+Required|\bERR_(?:ACCESS_DENIED"
        r"|CONNECT_FAIL)\b"
        r"|\b(?:Zscaler|Forcepoint|Websense|Blue\s?Coat|Netskope|FortiGuard|McAfee\s+Web\s+Gateway"
        r"|Cisco\s+Umbrella)\b[\s\S]{0,400}?"
        r"\b(?:block|den[iy]|restrict|forbidden|not\s+allowed|violat)\w*"
        r"|\b(?:block|den[iy]|restrict)\w*[\s\S]{0,200}?\b(?:Zscaler|Forcepoint|Websense|Blue\s?Coat|Netskope"
        r"|FortiGuard)\b",
        "connect tunnel failed",
        "x-squid-error",
        "from proxy after connect",
        "tunnel connection failed",
        "to proxy url",
        "connect to proxy",
        "proxyconnect",
        "proxy authentication required",
        "err_access_denied",
        "err_connect_fail",
        "zscaler",
        "forcepoint",
        "websense",
        "coat",
        "netskope",
        "fortiguard",
        "mcafee web gateway",
        "cisco umbrella",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"is\s+not\s+authorized\s+to\s+perform|when\s+calling\s+the|\b(?:nothing|not|n't)\b[^\n]{0,20}\bblock",
        subject=_HOST,
        verdict="A proxy blocked the connection to {name}: AWS was not reached, and no permission was checked.",
    ),
    # Amazon RDS User Guide, "Using SSL/TLS to encrypt a connection to a DB instance or cluster"
    # (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html).
    made_system(
        "the database's certificate",
        "Give the client the certificate bundle of Amazon RDS (global-bundle.pem, sslrootcert in PostgreSQL). No "
        "permission is missing.",
        rf"(?:{_UNTRUSTED})(?=[\s\S]{{0,600}}\.rds\.amazonaws\.com)"
        rf"|\.rds\.amazonaws\.com[\s\S]{{0,600}}?(?:{_UNTRUSTED})",
        *_UNTRUSTED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        verdict="The database client does not trust the certificate of the database: no permission was checked.",
        title="Let the client trust the certificates of Amazon RDS",
    ),
    made_system(
        "the TLS connection",
        "The program does not trust the certificate it received, often from a proxy that inspects TLS. Give the "
        "program the proxy's CA (AWS_CA_BUNDLE, ca_bundle), or exempt the host from inspection. AWS got no request.",
        _UNTRUSTED,
        *_UNTRUSTED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=rf"is\s+not\s+authorized\s+to\s+perform|AssumeRoleWith|{_NO_SIGN_OF_AWS}",
        subject=_HOST,
        verdict="The TLS connection to {name} was not trusted: AWS got no request, and no permission was checked.",
    ),
    made_system(
        "the certificate of the server",
        "The program does not trust the certificate of the server that it called: give it the CA that issued it, or "
        "correct the server's certificate. No AWS permission is missing.",
        _UNTRUSTED,
        *_UNTRUSTED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"is\s+not\s+authorized\s+to\s+perform|AssumeRoleWith",
    ),
    made_system(
        NAME_RESOLUTION,
        "The host name could not be resolved: check the spelling of the Region and the endpoint, the resolver, and the "
        "private DNS of VPC endpoints. In a pod, check the cluster's DNS too: if the pod must start "
        "before it (Karpenter), it needs dnsPolicy: Default. No policy was evaluated.",
        _UNRESOLVED,
        *_UNRESOLVED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=rf"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|{_NO_HOST_OF_AWS}",
        subject=_HOST,
        verdict="The name {name} could not be resolved: AWS was not reached, and no permission was checked.",
    ),
    made_system(
        "the name of the server",
        "The name of the server could not be resolved: check its spelling, and the resolver where the program runs. A "
        "missing permission is not the cause.",
        _UNRESOLVED,
        *_UNRESOLVED_SIGNALS,
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4",
        subject=r"\blookup ([\w.-]*\w)(?: on \S+)?: no such host"
        r"|\b(?:ENOTFOUND|EAI_AGAIN|Could not resolve host:|UnknownHostException:) ([\w.-]*\w)",
        verdict="The name {name} could not be resolved: the server was not reached, and no permission was checked.",
    ),
)
UNREACHED: tuple[System, ...] = (
    # Amazon VPC, AWS PrivateLink, "Gateway endpoints": routing and security groups
    # (https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html).
    made_system(
        GATEWAY_ENDPOINT,
        "A call reaches a gateway endpoint only with two things. The route table of the caller's subnet needs a route "
        "to the endpoint. The caller's security group needs an egress rule for port 443 to the service's prefix list "
        "(aws ec2 describe-managed-prefix-lists). A rule to the security group of the interface endpoints or to the "
        "VPC's range does not cover it. A missing permission is not the cause.",
        rf"{_UNREACHED_STORE}(?=[\s\S]*{_GATEWAY})|{_GATEWAY}[\s\S]*?{_UNREACHED_STORE}",
        "send request failed",
        "dial tcp",
        "connect to the endpoint url",
        "timeout on endpoint url",
        "connecttimeout",
        "endpointconnectionerror",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4",
        subject=r"https?://([\w.-]*(?:s3|dynamodb)[\w.-]*\.amazonaws\.com(?:\.cn)?)",
        verdict="{name}, which is behind a gateway endpoint, could not be reached. Most likely the caller's security "
        "group does not allow traffic to the service's prefix list, or the subnet lacks the route. No permission was "
        "checked.",
        title="Let the caller reach the gateway endpoint",
        sure=False,
    ),
    # AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints": legacy calls sts.amazonaws.com, which an
    # interface endpoint does not cover
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
    made_system(
        "the network to STS's global endpoint",
        "Set AWS_STS_REGIONAL_ENDPOINTS=regional (for EKS the service account's annotation "
        'eks.amazonaws.com/sts-regional-endpoints: "true") and AWS_REGION, or update the SDK. An interface endpoint '
        "for STS covers only sts.REGION.amazonaws.com; without one the subnet needs a NAT gateway.",
        r"https?://sts\.amazonaws\.com/?[\"']?:?[^\n]{0,60}"
        r"(?:dial\s+tcp[^\n]{0,160}(?:timeout|refused)|timed\s+out|i/o\s+timeout)"
        r"|[Cc]onnect(?:ion)?\s+(?:timeout|to)[^\n]{0,60}\bsts\.amazonaws\.com[^\n]{0,60}(?:timed\s+out|timeout)?",
        "sts.amazonaws.com",
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4",
        verdict="STS's global endpoint sts.amazonaws.com could not be reached: no permission was checked. A VPC "
        "endpoint covers only the regional one, so let the SDK call that.",
        title="Let the SDK call STS in its Region",
    ),
    made_system(
        NETWORK,
        "{name} could not be reached. A private subnet needs an interface endpoint for this service, a NAT gateway or "
        "a proxy, and security groups that allow port 443. With a gateway endpoint (S3, DynamoDB), the route table "
        "needs a route to it, and the caller's security group must allow port 443 to the service's prefix list.",
        r"RequestError:\s+send\s+request\s+failed|dial\s+tcp[^\n]{0,160}(?:timeout|refused)"
        r"|\bConnect\s+to\s+[\w.-]+amazonaws\.com[^\n]{0,160}?(?:timed\s+out|refused)"
        r"|\bconnect\s+(?:ETIMEDOUT|ECONNREFUSED)\s+\S+:443\b|Connection\s+to\s+[\w.-]+amazonaws\.com\s+timed\s+out"
        r"|[Cc]ould\s+not\s+connect\s+to\s+the\s+endpoint\s+URL|[Cc]onnect\s+timeout\s+on\s+endpoint\s+URL"
        r"|[Rr]ead\s+timeout\s+on\s+endpoint\s+URL|ConnectTimeout(?:Error|Exception)?\b|EndpointConnectionError"
        # Go's HTTP client.
        r"|\b(?:Get|Head|Put|Post"
        r"|Delete) \W{0,2}https?://[\w.-]+amazonaws\.com[^\s\"]*\W{0,2}: (?:context deadline exceeded"
        r"|net/http: request canceled)",
        "send request failed",
        "dial tcp",
        "connect to the endpoint url",
        "timeout on endpoint url",
        "connecttimeout",
        "endpointconnectionerror",
        "context deadline exceeded",
        "request canceled",
        "connect to",
        "connect e",
        "timed out",
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|169\.254\.169\.254|ec2imds"
        rf"|{_NO_HOST_OF_AWS}|\.eks\.amazonaws\.com",
        subject=_HOST,
        verdict="{name} could not be reached: the network failed before any permission was checked.",
    ),
    made_system(
        SERVER,
        "The server could not be reached: check its address and port, the route and the security groups to it, and "
        "whether it runs. No permission was checked.",
        r"dial\s+tcp[^\n]{0,160}(?:timeout|refused)|ConnectTimeout(?:Error|Exception)?\b",
        "dial tcp",
        "connecttimeout",
        unless=r"AccessDenied|not\s+authori[sz]ed|StatusCode:\s*4|169\.254\.169\.254|ec2imds",
        verdict="The server that was called could not be reached: no permission was checked.",
    ),
)
