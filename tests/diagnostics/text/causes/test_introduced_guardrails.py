"""A guardrail that, as the text says, was introduced comes first if AWS's answer names no policy."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import diagnosed

PUT = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n"
CAUSE = "The text names a policy of the organization that was introduced"


@pytest.mark.parametrize(
    "said",
    [
        'security mail: "RCP EnforceOrgIdentities rolled out to OU Data"',
        "a new SCP was attached on monday",
        "they enabled the resource control policy for the OU last week",
        'Since Friday the guardrail "org-only" is on the OU Data, the bucket policy is as before.',
        "platform team: scp-deny-old-types in force since 2026-11-20",
        'the account moved into OU Restricted last Thursday, which has the RCP "confine-to-org"',
    ],
)
def test_an_introduced_guardrail_is_looked_at_first(said: str) -> None:
    looks = collect_offline(read_text(f"{PUT}{said}")[0]).first_look
    assert looks[0].cause.startswith(CAUSE)


@pytest.mark.parametrize(
    "text",
    [
        f"{PUT}there is no SCP",
        f"{PUT}is a new SCP attached?",
        f"{PUT}No SCP or RCP was changed since Monday.",
        f"{PUT}Since Monday the Bedrock guardrail answers in German.",
        "User: arn:aws:iam::111122223333:user/a is not authorized to perform: s3:PutObject on resource: "
        "arn:aws:s3:::b/k because no identity-based policy allows the s3:PutObject action\na new SCP was attached",
    ],
)
def test_a_guardrail_that_is_not_introduced_or_not_the_layer_is_no_cause(text: str) -> None:
    assert all(not each.cause.startswith(CAUSE) for each in collect_offline(read_text(text)[0]).first_look)


@pytest.mark.parametrize(("account", "exempt"), [("444455556666", True), ("111122223333", False)])
def test_the_account_of_an_outside_caller_is_the_one_to_exempt(account: str, exempt: bool) -> None:
    (failure,) = read_text(
        "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::"
        f"{account}:assumed-role/probe/p1 is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::111122223333:role/Audit\nA new RCP was rolled out on Friday.\n"
    )
    causes = " ".join(each.cause for each in collect_offline(failure).first_look)
    assert (f"exempt the account {account} (aws:PrincipalAccount)" in causes) == exempt


def test_a_verdict_without_a_cause_gives_the_introduced_guardrail() -> None:
    said = (
        "An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
        "arn:aws:sts::444455556666:assumed-role/probe/p1 is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::111122223333:role/Audit"
    )
    summary = collect_offline(read_text(f"{said}\nThe RCP went live on Friday.")[0]).verdict.summary
    assert summary.startswith(CAUSE)
    assert "An RCP covers sts:AssumeRole" in summary
    stated = f"{said} because no identity-based policy allows the sts:AssumeRole action"
    summary = collect_offline(read_text(f"{stated}\nThe RCP went live on Friday.")[0]).verdict.summary
    assert not summary.startswith(CAUSE)


@pytest.mark.parametrize(
    ("said", "network"),
    [
        ("It works from the VPN.", True),
        ("The same command works fine on our bastion host, but not here.", True),
        ("From an EC2 instance it works.", True),
        ("It never works from the office.", False),
        ("It works with the other queue.", False),
    ],
)
@pytest.mark.parametrize("layer", ["resource control policy", "service control policy"])
def test_a_call_that_works_from_another_network_shows_what_the_deny_depends_on(
    said: str, network: bool, layer: str
) -> None:
    text = (
        "User: arn:aws:sts::210987654321:assumed-role/dev/eva is not authorized to perform: sqs:SendMessage on "
        f"resource: arn:aws:sqs:eu-west-1:210987654321:in with an explicit deny in a {layer}\n{said}"
    )
    assert ("works from another network" in diagnosed(text).first_look[0].cause) is network


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('Since Friday the guardrail "org-only" is on the OU Data.', "org-only"),
        ("The RCP EnforceTrustedIssuers was attached to the OU on Monday.", "EnforceTrustedIssuers"),
        ("scp-deny-old-types is in force since 2026-11-20.", "scp-deny-old-types"),
        ("A new SCP was attached to the OU Data.", ""),
    ],
)
def test_the_introduced_guardrail_is_named(said: str, name: str) -> None:
    summary = collect_offline(read_text(f"{PUT}{said}")[0]).verdict.summary
    assert summary.startswith(f"{CAUSE}, {name}: " if name else f"{CAUSE}: ")


def test_an_rcp_that_was_introduced_comes_before_the_causes_of_a_token() -> None:
    refused = "Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
    (failure,) = read_text(f"{refused}Since Monday the RCP 'TrustedIssuers' is attached to the OU of our accounts.")
    assert collect_offline(failure).verdict.summary.startswith(f"{CAUSE}, TrustedIssuers: ")
    (failure,) = read_text(f"{refused}Since Monday the SCP 'Regions' is attached to the OU of our accounts.")
    assert not collect_offline(failure).first_look[0].cause.startswith(CAUSE)
