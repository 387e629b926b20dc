"""The walks of the fault matrix: what is gone through, what it says, and when a fault made it say what is wrong."""

from __future__ import annotations

import dataclasses
import io
import json
import os
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from unittest.mock import patch

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Diagnosis, Status
from diagnostics.report import to_json
from iam.account import Account
from iam.sources.aws.reader import AwsReader
from iam.sources.reader import OpenedAccount, SourceError
from tests.support.contradictions import contradictions
from tests.support.demo_failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure
from tui.cli import main

if TYPE_CHECKING:
    from iam.demo.aws.world import World

Judged = tuple[str, str]
"""The outcome (``same``, ``unknown``, ``refused``, ``wrong``, ``lost``), and what is wrong."""


@dataclass(frozen=True, slots=True)
class Place:
    """The account behind the proxy, as it was read before anything failed. ``home`` is empty, ``reader`` new."""

    opened: OpenedAccount
    reader: AwsReader
    url: str
    home: Path
    world: World


@dataclass(frozen=True, slots=True)
class Answer:
    """What a walk came to. ``value`` is compared, ``sentences`` are what people read."""

    value: Any
    sentences: frozenset[str]
    whole: Any = None


class Walk(Protocol):
    """``changes``: it changes the account, which is made anew before."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> str: ...

    @property
    def changes(self) -> bool: ...

    def go(self, place: Place) -> Answer: ...

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged: ...


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _strings(inner)


@dataclass(frozen=True, slots=True)
class Diagnose:
    """The explanation of a failure of the demo account. ``bare``: in the words of a service that states no reason."""

    failure: DemoFailure | DemoConflict
    bare: bool = False
    kind: str = "diagnose"
    changes: bool = False

    @property
    def name(self) -> str:
        return f"diagnose {self.failure.id}{' bare' if self.bare else ''}"

    def go(self, place: Place) -> Answer:
        given = self.failure
        context = given.context if isinstance(given, DemoFailure) else {}
        role = given.role if isinstance(given, DemoFailure) else None
        text = given.bare if self.bare and isinstance(given, DemoFailure) else given.text
        (failure, *_) = read_text(text or "")
        diagnosis = collect(failure, place.opened, context, role=role)
        document = to_json(diagnosis)
        return Answer(diagnosis, frozenset(_strings(document)), document)

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged:
        if passes:
            return ("same", "") if right.whole == answer.whole else ("wrong", _difference(right.whole, answer.whole))
        one: Diagnosis = right.value
        other: Diagnosis = answer.value
        if said := contradictions(other):
            return "wrong", said[0]
        had, has = one.verdict, other.verdict
        if has.cause != had.cause and has.confidence is Confidence.CERTAIN:
            return "wrong", f"certain of {has.cause}, not {had.cause}: {has.summary}"
        firm = (Status.PASS, Status.FAIL, Status.SKIPPED)
        before = {step.id: step for step in one.steps}
        for step in other.steps:
            old = before.get(step.id)
            if old is not None and step.status in firm and old.status in firm and step.status is not old.status:
                return "wrong", f"step {step.id} {step.status}, not {old.status}: {step.summary} [{old.summary}]"
        verified = {fix.title for fix in one.fixes if fix.verified}
        for fix in other.fixes:
            if fix.verified and fix.title not in verified:
                return "wrong", f"verified: {fix.title}"
        if has.cause != had.cause:
            return has.confidence.value, ""
        return "same", ""


def _difference(one: Any, other: Any, where: str = "") -> str:
    """The first place where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if one.get(key) != other.get(key):
                return _difference(one.get(key), other.get(key), f"{where}.{key}")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            if pair[0] != pair[1]:
                return _difference(*pair, f"{where}[{place}]")
    return f"{where}: {str(one)[:200]} became {str(other)[:200]}"


@dataclass(frozen=True, slots=True)
class Start:
    """The reading of the account."""

    name: str = "start"
    kind: str = "start"
    changes: bool = False

    def go(self, place: Place) -> Answer:
        try:
            account = deque(place.reader.accounts(), maxlen=1)[0]
        except SourceError as error:
            return Answer(None, frozenset((str(error),)))
        said = {f"{each.call}: {each.why} {each.costs}" for each in account.unreadable}
        return Answer(account, frozenset((*said, *account.warnings)))

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged:
        if answer.value is None:
            return ("wrong", f"refused: {answer.sentences}") if passes else ("refused", "")
        one: Account = right.value
        other: Account = answer.value
        if one == other:
            return "same", ""
        if passes:
            return "wrong", f"another account: {_weaker(one, other)}"
        missing = {part.name for part in dataclasses.fields(one)} & other.incomplete
        for part in dataclasses.fields(one):
            if part.name in (*missing, "unreadable", "warnings", "incomplete"):
                continue
            if wrong := _weaker(getattr(one, part.name), getattr(other, part.name), part.name):
                return "wrong", wrong
        return "unknown", ""


