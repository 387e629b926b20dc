"""The check of what sentences claim: what contradicts steps, readings or text is found, dropped and logged."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from diagnostics.claims.check import Facts, claims_of_fix, claims_of_look, consistent, false_claims, sentences_of, truth
from diagnostics.claims.kinds import (
    AllowsMore,
    Claim,
    DenyDecides,
    EnoughAlone,
    Exists,
    Found,
    KeyKnown,
    LayerPresent,
    LayerRead,
    LayerRefuses,
    OneRefuses,
    Quotes,
    Sentence,
    Shown,
    TextBlames,
    TextPart,
    TextStates,
    joined,
    opposite,
)
from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Evidence, Question, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tests.support.demo.failures import FAILURES
from tests.support.oracles.contradictions import facts_of

TEXT = "User: arn:aws:iam::111122223333:user/ben is not authorized to perform: s3:GetObject because no identity-based"
DENIAL = Denial(
    TEXT, principal="arn:aws:iam::111122223333:user/ben", action="s3:GetObject", stated_reason="implicit:identity"
)
STEPS = (
    Step("caller", "Who", Status.PASS, "user ben", asserts=(Exists("principal", "ben"),)),
    Step("explicit-denies", "Denies", Status.PASS, "none"),
    Step("scp", "SCPs", Status.UNKNOWN, "cannot be read"),
    Step("boundary", "Boundary", Status.SKIPPED, "none is set", asserts=(LayerPresent("boundary", False),)),
    Step("identity", "Identity", Status.FAIL, "nearest: p", (Evidence("names x", policy="read-some"),)),
    Step("resource", "Resource", Status.PASS, "allows it"),
    Step("changes", "Changes", Status.PASS, "nothing in the last day"),
)
VERDICT = Verdict(
    "identity.no-action",
    Confidence.CERTAIN,
    "It lacks.",
    (Question("aws:SourceIp", (), "unknown"),),
    unread=("scp",),
)
FACTS = Facts(DENIAL, STEPS, VERDICT)


@pytest.mark.parametrize(
    ("claim", "true"),
    [
        (LayerRefuses("identity"), True),
        (LayerRefuses("resource"), False),
        (LayerRefuses("boundary"), False),
        (LayerRefuses("scp"), None),
        (OneRefuses(), True),
        (OneRefuses(("resource", "boundary")), False),
        (OneRefuses(("resource", "scp")), None),
        (LayerRead("scp"), False),
        (LayerRead("identity"), True),
        (LayerPresent("boundary"), False),
        (LayerPresent("identity"), True),
        (TextBlames("identity"), True),
        (TextBlames("scp"), False),
        (TextStates(TextPart.PRINCIPAL), True),
        (TextStates(TextPart.ACTION), True),
        (TextStates(TextPart.RESOURCE), False),
        (TextStates(TextPart.REASON), True),
        (Quotes("is not authorized\nto perform"), True),
        (Quotes("explicit deny"), False),
        (Exists("principal", "ben"), True),
        (Exists("role", "ben"), None),
        (KeyKnown("aws:sourceip"), False),
        (KeyKnown("aws:SourceVpc"), True),
        (DenyDecides(), False),
        (Shown("identity", "read-some"), True),
        (Shown("identity", "read-all"), False),
        (Found("changes"), False),
    ],
)
def test_what_the_facts_say_of_a_claim(claim: Claim, true: bool | None) -> None:
    assert truth(claim, FACTS) is true


FIX = Fix("Add it", Who.YOU, Note("x"), verified=True, cautions=("Nothing else is allowed",))


def test_what_a_fix_claims() -> None:
    assert claims_of_fix(FIX) == (EnoughAlone(), AllowsMore(False))
    assert false_claims(claims_of_fix(FIX), FACTS, FIX) == ()


LACKS = Sentence("The identity-based policy refuses it.", (LayerRefuses("identity"),))
LIES = Sentence("The resource-based policy refuses it too.", (LayerRefuses("resource"),))


def answer(*sentences: Sentence) -> Verdict:
    said = joined(sentences)
    return Verdict("identity.no-action", Confidence.CERTAIN, said, sentences=sentences)


def test_a_false_sentence_is_dropped_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "diagnostics.claims.check"):
        shown = [part for part in consistent(DENIAL, (*STEPS, answer(LACKS, LIES))) if isinstance(part, Verdict)]
    assert shown[0].summary == LACKS.text
    assert shown[0].confidence is Confidence.LIKELY
    assert LIES.text in caplog.text
    _forget()


def test_what_is_true_passes_as_it_is() -> None:
    verdict = answer(LACKS)
    assert list(consistent(DENIAL, (*STEPS, verdict)))[-1] is verdict


def test_nothing_is_left_of_a_verdict_that_is_false_throughout() -> None:
    *_, verdict = consistent(DENIAL, (*STEPS, answer(LIES)))
    assert isinstance(verdict, Verdict)
    assert (verdict.cause, verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    _forget()


def _forget() -> None:
    """What was made false on purpose is no finding of the whole suite's look-out."""
    from tests.conftest import forget_contradictions

    forget_contradictions()


@dataclass(frozen=True)
class Said:
    """A claim of a diagnosis: who makes it, in which sentence, and what is known."""

    place: str
    text: str
    claim: Claim
    facts: Facts
    fix: Fix | None = None


def everything_claimed(opened: OpenedAccount) -> Iterator[Said]:
    """Every claim of the demo's failures."""
    for failure in FAILURES:
        for text in filter(None, (failure.text, failure.bare)):
            found = collect(read_text(text)[0], opened, failure.context, role=failure.role)
            facts = facts_of(found)
            for step in found.steps:
                yield from (Said(f"step {step.id}", step.summary, each, facts) for each in step.asserts)
            for sentence in sentences_of(found.verdict):
                yield from (Said("verdict", sentence.text, each, facts) for each in sentence.claims)
            for fix in found.fixes:
                yield from (Said("fix", fix.title, each, facts, fix) for each in claims_of_fix(fix))
            for look in found.first_look:
                yield from (Said("first look", look.cause, each, facts) for each in claims_of_look(look))


def test_of_a_hundred_sentences_turned_around_ninety_five_are_caught(demo_reader: AccountReader) -> None:
    opened = OpenedAccount(list(demo_reader.accounts())[-1], demo_reader)
    said = list(everything_claimed(opened))
    drawn = random.Random(2411).sample(said, 100)
    assert len({each.place.partition(" ")[0] for each in drawn}) >= 3
    missed = [each for each in drawn if not false_claims((_turned(each).claim,), _turned(each).facts, each.fix)]
    counted = Counter(f"{each.place}: {type(each.claim).__name__}" for each in missed)
    assert len(missed) <= 5, counted


def _turned(said: Said) -> Said:
    """The same with the claim turned into its opposite, also where a step makes it."""
    turned = opposite(said.claim)
    steps = tuple(
        replace(step, asserts=tuple(turned if each == said.claim else each for each in step.asserts))
        if said.place == f"step {step.id}"
        else step
        for step in said.facts.steps
    )
    facts = Facts(said.facts.failure, steps, said.facts.verdict, said.facts.case_file)
    return Said(said.place, said.text, turned, facts, said.fix)
