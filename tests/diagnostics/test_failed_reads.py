"""Diagnoses while an answer of AWS is cut off, empty or a web page: what could not be read is said, never "none"."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis, Status, Step
from iam.account import Account
from iam.demo.aws.world import World
from iam.demo.open import reader as demo
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.driving.explained import diagnose_text

BODIES = {
    "cut": b'{"Policies": [{"Id": "p-FullAWSAc',
    "empty": b"",
    "nothing": b"{}",
    "web page": b"<!DOCTYPE html><html><body>Log in to the network</body></html>",
    "list": b"[]",
}
Opened = Callable[[str, str], tuple[Account, AwsReader]]


@pytest.fixture(params=BODIES)
def opened(demo_world: World, request: pytest.FixtureRequest) -> Opened:
    """The demo account, one of whose calls is answered like this."""

    def open_it(service: str, operation: str) -> tuple[Account, AwsReader]:
        reader = demo(demo_world)
        events = reader.aws.session.events
        events.register_first(
            f"before-parse.{service}.{operation}",
            lambda response_dict, **_: response_dict.update(body=BODIES[request.param]),
        )
        return list(reader.accounts())[-1], reader

    return open_it


def denial(ident: str, opened: tuple[Account, AwsReader], words: str = "text") -> Diagnosis:
    failure = next(each for each in FAILURES if each.id == ident)
    text = failure.text if words == "text" else failure.bare or ""
    return collect(read_text(text)[0], OpenedAccount(*opened), failure.context, role=failure.role)


def step(diagnosis: Diagnosis, ident: str) -> Step:
    return next(each for each in diagnosis.steps if each.id == ident)


@pytest.mark.parametrize("words", ["text", "bare"])
def test_the_policies_of_a_level(opened: Opened, words: str) -> None:
    found = denial("F22", opened("organizations", "ListPoliciesForTarget"), words)
    assert found.verdict.cause in ("scp.explicit-deny", "unreadable")
    scps = step(found, "scp")
    assert scps.status is Status.UNKNOWN and "cannot be read from here" in scps.summary
    assert "not enabled" not in scps.summary


def test_the_signs_of_a_deletion(opened: Opened) -> None:
    conflict = next(each for each in CONFLICTS if each.id == "E08")
    (found,) = diagnose_text(conflict.text, OpenedAccount(*opened("cloudtrail", "LookupEvents")))
    assert (
        found.verdict.cause == "name.taken" and "whether its deletion has begun cannot be seen" in found.verdict.summary
    )
    deletion = step(found, "deletion")
    assert deletion.status is Status.UNKNOWN and "could not be read" in deletion.summary


@pytest.mark.parametrize("words", ["text", "bare"])
def test_the_policy_of_a_secret(opened: Opened, words: str) -> None:
    found = denial("F05", opened("secrets-manager", "GetResourcePolicy"), words)
    resource = step(found, "resource")
    assert resource.status is Status.UNKNOWN and "cannot be read" in resource.summary, resource


@pytest.mark.parametrize(("minutes", "status"), [(1, Status.FAIL), (300, Status.UNKNOWN)])
def test_what_changed_lately_by_iam_alone(opened: Opened, minutes: int, status: Status) -> None:
    """IAM's own dates tell of a change; CloudTrail, which told nothing, is no witness of it, nor of there being one."""
    account, reader = opened("cloudtrail", "LookupEvents")
    young = account.now - timedelta(minutes=minutes)
    policies = [replace(each, updated=young if each.name == "app-assets-read" else None) for each in account.policies]
    account = replace(account, policies=tuple(policies))
    changes = step(denial("F01", (account, reader)), "changes")
    assert changes.status is status
    assert [each.text.split(",")[0] for each in changes.evidence] == ["Update of app-assets-read"]
    assert {each.call for each in changes.evidence} == {"iam:GetAccountAuthorizationDetails"}
    if status is Status.UNKNOWN:
        assert "1 known in the last day" in changes.summary and "others cannot be read from here" in changes.summary
