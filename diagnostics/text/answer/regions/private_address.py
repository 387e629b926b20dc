"""Find a connection that timed out because a host name resolves to a private address."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from diagnostics.text.answer.regions.region_in_host import HostFault
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

_IP = r"(?P<ip>(?:\d{1,3}\.){3}\d{1,3})"
_NAME = r"(?P<host>[a-zA-Z0-9][\w-]*(?:\.[\w-]+)*\.[a-z]{2,})"
# How programs print the host's name, the address that they called, and that nobody answered in time.
_TIMED_OUT = tuple(
    regex(form)
    for form in (
        # Go: dial tcp [OWN->]ADDRESS:PORT: i/o timeout, behind the URL.
        rf"//{_NAME}(?::\d+)?[^\n]{{0,300}}?dial tcp (?:\S+->)?{_IP}:\d+: "
        r"(?:i/o timeout|connect: connection timed out)",
        # libpq and MySQL's clients: "server at "HOST" (ADDRESS), port 5432 failed: Connection timed out".
        rf"server at \"{_NAME}\" \({_IP}\), port \d+ failed: (?:Connection timed out|timeout expired)",
        # Apache's HTTP client for Java: Connect to HOST:443 [HOST/ADDRESS] failed: connect timed out.
        rf"Connect to {_NAME}:\d+ \[[\w.-]*/{_IP}[^\]\n]*\] failed: (?:Connection|connect|Connect) timed out",
        # curl -v: Trying ADDRESS:443... and the end of its wait for the host.
        rf"Trying {_IP}:\d+\.\.\.[\s\S]{{0,600}}?Failed to connect to {_NAME} port \d+ after \d+ ms: [^\n]*time",
    )
)


def private_address(text: str) -> HostFault | None:
    """Return what to do about a host that resolves to a private address and did not answer; None if there is none.

    RFC 1918 lists the private blocks. Amazon EKS User Guide, "Cluster API server endpoint": with private access, the
    name resolves to private addresses, even from a connected network
    (https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html).
    """
    called = list(dict.fromkeys(_called(text)))
    if len(called) != 1:
        return None
    host, ip = called[0]
    eks = host.endswith((".eks.amazonaws.com", ".eks.amazonaws.com.cn"))
    private = (
        f"{'The endpoint of the cluster' if eks else host} resolves to the private address {ip}, which did not "
        "answer. This address can be reached only from its VPC or from a network connected to the VPC. No "
        "permission was checked."
    )
    if eks:
        return HostFault(
            private,
            "Reach the cluster's private endpoint, or turn on its public endpoint",
            "Call from the cluster's VPC (a bastion host) or from a network connected to it (VPN, peering, transit "
            "gateway), and let the cluster's security group accept port 443 from that network. aws eks "
            "describe-cluster --name CLUSTER --query cluster.resourcesVpcConfig shows which endpoints are on; with "
            "endpointPublicAccess, publicAccessCidrs must contain your address. Access entries and aws-auth are not "
            "the cause.",
        )
    if _OF_A_SERVICE.fullmatch(host):
        return _of_an_interface_endpoint(host, ip, text)
    return HostFault(
        private,
        "Reach the private address",
        "Call from the VPC that has this address, or from a network connected to it (VPN, peering, transit gateway): "
        "check the route, and that the security group behind the address accepts the port from the caller.",
    )


_OF_A_SERVICE = regex(rf"(?:\d{{12}}\.dkr\.|api\.)?[a-z][a-z0-9-]*\.{REGION_NAME}\.amazonaws\.com(?:\.cn)?")
_GROUP = regex(r"\b(?:vpce|vpc-endpoints?|[Ee]ndpoint)\b[^\x1e]{0,200}?\b(?P<group>sg-[0-9a-f]{4,17})\b")


def _of_an_interface_endpoint(host: str, ip: str, text: str) -> HostFault:
    """Say what to do about a service's host with a private address: private DNS of an interface endpoint gives it one.

    AWS PrivateLink Guide, "Access an AWS service using an interface VPC endpoint", Prerequisites: its security group
    (https://docs.aws.amazon.com/vpc/latest/privatelink/create-interface-endpoint.html).
    """
    groups = set(_GROUP.findall(text))
    group = f" {groups.pop()}" if len(groups) == 1 else ""
    return HostFault(
        f"The interface endpoint of {host} ({ip}) did not answer: most likely its security group{group} does not "
        "accept port 443 from the caller. No permission was checked.",
        "Let the endpoint's security group accept port 443 from the caller",
        "Allow inbound TCP 443 from the caller's security group or addresses (aws ec2 describe-vpc-endpoints shows "
        "the endpoint's Groups). Then check network ACLs and network policies, and that the caller is in the "
        "endpoint's VPC or in a network connected to it. Neither a policy of the caller nor the endpoint's policy "
        "is the cause, because either would cause AccessDenied.",
    )


def _called(text: str) -> Iterator[tuple[str, str]]:
    for form in _TIMED_OUT:
        for found in form.finditer(text):
            if not all(int(part) < 256 for part in found["ip"].split(".")):
                continue
            address = ip_address(found["ip"])
            if address.is_private and not (address.is_loopback or address.is_link_local):
                yield found["host"].lower(), str(address)
