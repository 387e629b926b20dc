"""A value beside the refusal decides: another identity pool, another list of ARNs, another CA, a name for an ID."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import allow, diagnosed, no_identity, policy, refused

POOL, OTHER = (f"eu-west-1:7d0c2be4-55a1-4d9c-8f8e-{each}" for each in ("3a6c1e2b9d70", "0d2f8c7a6e41"))
INVALID = "Exception: Invalid identity pool configuration. Check assigned IAM roles for this pool."
TRUST = (
    '{"Effect":"Allow","Principal":{"Federated":"cognito-identity.amazonaws.com"},'
    '"Action":"sts:AssumeRoleWithWebIdentity","Condition":{"StringEquals":{"cognito-identity.amazonaws.com:aud":%s}}}'
)
ZONE, PARENT = (f"arn:aws:route53:::hostedzone/Z{each}" for each in ("08815523NQ4M7", "0412907LWQ3ZP"))
CHANGE = "route53:ChangeResourceRecordSets"
LOGIN = 'FATAL: PAM authentication failed for user "app"'
ANYWHERE = "AccessDeniedException: Untrusted Signing Certificate"
MSK = "bootstrap.servers=b-1.core.x81k2c.c3.kafka.eu-central-1.amazonaws.com:9098"
TOPIC = f"org.apache.kafka.common.errors.TopicAuthorizationException: Not authorized to access topics: [bills]\n{MSK}"
CLUSTER = "arn:aws:kafka:eu-central-1:111122223333:cluster/core/6f0b2a77-3c1e-4d55-b0a1-9ad2c7e1f640-3"


def said(text: str) -> str:
    return collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "pools",
    [
        f"identityPoolId: {POOL}",
        f"--identity-pool-id {POOL}",
        f"const IDENTITY_POOL_ID = '{POOL}'",
        f"amplifyconfiguration.json (staging)  PoolId  {POOL}",
    ],
)
@pytest.mark.parametrize("trusted", [f'"{OTHER}"', f'["{OTHER}"]'])
def test_another_identity_pool_than_the_trusted_one_is_named(pools: str, trusted: str) -> None:
    assert f"uses the identity pool {POOL}, but the role's trust policy accepts only {OTHER}" in said(
        f"{INVALID}\n{pools}\n{TRUST % trusted}"
    )


@pytest.mark.parametrize(
    "pools",
    [
        f"identityPoolId: {OTHER}",
        "identityPoolId: us-east-1",
        f"IdentityId: {POOL}",
        f"GetCredentialsForIdentity  {POOL}",
        f"before: pool {POOL}, {OTHER}",
    ],
)
def test_the_trusted_pool_and_no_pool_are_left_alone(pools: str) -> None:
    assert "uses the identity pool" not in said(f"{INVALID}\n{pools}\n{TRUST % f'[{chr(34)}{OTHER}{chr(34)}]'}")


@pytest.mark.parametrize(
    ("who", "amr", "named"),
    [("guest user", "authenticated", True), ("guest user", "unauthenticated", False), ("kim", "authenticated", False)],
)
def test_a_role_for_guests_must_accept_unauthenticated(who: str, amr: str, named: bool) -> None:
    claim = f'"ForAnyValue:StringLike": {{"cognito-identity.amazonaws.com:amr": "{amr}"}}'
    trust = f"{TRUST % (chr(34) + OTHER + chr(34))}, {claim}"
    text = f"{INVALID}\n{who} of pool {OTHER}\n{trust}"
    assert ("a guest, who is unauthenticated" in said(text)) is named


@pytest.mark.parametrize(
    "setting",
    [
        f'external_dns_hosted_zone_arns = ["{PARENT}"]',
        f"cert_manager_hosted_zone_arns   = [\n  \"{PARENT}\",\n]",
        f"hostedZoneArns:\n  - {PARENT}\n",
    ],
)  # fmt: skip
def test_a_list_of_arns_without_the_denied_one_is_named(setting: str) -> None:
    answer = diagnosed(f"{no_identity(CHANGE, ZONE)}\n\nvalues:\n{setting}")
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert f"names {PARENT}, but the call is for {ZONE}" in answer.verdict.summary


@pytest.mark.parametrize(
    "setting",
    [
        f'zone_arns = ["{PARENT}", "{ZONE}"]',
        'zone_arns = ["arn:aws:route53:::hostedzone/*"]',
        'topic_arns = ["arn:aws:sns:eu-west-1:111122223333:a"]',
        f'target_group_arn = "{PARENT}"',
    ],
)
def test_lists_that_have_it_and_other_settings_are_left_alone(setting: str) -> None:
    assert "the setting" not in diagnosed(f"{no_identity(CHANGE, ZONE)}\n\nvalues:\n{setting}").verdict.summary


@pytest.mark.parametrize(
    ("action", "on", "listed", "named"),
    [
        ("sns:Publish", "arn:aws:sns:eu-west-1:111122223333:b", "arn:aws:sns:eu-west-1:111122223333:a", True),
        ("s3:ListBucket", "arn:aws:s3:::north-ledger", "arn:aws:s3:::south-ledger", True),
        ("s3:GetObject", "arn:aws:s3:::north-ledger/a.csv", "arn:aws:s3:::north-ledger", False),
    ],
)
def test_a_list_is_compared_if_its_arns_are_of_the_denied_type(action: str, on: str, listed: str, named: bool) -> None:
    answer = diagnosed(f'{no_identity(action, on)}\n\nvalues:\nreadARNs = ["{listed}"]')
    assert ("the setting readARNs names" in answer.verdict.summary) is named


def test_a_policy_that_lacks_the_action_decides_before_the_list() -> None:
    shown = policy(allow("route53:ListHostedZones", "*"))
    answer = diagnosed(f'{no_identity(CHANGE, ZONE)}\n\nzone_arns = ["{PARENT}"]\n\nThe role has only:\n{shown}')
    assert answer.verdict.cause == "identity.no-action" and "the setting" not in answer.verdict.summary


def test_an_explicit_deny_is_not_about_the_list() -> None:
    text = refused(CHANGE, ZONE, "with an explicit deny in an identity-based policy")
    assert "the setting" not in diagnosed(f'{text}\nzone_arns = ["{PARENT}"]').verdict.summary


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f'{LOGIN}\n"Resource":"arn:aws:rds-db:eu-west-1:111122223333:dbuser:orders-prod/app"', True),
        (f'"Resource":"arn:aws:rds-db:eu-west-1:111122223333:dbuser:ord/app"\n{LOGIN}', True),
        (f"Resource: arn:aws:rds-db:*:111122223333:dbuser:db-orders/*\npq: {LOGIN[7:]}", True),
        (f'{LOGIN}\n"Resource":"arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/app"', False),
        (f'{LOGIN}\n"Resource":"arn:aws:rds-db:eu-west-1:111122223333:dbuser:*/app"', False),
        (f'{LOGIN}\n"Resource":"arn:aws:rds-db:eu-west-1:111122223333:dbuser:${{local.id}}/app"', False),
    ],
)
def test_a_name_in_place_of_the_databases_resource_id_is_named(text: str, named: bool) -> None:
    assert ("names the database by its name" in said(text)) is named


@pytest.mark.parametrize(
    ("resource", "named"),
    [(CLUSTER, True), (CLUSTER.replace("cluster/core", "topic/core") + "/bills", False), ("*", False)],
)
def test_a_clusters_arn_for_actions_on_topics_is_named(resource: str, named: bool) -> None:
    policy = (
        f'{{"Effect":"Allow","Action":["kafka-cluster:Connect","kafka-cluster:WriteData"],"Resource":"{resource}"}}'
    )
    assert ("applies to the resource type topic" in said(f"{TOPIC}\n\n{policy}")) is named


@pytest.mark.parametrize(
    ("issuer", "subject", "named"),
    [
        ("issuer=C = NL, O = Velt, CN = Velt CA 2026", "subject=C = NL, O = Velt, CN = Velt CA 2023", True),
        ("Issuer: C=NL, CN=Velt CA 2026", "Subject: C=NL, CN=Velt CA 2023", True),
        ("issuer=CN = Velt CA 2026", "subject=CN = Velt CA 2026", False),
        ("notAfter=Mar  1 09:00:00 2027 GMT", "subject=CN = Velt CA 2023", False),
    ],
)
def test_the_issuer_is_compared_with_the_trust_anchor(issuer: str, subject: str, named: bool) -> None:
    text = (
        f"{ANYWHERE}\n$ openssl x509 -issuer\n{issuer}\n$ aws rolesanywhere get-trust-anchor | openssl x509\n{subject}"
    )
    assert ("was issued by Velt CA 2026, but the trust anchor in the text has Velt CA 2023" in said(text)) is named


@pytest.mark.parametrize(
    ("resources", "named"),
    [
        (("topic/core/bill*",), True),
        ((f"{CLUSTER.rpartition(':')[2].replace('cluster', 'topic')}/log-*", "topic/core/bil*"), True),
        (("topic/core/*",), False),  # the wildcard also matches the UUID
        ((f"{CLUSTER.rpartition(':')[2].replace('cluster', 'topic')}/log-*",), False),
    ],
)
def test_a_topics_arn_without_the_clusters_uuid_is_named(resources: tuple[str, ...], named: bool) -> None:
    arns = [f'"arn:aws:kafka:eu-central-1:111122223333:{each}"' for each in resources]
    shown = f'{{"Effect":"Allow","Action":"kafka-cluster:*","Resource":[{",".join(arns)}]}}'
    answer = said(f"{TOPIC}\ncluster {CLUSTER}\n\n{shown}")
    assert ("Add the cluster's UUID to arn:aws:kafka:eu-central-1:111122223333:topic/core/" in answer) is named
    assert "connect-" not in answer