def _weaker(one: Any, other: Any, where: str = "") -> str:
    """Where ``other`` says something else than ``one``, and not only less (None)."""
    # Of a policy that is known by its name alone no version is known.
    if other is None or one == other or (where.endswith(".versions") and not other):
        return ""
    if dataclasses.is_dataclass(one) and type(one) is type(other):
        parts = (part.name for part in dataclasses.fields(one))
        pairs = ((f"{where}.{name}", getattr(one, name), getattr(other, name)) for name in parts)
        return next((wrong for place, had, has in pairs if (wrong := _weaker(had, has, place))), "")
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        if one and hasattr(one[0], "arn"):
            one, other = (tuple(sorted(each, key=lambda entity: entity.arn)) for each in (one, other))
        places = enumerate(zip(one, other, strict=True))
        return next((wrong for at, pair in places if (wrong := _weaker(*pair, f"{where}[{at}]"))), "")
    return f"{where}: {str(one)[:200]} became {str(other)[:200]}"


@dataclass(frozen=True, slots=True)
class Printed:
    status: int
    out: str
    err: str


def printed(place: Place, *arguments: str) -> Printed:
    """A command of ours, on the account behind the proxy, as on the demo account."""
    out, err = io.StringIO(), io.StringIO()
    homes = {name: str(place.home) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")}
    reader = AwsReader(
        place.reader.aws.session,
        kind="demo",
        clock=place.reader.clock,
        regions=place.reader.aws.regions,
        endpoint_url=place.url,
    )
    with (
        patch("iam.demo.open.open_demo", lambda **_: reader),
        patch.dict(os.environ, homes),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = main([*arguments, "--demo"])
    return Printed(status, out.getvalue(), err.getvalue())


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


UNKNOWN = ("could not be", "cannot be", "not known", "unknown", "denied", "not read", "did not answer", "is not AWS")
"""Words of which one must stand in an answer that lacks something."""


@dataclass(frozen=True, slots=True)
class Shows:
    """A command that prints what it read, as JSON. ``firm`` are keys whose values may only become null."""

    name: str
    arguments: tuple[str, ...]
    kind: str
    firm: tuple[str, ...] = ()
    changes: bool = False

    def go(self, place: Place) -> Answer:
        said = printed(place, *(word.replace("HOME", str(place.home)) for word in self.arguments))
        document = _document(said.out)
        return Answer(said, frozenset((*_strings(document), *said.err.splitlines())), document)

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged:
        said: Printed = answer.value
        if "Traceback" in said.err or said.status not in (0, 1, 3):
            return "crash", f"{said.status} {said.err[-600:]}"
        if right.whole == answer.whole:
            return "same", ""
        if passes:
            return "wrong", _difference(right.whole, answer.whole)
        if said.status == 3:
            return ("refused", "") if said.err.strip() else ("wrong", "exit 3 without a word")
        new = " ".join(answer.sentences - right.sentences) + said.err
        if not any(word in new for word in UNKNOWN):
            return "wrong", f"silent: {_difference(right.whole, answer.whole)}"
        for key in self.firm:
            had, has = _by_subject(right.whole, key), _by_subject(answer.whole, key)
            for subject, value in has.items():
                if value is not None and had.get(subject) != value:
                    return "wrong", f"{subject}: {key} {value!r}, not {had.get(subject)!r}"
        return "unknown", ""


def _by_subject(document: Any, key: str) -> dict[str, Any]:
    """The values of a key, by what the object that has it is about."""
    found: dict[str, Any] = {}
    if isinstance(document, dict):
        if key in document:
            about = [str(document.get(word)) for word in ("rule", "subject", "arn", "method", "principal", "statement")]
            found[" ".join(about)] = document[key]
        for inner in document.values():
            found |= _by_subject(inner, key)
    elif isinstance(document, list):
        for inner in document:
            found |= _by_subject(inner, key)
    return found


SPEC = {
    "name": "thumbnails",
    "path": "/app/",
    "trust": {"service": "ec2"},
    "permissions": [{"recipe": "read-bucket", "bucket": "harbor-assets"}],
    "attach": ["aws:AmazonSSMManagedInstanceCore"],
    "boundary": "DeveloperBoundary",
    "tags": {"team": "ferry"},
}


WALKS: tuple[Walk, ...] = (
    Start(),
    *(Diagnose(each) for each in (*FAILURES, *CONFLICTS)),
    *(Diagnose(each, bare=True) for each in FAILURES if each.bare),
    Shows("browse", ("roles", "--json"), "browse"),
    Shows("browse unused", ("roles", "unused:90", "--json"), "browse"),
    Shows("open", ("role", "orders-api-lambda", "--json"), "open"),
    Shows("open profile", ("role", "web-frontend-ec2", "--json"), "open"),
    Shows("who-can", ("who-can", "s3:GetObject", "arn:aws:s3:::harbor-assets/x", "--json"), "open", ("decision",)),
    Shows("review", ("review", "--json"), "review", ("certainty",)),
    Shows("use", ("use", "web-frontend-ec2", "--json"), "use", ("works",)),
    Shows("use chain", ("use", "platform-operator", "--json"), "use", ("works",)),
    Shows("right-size", ("right-size", "orders-api-lambda", "--json"), "review"),
    Shows("snapshot", ("snapshot", "HOME/saved.json", "--json"), "start"),
    Shows("adopt", ("adopt", "web-frontend-ec2"), "change"),
)
