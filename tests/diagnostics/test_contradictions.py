"""The look-out for answers that contradict themselves: what it finds, and that planted denials give it nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence, Diagnosis, Evidence, Question, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note, OtherPlace, PolicyChange, ShellCommand
from diagnostics.who import Who
from iam.policy.document import Document
from iam.questions.change.effects import AccessEffect, EffectKind, Effects
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.oracles.check_answers import field_answers, hangs_on, planted_answers
from tests.support.oracles.contradictions import contradictions

LACKS = Step(
    "identity", "Identity policies", Status.FAIL, "no statement is similar", (Evidence("looked at", "identity"),)
)
NO_BOUNDARY = Step("boundary", "Permissions boundary", Status.SKIPPED, "none is set")
SURE = Verdict("identity.no-action", Confidence.CERTAIN, "ben may not do s3:GetObject on b/x.")
TEXT = Denial("refused", principal="arn:aws:iam::111122223333:user/ben", action="s3:GetObject")
SOUND = Diagnosis(TEXT, (LACKS, NO_BOUNDARY), SURE, ())


def policy(*statements: dict[str, Any]) -> Document:
    return Document.from_value({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, resource: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def fix(*statements: dict[str, Any], **more: Any) -> Fix:
    shown = statements[0] if statements else allow("s3:GetObject", "arn:aws:s3:::b/x")
    change = PolicyChange(OtherPlace("a policy"), shown, policy(), policy(*statements))
    return Fix("Add it", Who.ACCOUNT_ADMIN, change, **more)


def verdict(**changes: Any) -> Diagnosis:
    return replace(SOUND, verdict=replace(SURE, **changes))


UNKNOWN_SCP = Step("scp", "Organization: SCPs", Status.UNKNOWN, "cannot be read from here")
BOUNDARY_REFUSES = replace(NO_BOUNDARY, status=Status.FAIL, summary="no statement is similar")
ALSO = Effects((AccessEffect(EffectKind.NEWLY_ALLOWED, ("r",), "s3:PutObject", "b", "b"),))
GONE = Step("record", "IAM's own record", Status.UNKNOWN, "cannot be read from here: is not kept (any more)")
ASKS = Fix(
    "Ask AWS", Who.YOU, ShellCommand("x", "aws iam-toolbox get-request-authorization-details --authorization-id x")
)


@pytest.mark.parametrize(
    ("diagnosis", "said"),
    [
        (verdict(questions=(Question("aws:SourceIp", (), "where from"),)), "certain, and aws:SourceIp is asked for"),
        (verdict(cause="allowed.now", unread=("scp",)), "certain that it is allowed, and scp could not be read"),
        (verdict(cause="unreadable"), "cannot be read, and the answer is sure"),
        (verdict(cause="boundary.no-action"), "the cause is in boundary, whose step says: skipped"),
        (verdict(cause="allowed.now", confidence=Confidence.LIKELY), "allowed now, and the step identity fails"),
        (verdict(unread=("boundary",)), "boundary could not be read, and its step says: skipped"),
        (verdict(summary="The permissions boundary refuses it too."), "which is not in play"),
        (replace(verdict(cause="scp.no-action"), steps=(UNKNOWN_SCP,)), "certain, and the step scp is unknown"),
        (replace(SOUND, steps=(LACKS, BOUNDARY_REFUSES), fixes=(fix(verified=True),)), "verified alone, and boundary"),
        (
            replace(verdict(summary="Fixing this alone is not enough, because …"), fixes=(fix(verified=True),)),
            "the verdict says that it is not enough",
        ),
        (
            replace(SOUND, fixes=(fix(effects=ALSO, cautions=("Nothing else is allowed",)),)),
            "says that nothing else is allowed",
        ),
        (replace(SOUND, fixes=(fix(), fix())), "the same fix 2 times"),
        (replace(SOUND, steps=(LACKS, GONE), fixes=(ASKS,)), "asks for a record that was read or is gone"),
        (replace(SOUND, fixes=(fix(allow("s3:*", "arn:aws:s3:::b/x")),)), "a fix offers Action"),
        (replace(SOUND, fixes=(fix(allow("s3:GetObject", "*")),)), "a fix offers Resource *"),
        (
            replace(verdict(cause="identity.explicit-deny"), fixes=(fix(allow("s3:GetObject", "arn:aws:s3:::b/x")),)),
            "no Allow can help, and a fix adds one",
        ),
        (replace(SOUND, steps=(replace(LACKS, heard=2, agree=False),)), "certain, and the witnesses differ"),
    ],
)
def test_a_contradiction_is_found(diagnosis: Diagnosis, said: str) -> None:
    assert any(said in each for each in contradictions(diagnosis)), contradictions(diagnosis)


@pytest.mark.parametrize(
    "diagnosis",
    [
        SOUND,
        replace(SOUND, fixes=(fix(allow("s3:GetObject", "arn:aws:s3:::b/x"), verified=True),)),
        replace(SOUND, fixes=(fix(allow("s3:ListAllMyBuckets", "*"), verified=True),)),  # it takes no other resource
        replace(SOUND, fixes=(ASKS, Fix("Or leave it", Who.YOU, Note("x")))),
    ],
)
def test_what_is_sound_is_left_alone(diagnosis: Diagnosis) -> None:
    assert contradictions(diagnosis) == []


def test_texts_of_the_field_contradict_themselves_nowhere(demo_reader: AccountReader) -> None:
    opened = OpenedAccount(list(demo_reader.accounts())[-1], demo_reader)
    for answer in field_answers(opened, every=12):
        assert contradictions(answer.diagnosis) == [], answer.name


def test_planted_denials_contradict_themselves_nowhere() -> None:
    """Two thousand and the whole demo: ``python -m tests.support.oracles.check_answers``."""
    for answer in planted_answers(40, seed=7):
        assert contradictions(answer.diagnosis) == [], answer.name
        assert hangs_on(answer) == "", answer.name
