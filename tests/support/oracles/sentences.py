"""Sentences to read against their cases: ``python -m tests.support.oracles.sentences COUNT SEED [FOLDER]``.

Each case is a text in a situation, both drawn by the seed: a failure of the demo account, a text of the field (of
``FOLDER``'s ``*_messages.jsonl``, or the tests' own), or a denial with planted faults; read by an operator with all
rights, with few, without an account, or in another account; as it is, in another partition, or with a name that only
resembles the one that was meant. One sentence of a verdict, a step, a first look or a fix is drawn from each answer
and printed with its case, for a person to mark true, false or unclear.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Diagnosis
from diagnostics.failure import Denial, Failure
from diagnostics.fix_report import proof_of
from diagnostics.report import evidence_line, shown_looks, to_text
from iam.demo.open import open_demo
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from iam.words import listing
from tests.support.accounts import alder
from tests.support.demo.failures import CONFLICTS, FAILURES, DemoConflict, DemoFailure
from tests.support.denials.planted import ASKED, PAIRS, TOLD, account, planted, refused
from tests.support.oracles.check_answers import TEXTS, hide, plant_too
from tests.support.texts.json_lines import json_lines

Context = Mapping[str, tuple[str, ...]]

PARTS = {"verdict": 7, "step": 4, "look": 4, "fix": 5}
"""How often a sentence of each part is drawn, where the answer has that part."""
PARTITIONS = {"aws-us-gov": "us-gov-west-1", "aws-cn": "cn-north-1"}
_MOST_LINES = 60
_ARN_NAME = re.compile(
    r"(?P<before>arn:[\w-]+:(?:sts::\d+:assumed-role/|[\w-]+:[\w-]*:\d*:(?:[\w-]+[:/])*))(?P<name>[\w.-]{4,})"
)
"""An ARN as far as the name of a role, for a session, else as far as its last name."""


@dataclass(frozen=True, slots=True)
class Case:
    """A text in a situation. ``opened`` is None where no account is read; ``notes`` is what else a reader needs."""

    name: str
    text: str
    failure: Failure
    opened: OpenedAccount | None
    context: Context
    role: str | None = None
    notes: str = ""

    def diagnosis(self) -> Diagnosis:
        if self.opened is None:
            return collect_offline(self.failure, self.context)
        return collect(self.failure, self.opened, self.context, role=self.role)


class Dealer:
    """Draws cases. ``texts`` are the field's; planted accounts are written into ``folder``."""

    def __init__(self, seed: str, texts: list[str], folder: Path) -> None:
        self._seed, self._texts, self._folder = seed, texts, folder
        self._accounts: dict[str, OpenedAccount] = {}

    def case(self, number: int) -> Case:
        """Return the case of a number: the same for the same seed and texts."""
        dice = random.Random(f"{self._seed} {number}")
        source = dice.choices((self._of_demo, self._of_field, self._of_planted), (9, 5, 6))[0]
        return source(dice)

    def _of_demo(self, dice: random.Random) -> Case:
        pool: list[DemoFailure | DemoConflict] = [*FAILURES, *FAILURES, *CONFLICTS]
        chosen = dice.choice(pool)
        bare = getattr(chosen, "bare", None)
        text = bare if bare and dice.random() < 0.4 else chosen.text
        text, change = _changed(text, dice)
        failure = read_text(text)[0]
        resource = getattr(chosen, "resource", None)
        if resource and isinstance(failure, Denial) and failure.resource is None:
            failure = replace(failure, resource=resource)
        context = getattr(chosen, "context", {}) if dice.random() < 0.6 else {}
        who = dice.choices(("org-admin", "ben", "carla", "offline", "alder"), (4, 1, 3, 2, 1))[0]
        role = getattr(chosen, "role", None) if who not in ("offline", "alder") else None
        return Case(f"{chosen.id} as {who}{change}", text, failure, self._opened(who), context, role)

    def _of_field(self, dice: random.Random) -> Case:
        text, change = _changed(dice.choice(self._texts), dice)
        who = dice.choices(("offline", "org-admin", "carla", "alder"), (5, 3, 1, 1))[0]
        return Case(f"field as {who}{change}", text, read_text(text)[0], self._opened(who), {})

    def _of_planted(self, dice: random.Random) -> Case:
        layer, fault = dice.choice(PAIRS)
        asked = dice.choice(ASKED)
        statements = planted(fault, asked, dice)
        content = account(layer, statements, dice)
        said = [f"{layer} ({fault}): {json.dumps(statements)}"]
        for other, its_fault in dice.sample(PAIRS, dice.choice((0, 0, 1, 2))):
            if other != layer:
                also = planted(its_fault, asked, dice)
                plant_too(content, other, also, dice)
                said.append(f"{other} ({its_fault}): {json.dumps(also)}")
        if dice.random() < 0.4:
            said.append(f"not in the snapshot: {hide(content, dice)}")
        text = refused(asked, layer if dice.random() < 0.5 else None, fault)
        told: dict[str, tuple[str, ...]] = {key: value for key, value in TOLD.items() if dice.random() < 0.6}
        if told.keys() >= {"aws:SourceIp", "aws:SourceVpce"}:  # no request has both
            del told[dice.choice(("aws:SourceIp", "aws:SourceVpce"))]
        notes, name = "\n".join(said), f"planted {layer}.{fault}"
        written = json.dumps(content)
        if dice.random() < 0.25:
            partition, region = dice.choice(list(PARTITIONS.items()))
            text, written, notes = (_in_partition(each, partition, region) for each in (text, written, notes))
            told |= {"aws:RequestedRegion": (region,)} if "aws:RequestedRegion" in told else {}
            name += f", {partition}"
        path = self._folder / f"{random.Random(written).getrandbits(64):x}.json"
        path.write_text(written, "utf-8")
        reader = open_snapshot(path)
        return Case(name, text, read_text(text)[0], _last(reader), told, notes=notes)

    def _opened(self, who: str) -> OpenedAccount | None:
        if who == "offline":
            return None
        if who not in self._accounts:
            if who == "alder":
                opened = _last(open_snapshot(alder.write(self._folder / "alder.json", alder.snapshot())))
            else:
                opened = _last(open_demo(as_user=None if who == "org-admin" else who, region=None))
            self._accounts[who] = opened
        return self._accounts[who]


