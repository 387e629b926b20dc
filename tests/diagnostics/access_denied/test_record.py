"""AWS's own record of a denial: its context, its checks, its policies, and the local engine beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnosis import Diagnosis, Status, Step
from iam.policy.document import Document
from iam.policy.evaluate_lines import answer_line
from iam.policy.layer import Layer
from iam.sources.reader.authorization import (
    AuthorizationCheck,
    AuthorizationRecord,
    MatchedPolicy,
    RecordedEvaluation,
    RecordedPolicy,
)
from iam.sources.reader.reading import Reading
from iam.sources.reader.recorded_effect import Effect
from tests.support.accounts import alder
from tests.support.accounts.alder import ID, RECORDS, allow, deny, document, role_arn, session
from tests.support.denials.invented import Read, denied, diagnosis_of, read
from tests.support.texts.recorded import printed

WHO = session("night-batch")
WHAT = f"arn:aws:s3:::{RECORDS}/a"
TEXT = (
    f"{denied(WHO, 's3:GetObject', WHAT)}. Go to https://eu-central-1.console.aws.amazon.com/iam/home?region=eu-central-1#"
    "/authorization-details/q7r2 for complete details, or call the GetRequestAuthorizationDetails API with the "
    "following authorization id: q7r2"
)
ROOT, ACCOUNT = "arn:aws:organizations::1:root/o-x/r-1", f"arn:aws:organizations::1:account/o-x/{ID}"
SCP = "arn:aws:organizations::1:policy/o-x/service_control_policy/p-night"
FULL = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess"


def recorded(layer: Layer, uri: str, value: dict[str, Any], *attached: str) -> RecordedPolicy:
    return RecordedPolicy(layer, uri, not uri.startswith("arn:"), attached, Document.from_value(value))


ALLOWING = recorded(Layer.IDENTITY, "opaque", document(allow("s3:*", "*", "AllBuckets")), role_arn("night-batch"))
NOT_AT_NIGHT = deny("s3:Get*", "*", "NotAtNight", StringEquals={"aws:Hour": "3"})
GUARD = recorded(Layer.SCP, SCP, document(allow("*"), NOT_AT_NIGHT), ACCOUNT)
EVERYWHERE = recorded(Layer.SCP, FULL, document(allow("*", "*", "Full")), ROOT, ACCOUNT)


def check(layer: Layer, effect: Effect, uri: str = "", *sids: str, target: str | None = None) -> AuthorizationCheck:
    return AuthorizationCheck(layer, effect, target, (MatchedPolicy(uri, sids),) if uri else ())


RECORD = AuthorizationRecord(
    "q7r2",
    (
        RecordedEvaluation(
            "s3:GetObject",
            WHAT,
            Effect.EXPLICIT_DENY,
            {
                "aws:Hour": ("3",),
                "aws:RequestedRegion": ("eu-central-1",),
                "aws:PrincipalArn": (role_arn("night-batch"),),
            },
            (
                check(Layer.SCP, Effect.ALLOW, FULL, "Full", target=ROOT),
                check(Layer.SCP, Effect.EXPLICIT_DENY, SCP, "NotAtNight", target=ACCOUNT),
                check(Layer.IDENTITY, Effect.ALLOW, "opaque", "AllBuckets"),
            ),
        ),
    ),
    (EVERYWHERE, GUARD, ALLOWING),
)
Witnessed = Callable[[AuthorizationRecord | None], Diagnosis]


@pytest.fixture
def witnessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Witnessed:
    """The diagnosis of the text by somebody who cannot read the organization, with what AWS answers."""

    def diagnosed(record: AuthorizationRecord | None) -> Diagnosis:
        content = alder.snapshot()
        del content["Rolescope"]["Organization"]
        account: Read = read(tmp_path / "alder.json", content)
        asked: list[tuple[str, str | None]] = []

        def answer(authorization_id: str, region: str | None) -> Reading[AuthorizationRecord]:
            asked.append((authorization_id, region))
            return Reading("iam:GetRequestAuthorizationDetails", record, note="" if record else "expired")

        monkeypatch.setattr(account[1], "authorization_record", answer, raising=False)
        found = diagnosis_of(TEXT, account)
        assert asked == [("q7r2", "eu-central-1")]
        return found

    return diagnosed


def step(found: Diagnosis, name: str) -> Step:
    return next(step for step in found.steps if step.id == name)


def test_its_checks_and_policies_tell_what_cannot_be_read(witnessed: Witnessed) -> None:
    found = witnessed(RECORD)
    assert (found.verdict.cause, found.verdict.confidence.value) == ("scp.explicit-deny", "certain")
    assert "p-night, statement NotAtNight" in found.verdict.summary and "aws:Hour" in found.verdict.summary
    told = step(found, "record")
    assert told.status is Status.PASS
    places = [(line.layer, line.policy, line.statement, line.sid) for line in told.evidence if line.sid]
    assert places == [
        ("scp", "p-FullAWSAccess", 0, "Full"),
        ("scp", "p-night", 1, "NotAtNight"),
        ("identity", "inline policy of night-batch", 0, "AllBuckets"),
    ]
    assert "aws:Hour = 3" in [line.text for line in told.evidence]


def test_the_local_engine_agrees_on_the_same_policies(witnessed: Witnessed) -> None:
    compared = step(witnessed(RECORD), "record-compared")
    assert (compared.status, compared.summary) == (
        Status.PASS,
        "with the policies as they were then, the local engine decides the same",
    )
    guardrails = step(witnessed(RECORD), "scp")
    assert (guardrails.heard, guardrails.agree) == (2, True) and "AWS's record: explicit deny" in guardrails.witnesses


def test_where_they_differ_it_is_said(witnessed: Witnessed) -> None:
    [entry] = RECORD.evaluations
    assert entry.checks is not None
    other = (*entry.checks[:2], check(Layer.IDENTITY, Effect.EXPLICIT_DENY, "opaque", "AllBuckets"))
    compared = step(witnessed(replace(RECORD, evaluations=(replace(entry, checks=other),))), "record-compared")
    assert compared.status is Status.FAIL
    assert "the local engine decides otherwise for the identity policies" in compared.summary
    assert "changed since: identity policies" in compared.summary
    assert any("AWS explicit deny, local engine allow" in line.text for line in compared.evidence)


def test_what_the_record_does_not_tell_is_said(witnessed: Witnessed) -> None:
    unread = replace(RECORD, policies=(EVERYWHERE, replace(GUARD, document=None, why="you may not read it"), ALLOWING))
    compared = step(witnessed(unread), "record-compared")
    assert compared.status is Status.UNKNOWN and "not shown in full: service control policies" in compared.summary
    assert any(
        line.text == "the earlier document of p-night cannot be read: you may not read it" for line in compared.evidence
    )
    [entry] = RECORD.evaluations
    assert "AWS's own record says explicit deny" in step(witnessed(unread), "scp").summary
    found = witnessed(replace(RECORD, evaluations=(replace(entry, checks=None),)))
    assert "only to the caller's account or organization" in step(found, "record").summary
    assert not [step for step in found.steps if step.id == "record-compared"]


def test_a_record_that_is_gone_is_not_asked_for_again(witnessed: Witnessed) -> None:
    found = witnessed(None)
    assert step(found, "record").status is Status.UNKNOWN and "not found from here" in step(found, "record").summary
    assert not [fix for fix in found.fixes if "get-request-authorization-details" in fix.text]


def test_it_is_a_case_file_that_can_be_evaluated_again(witnessed: Witnessed) -> None:
    file = witnessed(RECORD).case_file
    assert file is not None
    then, now = (json.loads(answer_line(line)[0]) for line in file.lines)
    assert (then["id"], then["decision"]) == ("q7r2 1: EXPLICIT_DENY", "explicitDeny")
    assert then["layers"] == {"identity": "allowed", "scp": "explicitDeny"}
    assert [reason["sid"] for reason in then["reasons"] if reason["effect"] == "Deny"] == ["NotAtNight"]
    assert (now["id"], now["decision"]) == ("now", "explicitDeny")


def test_a_record_that_was_pasted_is_a_witness_too(tmp_path: Path) -> None:
    content = alder.snapshot()
    del content["Rolescope"]["Organization"]
    found = diagnosis_of(printed(), read(tmp_path / "alder.json", content))
    assert (found.verdict.cause, found.verdict.confidence.value) == ("scp.explicit-deny", "certain")
    assert step(found, "record").status is Status.PASS
    assert "AWS's own record says explicit deny" in step(found, "scp").summary
