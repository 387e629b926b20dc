"""A diagnosis by script, in place of the real one: what comes when, and what it was asked with."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from diagnostics.diagnosis import Confidence, Evidence, Question, Status, Step, Verdict
from diagnostics.failure import Denial, Failure
from diagnostics.fix import Fix, Note, OtherPlace, PolicyChange
from diagnostics.who import Who
from iam.policy.document import Document
from iam.questions.change.effects import AccessEffect, EffectKind, Effects

BEFORE = Document(
    """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "ReadAssets",
      "Effect": "Allow",
      "Action": "s3:GetObject",
      "Resource": "arn:aws:s3:::harbor-assets/*"
    }
  ]
}"""
)
AFTER = Document(BEFORE.text.replace('"s3:GetObject"', '["s3:GetObject", "s3:PutObject"]'))

STEPS = (
    Step("text", "What the text says", Status.PASS, "s3:PutObject on harbor-assets/x"),
    Step("deny", "Explicit denies", Status.PASS, "none in 3 policies", (), "simulator and local engine agree"),
    Step("boundary", "Boundary", Status.SKIPPED, "none"),
    Step(
        "identity",
        "Identity policies",
        Status.FAIL,
        "nearest: app-assets-read, statement ReadAssets",
        (
            Evidence(
                "names s3:GetObject, not s3:PutObject",
                "identity",
                "app-assets-read",
                "arn:aws:iam::111122223333:policy/app-assets-read",
                0,
                "ReadAssets",
                "Action",
                BEFORE,
                "iam:GetPolicyVersion",
            ),
        ),
        "AWS simulator and local engine agree",
    ),
    Step("resource", "Resource policy", Status.UNKNOWN, "harbor-assets: cannot be read from here"),
)
VERDICT = Verdict("identity.no-action", Confidence.CERTAIN, "Nothing lets web-frontend-ec2 write to harbor-assets.")
FIXES = (
    Fix(
        "add s3:PutObject to statement ReadAssets",
        Who.ACCOUNT_ADMIN,
        PolicyChange(OtherPlace("app-assets-read"), {"Action": "s3:PutObject"}, BEFORE, AFTER),
        True,
        Effects((AccessEffect(EffectKind.NEWLY_ALLOWED, ("web",), "s3:PutObject", "harbor-assets/y"),)),
    ),
    Fix("ask the owner", Who.RESOURCE_OWNER, Note("harbor-assets", "Dear owner,\nplease allow it.\n")),
)
QUESTION = Question("aws:MultiFactorAuthPresent", ("true",), "statement WithMfa asks for it")
PARTS = (*STEPS, VERDICT, *FIXES)


class Script:
    """Stands in for `diagnose`. ``gate`` holds it before each part after the first, where one is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[Failure, Mapping[str, tuple[str, ...]], str | None]] = []
        self.gates: dict[int, threading.Event] = {}
        self.parts: tuple[Any, ...] = PARTS
        self.raises: Exception | None = None
        self.question: Question | None = None

    def gate(self, before: int) -> threading.Event:
        """Hold the script before its part of that number until the event is set."""
        return self.gates.setdefault(before, threading.Event())

    def __call__(
        self,
        failure: Failure,
        opened: object,
        context: Mapping[str, tuple[str, ...]],
        *,
        role: str | None = None,
        own_change: object = None,
    ) -> Iterator[Step | Verdict | Fix]:
        self.asked.append((failure, dict(context), role))
        if self.question is not None:
            if self.question.key in context:
                yield Verdict("allowed.now", Confidence.CERTAIN, "With these answers it is allowed.")
            else:
                yield Verdict("trust.condition-unknown", Confidence.LIKELY, "It hangs on a key.", (self.question,))
            return
        for number, part in enumerate(self.parts):
            if number in self.gates:
                assert self.gates[number].wait(120), "the test never opened the gate"
            yield part
        if self.raises is not None:
            raise self.raises


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """The script, and a parser that takes each paragraph for a denial and folds equal ones."""
    made = Script()

    def read_text(text: str) -> tuple[Failure, ...]:
        paragraphs = [paragraph.strip() for paragraph in text.split("\n\n") if paragraph.strip()]
        return tuple(
            Denial(text=paragraph, action=paragraph[:60], count=paragraphs.count(paragraph))
            for paragraph in dict.fromkeys(paragraphs)
        )

    monkeypatch.setattr("screens.diagnose.run.diagnose", made)
    monkeypatch.setattr("screens.diagnose.run.read_text", read_text)
    yield made
    for gate in made.gates.values():
        gate.set()
