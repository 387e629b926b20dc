"""The organization's policies as they were: of the unit that the account was in, each kind for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from iam.account import Account
from iam.history.change import Entity, Kind, Part, Place
from iam.history.past import before, past
from iam.history.present import present_in
from iam.history.records import changes_in
from iam.history.timeline import History
from iam.organization.levels import Organization, OrganizationLevel, OrganizationPolicy
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.fake_reader import ACCOUNT_ID, NOW, document, role
from tests.support.history.recorded_account import RecordedReader

DENY = document({"Effect": "Deny", "Action": "*", "Resource": "*"})
SCP = "arn:aws:organizations::999988887777:policy/o-1/service_control_policy"
RCP = "arn:aws:organizations::999988887777:policy/o-1/resource_control_policy"
PATH = ("r-1", "ou-a", "ou-b")


def organization() -> Organization:
    own, guard = OrganizationPolicy(f"{SCP}/p-own", "own", DENY), OrganizationPolicy(f"{RCP}/p-guard", "guard", DENY)
    levels = [OrganizationLevel(target, ()) for target in (*PATH, ACCOUNT_ID)]
    scps = [replace(each, policies=(own,)) if each.target == "ou-b" else each for each in levels]
    rcps = [replace(each, policies=(guard,)) if each.target == "r-1" else each for each in levels]
    return Organization("o-1", "999988887777", PATH, tuple(scps), tuple(rcps))


def then(*events: tuple[str, dict[str, Any]]) -> tuple[Any, dict[Place, str]]:
    """The organization before the first of these events, an hour apart, and what is unknown of it."""
    account = Account(ACCOUNT_ID, "test", NOW, roles=(role("mover"),), organization=organization())
    opened = OpenedAccount(account, RecordedReader(account, ()))
    records = [
        {
            "eventTime": f"{NOW - timedelta(hours=9 - number):%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": "organizations.amazonaws.com",
            "eventName": name,
            "eventID": f"e{number}",
            "requestParameters": given,
        }
        for number, (name, given) in enumerate(events)
    ]
    changes = tuple(changes_in(records))
    present = present_in(account, opened.reader)
    history = History(changes, present, NOW, NOW - timedelta(days=9))
    found = past(history, opened, before(history, changes[0].at))
    return found.opened.account.organization, found.unknown


def names(levels: tuple[OrganizationLevel, ...] | None) -> list[str] | None:
    return None if levels is None else [policy.name for level in levels for policy in level.policies]


@pytest.mark.parametrize(
    ("events", "scps", "rcps"),
    [
        ([("AttachPolicy", {"policyId": "p-own", "targetId": "ou-b"})], [], ["guard"]),
        ([("AttachPolicy", {"policyId": "p-guard", "targetId": "r-1"})], ["own"], []),
        # A policy that was detached since, of which nothing says whether it was an SCP.
        ([("DetachPolicy", {"policyId": "p-gone", "targetId": "ou-a"})], None, None),
        # … and one that was attached and detached again: before that it was not there.
        (
            [
                ("AttachPolicy", {"policyId": "p-gone", "targetId": "ou-a"}),
                ("DetachPolicy", {"policyId": "p-gone", "targetId": "ou-a"}),
            ],
            ["own"],
            ["guard"],
        ),
        # Moved down from a unit above: the levels above it are those that counted.
        (
            [("MoveAccount", {"accountId": ACCOUNT_ID, "sourceParentId": "ou-a", "destinationParentId": "ou-b"})],
            [],
            ["guard"],
        ),
        (
            [("MoveAccount", {"accountId": ACCOUNT_ID, "sourceParentId": "ou-x", "destinationParentId": "ou-b"})],
            None,
            None,
        ),
        # Another account's move, and the policies that decide no request.
        (
            [("MoveAccount", {"accountId": "9" * 12, "sourceParentId": "ou-x", "destinationParentId": "ou-b"})],
            ["own"],
            ["guard"],
        ),
        ([("EnablePolicyType", {"rootId": "r-1", "policyType": "TAG_POLICY"})], ["own"], ["guard"]),
        ([("EnablePolicyType", {"rootId": "r-1", "policyType": "SERVICE_CONTROL_POLICY"})], None, None),
    ],
)
def test_levels(events: list[tuple[str, dict[str, Any]]], scps: list[str] | None, rcps: list[str] | None) -> None:
    found, unknown = then(*events)
    assert (names(found.scps), names(found.rcps)) == (scps, rcps)
    if scps is None:
        assert unknown or events[0][1].get("policyId") == "p-gone"


def test_the_unit_that_the_account_is_in_is_known() -> None:
    account = Account(ACCOUNT_ID, "test", NOW, roles=(), organization=organization())
    place = Place(Entity(Kind.TARGET, ACCOUNT_ID), Part.UNIT)
    assert present_in(account)(place).value == "ou-b"  # type: ignore[union-attr]
