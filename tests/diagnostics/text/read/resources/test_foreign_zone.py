"""A hosted zone of another account needs a role of that account, as the first sentence says."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

HOME, OWNER = "814493065527", "205516938840"
DENIED = (
    f"AccessDenied: User: arn:aws:sts::{HOME}:assumed-role/external-dns/1732 is not authorized to perform: "
    "route53:ChangeResourceRecordSets on resource: arn:aws:route53:::hostedzone/Z0613904QK2V7D because no "
    "identity-based policy allows the route53:ChangeResourceRecordSets action"
)


@pytest.mark.parametrize(
    "words",
    [
        f"the zone lives in the network account {OWNER}",
        f"hosted zone corp.example. belongs to {OWNER}",
        f"zone owner: {OWNER}",
        f'{{"HostedZoneId": "Z0613904QK2V7D", "Owner": {{"OwningAccount": "{OWNER}"}}}}',
        f"$ aws route53 get-hosted-zone --id Z0613904QK2V7D --profile network  # network = {OWNER}\ncorp.example.",
        f"$ aws route53 list-resource-record-sets --hosted-zone-id Z0613904QK2V7D --profile net\n"
        f'{{"ResourceRecordSets": []}}\nprofile net is account {OWNER}',
    ],
)
def test_a_zone_of_another_account_needs_a_role_there(words: str) -> None:
    found = collect_offline(read_text(f"{DENIED}\n{words}")[0])
    assert found.verdict.summary.startswith("The hosted zone Z0613904QK2V7D is in account 205516938840")
    assert "allow the action in" not in found.verdict.summary
    assert found.fixes[0].title == f"Assume a role of account {OWNER}"
    assert not found.first_look


@pytest.mark.parametrize(
    "words",
    [
        f"the zone is in {HOME}, logs go to {OWNER}",
        f"the zone is not in {OWNER}",
        f"is the zone in {OWNER}?",
        f"the zone was copied from {OWNER}",
        f"$ aws route53 get-hosted-zone --id Z0613904QK2V7D --profile network  # network = {OWNER}\n"
        "An error occurred (NoSuchHostedZone)",
        f"buckets of {OWNER}",
    ],
)
def test_other_numbers_are_no_account_of_the_zone(words: str) -> None:
    assert "The hosted zone" not in collect_offline(read_text(f"{DENIED}\n{words}")[0]).verdict.summary


def test_a_stated_deny_is_not_explained_by_the_account() -> None:
    text = DENIED.replace(
        "because no identity-based policy allows", "with an explicit deny in a service control policy"
    )
    assert "The hosted zone" not in collect_offline(read_text(f"{text}\nzone owner: {OWNER}")[0]).verdict.summary


@pytest.mark.parametrize(
    "words",
    [
        "The hosted zone is in another AWS account.",
        "zone belongs to a different account",
        "a cross-account hosted zone",
    ],
)
def test_the_other_account_may_have_no_number(words: str) -> None:
    found = collect_offline(read_text(f"{DENIED}\n{words}")[0])
    assert found.verdict.summary.startswith("The hosted zone Z0613904QK2V7D is in another account")
    assert found.fixes[0].title == "Assume a role of the account of the zone"


@pytest.mark.parametrize("words", ["is the zone in another account?", "the zone is not in another account", "a zone"])
def test_no_other_account_is_said(words: str) -> None:
    assert "The hosted zone" not in collect_offline(read_text(f"{DENIED}\n{words}")[0]).verdict.summary


def test_route_53_may_be_named_in_place_of_the_call() -> None:
    text = (
        f"* route53: AccessDenied: User: arn:aws:sts::{HOME}:assumed-role/admin/a@b.com is not authorized to access "
        f"this resource\nThe zone is hosted in the DNS account, {OWNER}."
    )
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith(f"The hosted zone is in account {OWNER}")


def test_the_arns_of_the_steps_have_the_callers_partition() -> None:
    denied = DENIED.replace("arn:aws:", "arn:aws-cn:")
    found = collect_offline(read_text(f"{denied}\nzone owner: {OWNER}")[0])
    assert f"arn:aws-cn:iam::{OWNER}:role/ROLE" in str(found.fixes[0].change)


@pytest.mark.parametrize(
    ("beside", "named_by_the_text"),
    [
        (f'assume_role {{ role_arn = "arn:aws:iam::{OWNER}:role/dns-writer" }}', True),
        (f"the provider aws.network has arn:aws:iam::{OWNER}:role/dns-writer", True),
        (f"arn:aws:iam::{OWNER}:role/dns-writer or arn:aws:iam::{OWNER}:role/dns-admin", False),
        (f"role_arn = arn:aws:iam::{HOME}:role/dns-writer", False),
    ],
)
def test_the_only_role_of_the_zones_account_is_the_one_to_assume(beside: str, named_by_the_text: bool) -> None:
    found = collect_offline(read_text(f"{DENIED}\nzone owner: {OWNER}\n{beside}")[0])
    assert (f"assume arn:aws:iam::{OWNER}:role/dns-writer." in found.verdict.summary) is named_by_the_text
