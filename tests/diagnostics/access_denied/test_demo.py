"""The demo account's failures, each with the reason stated and without, as callers with many, fewer and few rights.

As a caller who may not read what decides, "cannot be read from here" is right too; any other cause is wrong.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from diagnostics.diagnose import read_text
from diagnostics.diagnosis import Confidence
from iam.account import Account
from iam.policy.evaluate_lines import answer_line
from iam.sources.reader.account_reader import AccountReader
from tests.support.demo.failures import FAILURES, DemoFailure
from tests.support.denials.of_demo import account_of, diagnosis_of
from tests.support.denials.of_demo import administrator as administrator

DECIDED = {"allowed.now": "allowed", "unreadable": "allowed"}
TEXTS = [(failure, words) for failure in FAILURES for words in ("stated", "bare") if words == "stated" or failure.bare]


@pytest.fixture(scope="module")
def fewer_rights(demo_reader_as: Callable[[str | None], AccountReader]) -> list[tuple[Account, AccountReader]]:
    return [account_of(demo_reader_as(user)) for user in ("ben", "carla")]


def named(pair: tuple[DemoFailure, str]) -> str:
    return f"{pair[0].id}-{pair[1]}"


@pytest.mark.parametrize("pair", TEXTS, ids=named)
def test_cause_and_first_fix(pair: tuple[DemoFailure, str], administrator: tuple[Account, AccountReader]) -> None:
    failure, words = pair
    found = diagnosis_of(failure, words, administrator)
    assert found.verdict.cause == failure.cause, found.verdict
    if found.case_file is not None:  # what is saved comes to what was said
        said = json.loads(answer_line(found.case_file.lines[-1])[0])["decision"]
        assert said == (
            "explicitDeny" if "explicit-deny" in failure.cause else DECIDED.get(failure.cause, "implicitDeny")
        )
    first = found.fixes[0]
    hay = f"{first.title} {first.target} {first.text}".lower()
    assert not [word for word in failure.fix_words if word.lower() not in hay], first
    assert not failure.fix_kinds or first.kind.value in failure.fix_kinds
    assert not failure.fix_who or first.who.value in failure.fix_who
    assert first.verified is not False or failure.id == "F22"  # there the boundary refuses too
    if first.kind.value in ("policy-statement", "trust-policy"):
        narrowest = first.forms[0] if first.forms else first
        assert narrowest.gains == ()


@pytest.mark.parametrize("pair", TEXTS, ids=named)
def test_fewer_rights_never_give_a_wrong_cause(
    pair: tuple[DemoFailure, str], fewer_rights: list[tuple[Account, AccountReader]]
) -> None:
    """Each failure as ben or as carla; where it has two texts, one as ben and one as carla."""
    failure, words = pair
    verdict = diagnosis_of(failure, words, fewer_rights[TEXTS.index(pair) % 2]).verdict
    assert verdict.cause in (failure.cause, *failure.also, "unreadable"), verdict
    if verdict.cause == "unreadable":
        assert verdict.confidence is Confidence.UNKNOWN


def test_two_witnesses_are_named(administrator: tuple[Account, AccountReader]) -> None:
    found = diagnosis_of(FAILURES[0], "bare", administrator)
    assert found.verdict.confidence is Confidence.CERTAIN
    step = next(step for step in found.steps if step.id == "identity")
    assert step.witnesses.startswith(
        "AWS's simulator and the local engine agree on the caller's policies: implicitDeny"
    )


def test_steps_come_one_by_one_with_their_ids(administrator: tuple[Account, AccountReader]) -> None:
    found = diagnosis_of(FAILURES[0], "stated", administrator)
    wanted = ["message", "caller", "changes", "explicit-denies", "scp", "rcp", "boundary", "session", "identity"]
    assert [step.id for step in found.steps][: len(wanted)] == wanted
    identity = next(step for step in found.steps if step.id == "identity")
    nearest = identity.evidence[0]
    assert (nearest.policy, nearest.element, nearest.layer) == ("app-assets-read", "Action", "identity")
    assert nearest.document is not None
    assert nearest.statement is not None


def test_without_an_account_only_the_words_are_told() -> None:
    from diagnostics.diagnose import collect_offline

    certain = {"identity.explicit-deny", "scp.explicit-deny", "credentials.invalid", "role.service-owned"}
    for failure in FAILURES:
        verdict = collect_offline(read_text(failure.text)[0]).verdict
        assert (verdict.confidence is not Confidence.CERTAIN) or verdict.cause == failure.cause, failure.id
        # F31b and F31c: AWS rejects the keys for one of several reasons, and does not say for which.
        if failure.cause in certain and failure.id not in ("F29a", "F31b", "F31c"):
            assert verdict.confidence is Confidence.CERTAIN, failure.id
