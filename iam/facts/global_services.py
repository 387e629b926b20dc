"""The Region of services with a single endpoint in a partition: the value of ``aws:RequestedRegion`` in their requests.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-requestedregion
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GlobalEndpoint:
    """The Region in which some services have their only endpoint in a partition, and the page that states it."""

    partition: str
    region: str
    services: frozenset[str]
    page: str


GLOBAL_SERVICES = frozenset({"account", "cloudfront", "iam", "organizations", "route53", "support"})
_LIST_OF_ENDPOINTS = "https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html"
_IN_US_EAST_1 = frozenset(
    {
        "artifact",
        "bcm-dashboards",
        "bcm-data-exports",
        "bcm-pricing-calculator",
        "bcm-recommended-actions",
        "billing",
        "billingconductor",
        "budgets",
        "ce",
        "freetier",
        "importexport",
        "invoicing",
        "payments",
        "savingsplans",
        "shield",
        "waf",
    }
)
"""Services outside `GLOBAL_SERVICES` for which AWS's client signs requests for us-east-1, wherever it runs."""

FOR_CLOUDFRONT = ("acm", "wafv2")
"""Services from which CloudFront takes resources in us-east-1 only.

CloudFront developer guide, "Requirements for using SSL/TLS certificates with CloudFront"
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html); AWS WAF API
reference, "CreateWebACL", Scope (https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html).
"""
ENDPOINTS = (
    GlobalEndpoint(
        "aws",
        "us-east-1",
        GLOBAL_SERVICES,
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html",
    ),
    GlobalEndpoint("aws", "us-east-1", _IN_US_EAST_1, _LIST_OF_ENDPOINTS),
    GlobalEndpoint(
        "aws", "us-west-2", frozenset({"networkmanager", "route53-recovery-control-config"}), _LIST_OF_ENDPOINTS
    ),
    GlobalEndpoint(
        "aws",
        "us-west-2",
        frozenset({"globalaccelerator"}),
        "https://docs.aws.amazon.com/global-accelerator/latest/dg/preserve-client-ip-address.regions.html",
    ),
    GlobalEndpoint(
        "aws-us-gov",
        "us-gov-west-1",
        frozenset({"iam"}),
        "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html",
    ),
    GlobalEndpoint(
        "aws-us-gov",
        "us-gov-west-1",
        frozenset({"organizations"}),
        "https://docs.aws.amazon.com/general/latest/gr/ao.html",
    ),
    GlobalEndpoint(
        "aws-cn",
        "cn-north-1",
        frozenset({"iam"}),
        "https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html",
    ),
)


@dataclass(frozen=True, slots=True)
class FewEndpoints:
    """The Regions in which a service has a Regional endpoint in the partition ``aws``, the usual one first.

    For any other Region, a client builds a host name that does not exist. ``page`` is the AWS page that lists them.
    """

    service: str
    regions: tuple[str, ...]
    page: str


FEW_ENDPOINTS = (
    FewEndpoints(
        "cur",
        ("us-east-1",),
        "https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/"
        "API_Operations_AWS_Cost_and_Usage_Report_Service.html",
    ),
    # "Registry authentication in Amazon ECR public" authenticates in us-east-1
    # (https://docs.aws.amazon.com/AmazonECR/latest/public/public-registry-auth.html).
    FewEndpoints(
        "ecr-public", ("us-east-1", "us-west-2"), "https://docs.aws.amazon.com/general/latest/gr/ecr-public.html"
    ),
    FewEndpoints(
        "globalaccelerator",
        ("us-west-2",),
        "https://docs.aws.amazon.com/global-accelerator/latest/api/API_CreateAccelerator.html",
    ),
    FewEndpoints(
        "route53domains",
        ("us-east-1",),
        "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/find-your-registrar.html",
    ),
)
_FEW_ENDPOINTS: Mapping[str, FewEndpoints] = {row.service: row for row in FEW_ENDPOINTS}


def few_endpoints(service: str) -> FewEndpoints | None:
    """Return the service's only Regional endpoints in the partition ``aws``; None if it has many or is unknown."""
    return _FEW_ENDPOINTS.get(service)


_REGIONS: Mapping[tuple[str, str], str] = {
    (endpoint.partition, service): endpoint.region for endpoint in ENDPOINTS for service in endpoint.services
}


def global_region(service: str, partition: str) -> str | None:
    """Return the Region of the service's only endpoint in the partition, or None if it has several or is unknown."""
    few = _FEW_ENDPOINTS.get(service) if partition == "aws" else None
    only = few.regions[0] if few is not None and len(few.regions) == 1 else None
    return _REGIONS.get((partition, service), only)


def partition_of_region(region: str) -> str:
    """Return the partition that a Region belongs to: ``aws``, ``aws-us-gov`` or ``aws-cn``."""
    return "aws-cn" if region.startswith("cn-") else "aws-us-gov" if region.startswith("us-gov-") else "aws"


def url_suffix(partition: str) -> str:
    """Return the domain of the partition's endpoints: the value of CloudFormation's AWS::URLSuffix.

    AWS CloudFormation User Guide, "Pseudo parameters"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html).
    """
    return "amazonaws.com.cn" if partition == "aws-cn" else "amazonaws.com"


def iam_region(partition: str) -> str:
    """Return the Region in which IAM has its endpoint, its quotas and its CloudTrail events; us-east-1 if unknown."""
    return _REGIONS.get((partition, "iam"), "us-east-1")
