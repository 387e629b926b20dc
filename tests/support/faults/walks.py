"""The walks of the fault matrix: what is gone through, what it says, and when a fault made it say what is wrong."""

from __future__ import annotations

import dataclasses
import io
import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Diagnosis, Status
from diagnostics.report import to_json
from iam.account import Account
from iam.changes.journal import journals
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.source_error import SourceError
from tests.support.accounts.documents import READ, trust
from tests.support.demo.failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure
from tests.support.demo.role_changes import CHANGES, words_of
from tests.support.gate.let_through import resume
from tests.support.oracles.contradictions import contradictions
from tui.cli import main
from tui.exit_status import OWN_ERROR

Judged = tuple[str, str]
"""The outcome (``same``, ``unknown``, ``refused``, ``wrong``, ``lost``), and what is wrong."""


@dataclass(frozen=True, slots=True)
class Place:
    """The account behind the proxy, as it was read before anything failed. ``home`` is empty, ``reader`` new;
    ``dump`` tells what there is in it, ``mended`` ends the fault."""

    opened: OpenedAccount
    reader: AwsReader
    home: Path
    dump: Callable[[], Any]
    mended: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a walk came to. ``value`` is compared, ``sentences`` are what people read."""

    value: Any
    sentences: frozenset[str]
    whole: Any = None


class Walk(Protocol):
    """``changes``: it changes the account, which is made anew for the next."""

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
            return ("same", "") if right.whole == answer.whole else ("wrong", difference(right.whole, answer.whole))
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


def difference(one: Any, other: Any, where: str = "") -> str:
    """The first place where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in {**one, **other}:
            if one.get(key) != other.get(key):
                return difference(one.get(key), other.get(key), f"{where}.{key}")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, pair in enumerate(zip(one, other, strict=True)):
            if pair[0] != pair[1]:
                return difference(*pair, f"{where}[{place}]")
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
    opened = AwsReader(
        place.reader.aws.session,
        kind="demo",
        clock=place.reader.clock,
        regions=place.reader.aws.regions,
        endpoint_url=place.reader.aws.endpoint_url,
    )
    with (
        patch("iam.demo.open.open_demo", lambda **_: opened),
        patch.dict(os.environ, homes),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        status = main([*arguments, "--demo", "--quiet"])  # whatever the machine has to do meanwhile
    return Printed(status, out.getvalue(), err.getvalue())


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _known(document: Any) -> Any:
    """The document without what differs between two runs (the IDs and times of plans), and without the account's name,
    for which its number stands."""
    if isinstance(document, dict):
        other = ("id", "made", "CapturedAt", "alias", "Alias")
        return {key: _known(value) for key, value in document.items() if key not in other}
    return [_known(each) for each in document] if isinstance(document, list) else document


@dataclass(frozen=True, slots=True)
class Shows:
    """A command that prints what it read, as JSON. ``firm`` are keys whose values may only become null."""

    name: str
    arguments: tuple[str, ...]
    kind: str
    firm: tuple[str, ...] = ()
    changes: bool = False

    def go(self, place: Place) -> Answer:
        said = printed(place, *_with_files(place.home, self.arguments))
        saved = place.home / "saved.json"
        document = _known(_document(saved.read_text() if saved.exists() else said.out))
        return Answer(said, frozenset((*_strings(document), *said.err.splitlines())), document)

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged:
        said: Printed = answer.value
        if "Traceback" in said.err or OWN_ERROR in said.err or said.status not in (0, 1, 3):
            return "crash", f"{said.status} {said.err[-600:]}"
        if right.whole == answer.whole:
            return "same", ""
        if passes:
            return "wrong", difference(right.whole, answer.whole)
        if said.status == 3:
            return ("refused", "") if said.err.strip() else ("wrong", "exit 3 without a word")
        if answer.sentences <= right.sentences:
            return "wrong", f"silent: {difference(right.whole, answer.whole)}"
        for key in self.firm:
            had, has = _by_subject(right.whole, key), _by_subject(answer.whole, key)
            for subject, value in has.items():
                if value not in (had.get(subject), None, "if", "conditional", "unknown"):
                    return "wrong", f"{subject}: {key} {value!r}, not {had.get(subject)!r}"
        return "unknown", ""


def _by_subject(document: Any, key: str) -> dict[str, Any]:
    """The values of a key, by what the object that has it is about; without those that are said to be uncertain."""
    found: dict[str, Any] = {}
    if isinstance(document, dict):
        if key in document and document.get("certain") is not False:
            about = [str(document.get(word)) for word in ("rule", "subject", "arn", "method", "principal", "statement")]
            found[" ".join(about)] = document[key]
        for inner in document.values():
            found |= _by_subject(inner, key)
    elif isinstance(document, list):
        for inner in document:
            found |= _by_subject(inner, key)
    return found


@dataclass(frozen=True, slots=True)
class Applied:
    """A plan carried out, and the account then; ``later``, when it was gone on with or begun anew without fault."""

    first: Printed
    there: Any
    later: Any
    again: Printed | None = None


@dataclass(frozen=True, slots=True)
class Applies:
    """A role created or changed by the command. Half done, it is gone on with by its journal, or by another run."""

    name: str
    arguments: tuple[str, ...]
    confirm: str
    kind: str = "change"
    resumed: bool = True
    changes: bool = True

    def go(self, place: Place) -> Answer:
        command = (*_with_files(place.home, self.arguments), "--apply", "--json", "--confirm", self.confirm)
        first = printed(place, *command)
        there = place.dump()
        did = Applied(first, there, there)
        if first.status != 0:
            place.mended()
            half_done = [each for each in journals(place.home / "rolescope" / "journal") if each.unfinished]
            again = None
            if self.resumed and half_done:
                deque(resume(half_done[0].path, place.reader, writable=False), maxlen=0)
            else:
                again = printed(place, *command)
            did = Applied(first, there, place.dump(), again)
        return Answer(did, frozenset((*_strings(_document(first.out)), *first.err.splitlines())), there)

    def judged(self, right: Answer, answer: Answer, passes: bool) -> Judged:
        did: Applied = answer.value
        for said in (did.first, did.again):
            if said is not None and ("Traceback" in said.err or OWN_ERROR in said.err or said.status not in (0, 1, 3)):
                return "crash", f"{said.status} {said.err[-600:]}"
        if did.first.status == 0:
            whole = did.there == right.whole
            return ("same", "") if whole else ("wrong", f"exit 0: {difference(right.whole, did.there)}")
        if passes:
            return "wrong", f"{did.first.status}: {did.first.err[-300:]}"
        if not (did.first.err.strip() or did.first.out.strip()):
            return "wrong", "not a word"
        if did.later != right.whole:
            return "lost", f"not made later: {difference(right.whole, did.later)} {did.again} {did.first.out[-600:]}"
        return ("later" if did.again is None else "again"), ""


SPEC = {
    "name": "thumbnails",
    "path": "/app/",
    "trust": {"service": "ec2"},
    "permissions": [{"recipe": "read-bucket", "bucket": "harbor-assets"}],
    "attach": ["aws:AmazonSSMManagedInstanceCore"],
    "boundary": "DeveloperBoundary",
    "tags": {"team": "ferry"},
}

_FILES = {
    json.dumps(SPEC): "HOME/spec.json",
    trust("glue.amazonaws.com").text: "HOME/trust.json",
    READ.text: "HOME/read.json",
}


def _with_files(home: Path, arguments: tuple[str, ...]) -> list[str]:
    """The arguments with the files that they name written into ``home``."""
    for text, path in _FILES.items():
        Path(path.replace("HOME", str(home))).write_text(text)
    return [word.replace("HOME", str(home)) for word in arguments]


WALKS: tuple[Walk, ...] = (
    Start(),
    *(Diagnose(each) for each in (*FAILURES, *CONFLICTS)),
    *(Diagnose(each, bare=True) for each in FAILURES if each.bare),
    Shows("browse", ("roles", "--json"), "browse"),
    Shows("browse unused", ("roles", "unused:90d", "--json"), "browse"),
    Shows("open", ("role", "orders-api-lambda", "--json"), "open"),
    Shows("open profile", ("role", "web-frontend-ec2", "--json"), "open"),
    Shows("who-can", ("who-can", "s3:GetObject", "arn:aws:s3:::harbor-assets/x", "--json"), "open", ("decision",)),
    Shows("review", ("review", "--json"), "review", ("certainty",)),
    Shows("use", ("use", "web-frontend-ec2", "--json"), "use", ("works",)),
    Shows("use chain", ("use", "platform-operator", "--json"), "use", ("works",)),
    Shows("right-size", ("right-size", "orders-api-lambda", "--json"), "review"),
    Shows("snapshot", ("snapshot", "HOME/saved.json", "--json"), "start"),
    Shows("check", ("create", "HOME/spec.json", "--check", "--json"), "create"),
    Applies("create", ("create", "HOME/spec.json"), "thumbnails", "create", resumed=False),
    *(
        Applies(
            f"change {kind}",
            ("change", *words_of(kind, _FILES.__getitem__)),
            "app-assets-read" if kind in ("policy", "version") else CHANGES[kind][0],
        )
        for kind in CHANGES
    ),
    Shows("adopt", ("adopt", "web-frontend-ec2"), "change"),
)