def _last(reader: AccountReader) -> OpenedAccount:
    return OpenedAccount(list(reader.accounts())[-1], reader)


def _changed(text: str, dice: random.Random) -> tuple[str, str]:
    """The text, or the text in another partition or with a name that only resembles; what was changed, in words."""
    way = dice.choices(("", "partition", "name"), (6, 1, 3))[0]
    if way == "partition" and "arn:aws:" in text:
        partition, region = dice.choice(list(PARTITIONS.items()))
        return _in_partition(text, partition, region), f", {partition}"
    names = list(_ARN_NAME.finditer(text)) if way == "name" else []
    if not names:
        return text, ""
    at = dice.choice(names)
    name = _resembling(at["name"], dice)
    return text.replace(at[0], at["before"] + name), f", {at['name']} → {name}"


def _in_partition(text: str, partition: str, region: str) -> str:
    moved = text.replace("arn:aws:", f"arn:{partition}:")
    return re.sub(r"\b(?:us|eu|ap)-(?:north|south|east|west|central)(?:east|west)?-\d\b", region, moved)


def _resembling(name: str, dice: random.Random) -> str:
    ways = (f"{name}-v2", name[:-1], name.swapcase(), name.replace("-", "_", 1), name[0] + name)
    return dice.choice([each for each in ways if each != name])


def sentences(found: Diagnosis) -> dict[str, list[str]]:
    """The sentences of an answer by part, each with enough before it to be found again."""
    verdict = found.verdict
    parts: dict[str, list[str]] = {name: [] for name in PARTS}
    parts["verdict"] += [f"[{verdict.confidence.value}] {each}" for each in _split(verdict.summary)]
    parts["verdict"] += [
        f"? {each.key}{f' (wanted: {listing(each.wanted)})' if each.wanted else ''}: {each.why}"
        for each in verdict.questions
    ]
    for step in found.steps:
        parts["step"] += [f"{step.id} ({step.status.value}): {each}" for each in _split(step.summary)]
        parts["step"] += [f"{step.id}, evidence: {evidence_line(each)}" for each in step.evidence[:3]]
    for look in shown_looks(found):
        parts["look"].append(
            f"{look.cause} · because: {look.because.text} · {look.state.value} {look.why} · {look.check}"
        )
    for number, fix in enumerate(found.fixes, start=1):
        parts["fix"].append(f"FIX {number} {fix.title} · {proof_of(fix)}")
        parts["fix"] += [f"FIX {number} ! {each}" for each in fix.cautions]
    return parts


def _split(text: str) -> list[str]:
    return re.split(r"(?<=[.!?]) (?=[A-Z“\"])", text) if text else []


def drawn(found: Diagnosis, dice: random.Random) -> tuple[str, str]:
    """A sentence of the answer, with its part."""
    parts = {name: said for name, said in sentences(found).items() if said}
    part = dice.choices(list(parts), [PARTS[name] for name in parts])[0]
    return part, dice.choice(parts[part])


def cases(count: int, seed: str, texts: list[str]) -> Iterator[tuple[Case, Diagnosis, str, str]]:
    """As many cases with their answers, and of each a part and a sentence of it."""
    with tempfile.TemporaryDirectory() as folder:
        dealer = Dealer(seed, texts, Path(folder))
        for number in range(count):
            case = dealer.case(number)
            found = case.diagnosis()
            yield case, found, *drawn(found, random.Random(f"{seed} {number} sentence"))


def field_texts(folder: Path | None) -> list[str]:
    """The messages of a folder's ``*_messages.jsonl``; without a folder the texts that the tests keep."""
    pattern, key = ("*_messages.jsonl", "message") if folder is not None else ("*.jsonl", "text")
    paths = sorted((folder or TEXTS).glob(pattern))
    return [row[key] for path in paths for row in json_lines(path)]


def _documents(found: Diagnosis) -> Iterator[str]:
    """The policies that the steps' evidence is from, and those that were evaluated."""
    seen = set()
    for step in found.steps:
        for each in step.evidence:
            if each.document is not None and each.policy not in seen:
                seen.add(each.policy)
                yield f"{each.policy}: {json.dumps(each.document.value)}"


def main(arguments: list[str]) -> int:
    count, seed = int(arguments[0]), arguments[1]
    texts = field_texts(Path(arguments[2]) if len(arguments) > 2 else None)
    for number, (case, found, part, sentence) in enumerate(cases(count, seed, texts), start=1):
        print(f"=== {number}. {case.name}")
        print(f"--- text\n{case.text[:3000]}")
        if case.context or case.role:
            print(f"--- given: {dict(case.context)}{f' role {case.role}' if case.role else ''}")
        if case.notes:
            print(f"--- planted\n{case.notes}")
        print("--- answer")
        print("\n".join(to_text(found).splitlines()[:_MOST_LINES]))
        if documents := list(_documents(found)):
            print("--- policies", *(each[:1500] for each in documents), sep="\n")
        print(f">>> {number} {part}: {sentence}\n", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
