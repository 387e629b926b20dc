"""Rows for the AWS Load Balancer Controller: certificates, tags of security groups and subnets."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

LOAD_BALANCER_CONTROLLER: tuple[System, ...] = (
    # AWS Load Balancer Controller, "Certificate Discovery", "Subnet Auto-Discovery" and "Network Load Balancer"
    # (https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/cert_discovery/,
    # https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/subnet_discovery/).
    documented(
        "the certificate for the host",
        "ACM in this Region has no certificate for {name}: request or import one, or name an existing certificate "
        "(alb.ingress.kubernetes.io/certificate-arn).",
        "The controller searches ACM in the cluster's Region for the hosts of the Ingress (tls and rules). A "
        "certificate for *.example.com covers one level only, and a certificate that is not yet issued is ignored.",
        "no certificate found for host: {name}",
        title="Request a certificate for the host, or name one",
    ),
    documented(
        "the tags of the nodes' security groups",
        "The controller needs exactly one security group with the tag {name} on that network interface: remove the tag "
        "from all groups but one, or add it to one group.",
        "aws ec2 describe-security-groups --filters Name=tag-key,Values=kubernetes.io/cluster/CLUSTER. Or name a "
        "different tag with --service-target-eni-security-group-tags.",
        "expected exactly one securityGroup tagged with {name} for eni",
        title="Leave the cluster's tag on one security group",
    ),
    documented(
        "the tags of the subnets",
        "The controller found no subnet for the load balancer: add the tag kubernetes.io/role/elb = 1 to the subnets "
        "(internal: kubernetes.io/role/internal-elb), or name the subnets in the annotation.",
        "The annotation is alb.ingress.kubernetes.io/subnets, for a Service "
        "service.beta.kubernetes.io/aws-load-balancer-subnets. A subnet with another cluster's tag, or with fewer than "
        "8 free addresses, is ignored.",
        "unable to resolve at least one subnet",
        unless=r"UnauthorizedOperation|AccessDenied|not authorized",
        title="Tag the subnets, or name them",
    ),
)
