"""The first look beside the steps of an account: what they rule out, what they find, and where it gives way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis, FirstLook, LookState, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.report import to_json, to_markdown, to_text
from diagnostics.text.causes.build_causes import lacks, says
from diagnostics.text.causes.confirm_or_rule_out import weighed
from diagnostics.who import Who
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.alder import allow, deny, document, session
from tests.support.demo.failures import FAILURES
from tests.support.denials.invented import denied, no
from tests.support.denials.read_aloud import account_with, diagnosed

SERVICE = says("it is KMS", TextPart.ACTION, "kms:")
NO_REASON = lacks("nothing else is stated", TextPart.REASON)
A_NODE = says("a node's role", TextPart.PRINCIPAL, "node")
KEY = FirstLook("The key's policy lacks it.", SERVICE, None, Who.RESOURCE_OWNER, shown_by=("resource",))
OWN = FirstLook("The caller's policies lack it.", NO_REASON, "aws x", Who.ACCOUNT_ADMIN, ("identity",))
OTHER = FirstLook("Another program's credentials.", A_NODE, "aws y", Who.CALLER)


def step(name: str, status: Status) -> Step:
    return Step(name, name.title(), status, f"said of {name}")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (Status.PASS, LookState.RULED_OUT),
        (Status.SKIPPED, LookState.RULED_OUT),
        (Status.FAIL, LookState.FOUND),
        (Status.UNKNOWN, LookState.OPEN),
    ],
)
def test_a_step_decides_about_a_cause(status: Status, state: LookState) -> None:
    (look,) = weighed((OWN,), (step("message", Status.PASS), step("identity", status)))
    assert look.state is state
    assert ("said of identity" in look.why) is (state is not LookState.OPEN)


def test_what_no_step_tells_of_stays_open_and_what_is_ruled_out_comes_last() -> None:
    looks = weighed((KEY, OWN, OTHER), (step("resource", Status.PASS), step("identity", Status.FAIL)))
    assert [look.state for look in looks] == [LookState.FOUND, LookState.OPEN, LookState.RULED_OUT]


SHOWN = Diagnosis(
    Denial("refused"),
    (step("identity", Status.UNKNOWN), step("resource", Status.PASS)),
    Verdict("unreadable", Confidence.UNKNOWN, "It cannot be told."),
    (),
    weighed((KEY, OWN), (step("resource", Status.PASS),)),
)


@pytest.mark.parametrize("printed", [to_text, to_markdown])
def test_what_was_ruled_out_is_printed_as_ruled_out(printed: type[str]) -> None:
    page = printed(SHOWN)
    assert page.index("policies lack it") < page.index("policy lacks it") < page.index("ruled out: Resource")


@pytest.mark.parametrize("printed", [to_text, to_markdown])
def test_it_gives_way_to_a_cause_that_is_certain(printed: type[str]) -> None:
    verdict = Verdict("identity.no-action", Confidence.CERTAIN, "It lacks.")
    certain = replace(SHOWN, verdict=verdict, steps=(step("identity", Status.FAIL), *SHOWN.steps[1:]))
    assert "policies lack it" not in printed(certain)
    assert "policies lack it" in printed(replace(SHOWN, verdict=verdict))  # the account's policies were not read
    assert len(to_json(certain)["first_look"]) == 2


def test_a_text_alone_keeps_it(demo_reader: AccountReader) -> None:
    text = next(failure.text for failure in FAILURES if failure.id == "F22")  # the text makes the SCP certain
    alone = collect_offline(read_text(text)[0])
    assert alone.verdict.confidence is Confidence.CERTAIN and "LOOK HERE FIRST" in to_text(alone)
    opened = OpenedAccount(list(demo_reader.accounts())[-1], demo_reader)
    beside = collect(read_text(text)[0], opened)
    assert beside.first_look[0].state is LookState.FOUND and "LOOK HERE FIRST" not in to_text(beside)
    assert json.dumps(to_json(beside))


def test_no_missing_allow_is_looked_for_where_a_deny_was_found(demo_reader: AccountReader) -> None:
    opened = OpenedAccount(list(demo_reader.accounts())[-1], demo_reader)
    denied = []
    for failure in FAILURES:
        if failure.bare:
            diagnosis = collect(read_text(failure.bare)[0], opened, failure.context, role=failure.role)
            steps = {step.id: step.status for step in diagnosis.steps}
            if steps.get("explicit-denies") is Status.FAIL:
                denied.append(failure.id)
                looks = [look.cause for look in diagnosis.first_look]
                assert not any("None of the caller's identity-based" in cause for cause in looks), failure.id
    assert denied


@pytest.mark.parametrize(
    ("resource", "state"),
    [("arn:aws:s3:::alder-team/*", LookState.RULED_OUT), ("arn:aws:s3:::alder-team", LookState.FOUND)],
)
def test_objects_that_a_policy_names_under_a_condition_are_named(
    resource: str, state: LookState, tmp_path: Path
) -> None:
    """The bucket's ARN is not what is wrong where a statement names the objects, and a value is not known."""
    statement = allow("s3:GetObject", resource, StringEquals={"aws:SourceVpc": "vpc-9"})
    text = denied(session("worker"), "s3:GetObject", '"arn:aws:s3:::alder-team/x"', NO_ALLOW)
    looks = diagnosed(tmp_path, account_with(statement), text).first_look
    look = next((each for each in looks if each.cause.startswith("The policy names the bucket's ARN")), None)
    assert look is not None and look.state is state


NO_ALLOW = no("identity-based policy", "s3:GetObject")


def test_a_deny_of_the_organization_is_none_of_the_caller_s_own(tmp_path: Path) -> None:
    content = account_with(allow("s3:*"))
    level = content["Rolescope"]["Organization"]["ServiceControlPolicies"][0]["Policies"]
    level.append({**level[0], "Name": "no-objects", "Document": document(deny("s3:GetObject"))})
    text = denied(session("worker"), "s3:GetObject", '"arn:aws:s3:::alder-team/x"', " with an explicit deny")
    looks = diagnosed(tmp_path, content, text, aws__RequestedRegion="eu-central-1").first_look
    own = next((each for each in looks if each.cause.startswith("A Deny in the caller's own policies")), None)
    assert own is None or own.state is LookState.RULED_OUT
