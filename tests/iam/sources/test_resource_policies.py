"""Which resources are known to have no policy, against the operations that AWS has."""

from __future__ import annotations

import re

import pytest
from botocore.session import get_session

from iam.arn import Arn
from iam.services import iam_prefix
from iam.sources.resource_policies import READABLE, has_no_policy

OF_A_RESOURCE = re.compile(
    r"^(?:Get|Describe|Put|Set|Delete|Attach)\w*(?:Policy|ResourcePolicies|Permission|Permissions)$"
)
OTHER_POLICIES = re.compile(
    "Scaling|Stickiness|LoadBalancerPolic|TrafficPolic|LifecyclePolic|SchedulingPolic|StackPolicy|CustomRulePolicy|"
    "AutoTermination|ConfigurationPolic|RetentionPolic|SecurityPolic|TapeCreation|PlaybackRestriction|AccessPolicies|"
    "CIMDPolic|CAEnrollment|AuthorizationPolicy|IpamPolicy|MeteringPolicy|NetworkInterfacePermission|FlexCost|"
    "^DeletePolicy$|LoadBalancerTls|VerifiedAccess|VpcEndpointServicePermissions"
)
"""What is called a policy or a permission and is none of a resource's own in IAM's language: Verified Access has
Cedar's, an endpoint service a list of principals."""


def _operations() -> dict[str, list[str]]:
    session = get_session()
    found: dict[str, list[str]] = {}
    for client in session.get_available_services():
        model = session.get_service_model(client)
        found.setdefault(iam_prefix(client) or model.signing_name, []).extend(model.operation_names)
    return found


def test_a_service_with_operations_on_resource_policies_is_not_without_them() -> None:
    wrong = {}
    for service, operations in _operations().items():
        if not has_no_policy(Arn("aws", service, "us-east-1", "111122223333", "thing/x")) or service == "iam":
            continue
        of_resources = [each for each in operations if OF_A_RESOURCE.match(each) and not OTHER_POLICIES.search(each)]
        if of_resources:
            wrong[service] = of_resources
    # A trust store's policy is what RAM shares by it, and is written by RAM alone.
    assert wrong.pop("elasticloadbalancing", ["GetResourcePolicy"]) == ["GetResourcePolicy"]
    assert not wrong


@pytest.mark.parametrize(
    "service", ["s3vectors", "ecr-public", "aps", "oam", "comprehend", "a-new-service", *sorted(READABLE)]
)
def test_what_is_not_listed_is_not_said_to_have_none(service: str) -> None:
    resource = "role/x" if service == "iam" else "thing/x"
    assert not has_no_policy(Arn("aws", service, "us-east-1", "111122223333", resource))


@pytest.mark.parametrize(("service", "resource"), [("ec2", "instance/i-1"), ("rds", "db:x"), ("iam", "user/x")])
def test_what_never_has_one_needs_none(service: str, resource: str) -> None:
    assert has_no_policy(Arn("aws", service, "us-east-1", "111122223333", resource))
