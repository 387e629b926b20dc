"""Whole answers looked at for contradictions: ``python -m tests.support.oracles.check_answers [PLANTED [SEED]]``.

Every failure and every conflict of the demo account, as org-admin, ben and carla, with the stated reason and without;
the texts of the field, alone and in the demo account; generated
pastes (2,000 by default), and as many denials with planted faults, some
of whose layers cannot be read. Counted too: answers that are certain although the request would be allowed for some
value of a condition key that nobody told.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from diagnostics.access_denied.build_case import case_of
from diagnostics.access_denied.case import Case, every_policy
from diagnostics.access_denied.request.assumed_role.stated_keys import extra_context
from diagnostics.access_denied.request.caller import identify
from diagnostics.access_denied.request.subject import read_subject
from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis, Status
from diagnostics.failure import Denial
from diagnostics.words import POLICY_TYPES
from iam.claims import Source, sourced
from iam.demo.open import open_demo
from iam.policy.evaluate import evaluate
from iam.sources.reader.opened import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder
from tests.support.demo.failures import CONFLICTS, FAILURES
from tests.support.denials.planted import ASKED, PAIRS, TOLD, account, planted, refused
from tests.support.oracles.contradictions import contradictions
from tests.support.texts.json_lines import json_lines
from tests.support.texts.made_texts import made

CALLERS = (None, "ben", "carla")
MOST_VALUES = 200
"""Combinations of untold keys' values that are tried for an answer that is certain."""

Context = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Answer:
    name: str
    diagnosis: Diagnosis
    opened: OpenedAccount | None = None
    context: Context | None = None


def demo_answers() -> Iterator[Answer]:
    for who in CALLERS:
        reader = open_demo(as_user=who, region=None)
        opened = OpenedAccount(list(reader.accounts())[-1], reader)
        for failure in FAILURES:
            for words, text in (("stated", failure.text), ("bare", failure.bare)):
                if not text:
                    continue
                parsed = read_text(text)[0]
                if failure.resource and isinstance(parsed, Denial) and parsed.resource is None:
                    parsed = replace(parsed, resource=failure.resource)
                name = f"{failure.id} {words} as {who or 'org-admin'}"
                found = collect(parsed, opened, failure.context, role=failure.role)
                yield Answer(name, found, opened, failure.context)
                if who is None:
                    yield Answer(f"{failure.id} {words} offline", collect_offline(parsed, failure.context))
        for conflict in CONFLICTS:
            yield Answer(f"{conflict.id} as {who or 'org-admin'}", collect(read_text(conflict.text)[0], opened), opened)


TEXTS = Path(__file__).parents[2] / "diagnostics" / "text" / "read" / "texts"


def field_answers(opened: OpenedAccount, *, every: int = 1) -> Iterator[Answer]:
    """The first failure of each text of the field, alone and in an account that has nothing to do with most of them."""
    lines = [line for path in sorted(TEXTS.glob("*.jsonl")) for line in json_lines(path)]
    for line in lines[::every]:
        text = line["text"]
        failure = read_text(text)[0]
        yield Answer(f"alone: {text[:60]}", collect_offline(failure))
        yield Answer(f"in the demo: {text[:60]}", collect(failure, opened), opened)


def paste_answers(count: int, seed: int, opened: OpenedAccount) -> Iterator[Answer]:
    """Generated pastes in the forms of many tools: every second one alone, the others in an account of strangers."""
    for number, paste in enumerate(made(count, seed)):
        failure = read_text(paste.text)[0]
        if number % 2:
            yield Answer(f"paste {number} alone", collect_offline(failure))
        else:
            yield Answer(f"paste {number} in the demo", collect(failure, opened), opened)


def planted_answers(count: int, seed: int) -> Iterator[Answer]:
    """Denials of one to three planted faults, each in a snapshot of its own; now and then a layer is missing from it,
    and the operator tells all, some or none of the condition keys."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            dice = random.Random(f"{seed} {number}")
            layer, fault = dice.choice(PAIRS)
            asked = dice.choice(ASKED)
            content = account(layer, planted(fault, asked, dice), dice)
            for other, its_fault in dice.sample(PAIRS, dice.choice((0, 0, 1, 2))):
                if other != layer:
                    plant_too(content, other, planted(its_fault, asked, dice), dice)
            unread = hide(content, dice) if dice.random() < 0.3 else ""
            reader = open_snapshot(alder.write(Path(folder) / "account.json", content))
            stated = dice.random() < 0.5
            text = refused(asked, layer if stated else None, fault)
            told = {key: value for key, value in TOLD.items() if dice.random() < 0.6}
            opened = OpenedAccount(list(reader.accounts())[-1], reader)
            name = f"{number}: {layer}.{fault}{' stated' if stated else ''}{f', no {unread}' if unread else ''}"
            yield Answer(name, collect(read_text(text)[0], opened, told), opened, told)


def plant_too(content: dict[str, Any], layer: str, statements: list[dict[str, Any]], dice: random.Random) -> None:
    """A second fault, in a layer of the account that allowed all until now."""
    own = content["Rolescope"]
    document = alder.document(*statements)
    match layer:
        case "identity":
            role = next(role for role in content["RoleDetailList"] if role["RoleName"] == "bedder")
            role["RolePolicyList"] = [{"PolicyName": "own", "PolicyDocument": document}]
        case "boundary":
            content["Policies"] = [each for each in content["Policies"] if each["PolicyName"] != "limit"]
            content["Policies"].append(alder.policy("limit", document))
        case "scp":
            dice.choice(own["Organization"]["ServiceControlPolicies"])["Policies"][0]["Document"] = document
        case "vpce":
            everyone = alder.document(*({**one, "Principal": "*"} for one in statements))
            for endpoint in own["VpcEndpoints"]:
                endpoint["Document"] = everyone


def hide(content: dict[str, Any], dice: random.Random) -> str:
    """Something of the account is not known; which."""
    own = content["Rolescope"]
    what = dice.choice(("Organization", "ResourcePolicies", "VpcEndpoints", "Policies", "inline policies"))
    if what == "Policies":
        content["Policies"] = [each for each in content["Policies"] if each["PolicyName"] != "limit"]
    elif what == "inline policies":
        role = next(role for role in content["RoleDetailList"] if role["RoleName"] == "bedder")
        role.pop("RolePolicyList", None)
    else:
        own.pop(what, None)
    return what


def hangs_on(answer: Answer) -> str:
    """The values of condition keys that nobody told under which the request would be allowed, where the answer is
    certain by evaluation alone; else ""."""
    failure, opened = answer.diagnosis.failure, answer.opened
    verdict = answer.diagnosis.verdict
    sure = verdict.confidence is Confidence.CERTAIN and verdict.cause.partition(".")[0] in POLICY_TYPES
    if not sure or opened is None or not isinstance(failure, Denial) or failure.stated_reason is not None:
        return ""
    if any(step.id == "partitions" and step.status is Status.FAIL for step in answer.diagnosis.steps):
        return ""  # a rule of AWS's decides, whatever policies and keys say
    subject = read_subject(failure, opened, sourced(answer.context or {}, Source.OPERATOR))
    if subject.action is None or subject.principal is None or subject.resource is None:
        return ""
    subject = subject.with_keys(extra_context(subject, opened.account))
    _, case = case_of(subject, identify(subject.principal, opened), opened, None)
    for values in islice(_values(case), MOST_VALUES):
        if evaluate(replace(case.request, context={**case.request.context, **values}), case.effective_policies).allowed:
            return ", ".join(f"{key}={value[0]}" for key, value in values.items())
    return ""


def _values(case: Case) -> Iterator[dict[str, tuple[str, ...]]]:
    """Values for the keys that nobody told: those that policies name, and one that none names."""
    wanted: dict[str, set[str]] = {}
    for policy in every_policy(case.policies):
        for statement in policy.document.statements:
            for block in statement.conditions:
                if case.is_open(block.key):
                    wanted.setdefault(block.key.lower(), {"another"}).update(block.values)
    dice = random.Random(0)
    for _ in range(MOST_VALUES if wanted else 0):
        yield {key: (dice.choice(sorted(values)),) for key, values in wanted.items()}


def main(arguments: list[str]) -> int:
    count, seed = (int(arguments[0]) if arguments else 2000), (arguments[1] if len(arguments) > 1 else "0")
    counted: Counter[str] = Counter()
    reader = open_demo(as_user=None, region=None)
    opened = OpenedAccount(list(reader.accounts())[-1], reader)
    pastes = paste_answers(count, int(seed), opened)
    for answers in (demo_answers(), field_answers(opened), pastes, planted_answers(count, int(seed))):
        for answer in answers:
            counted["answers"] += 1
            counted[f"{answer.diagnosis.verdict.confidence}"] += 1
            for said in contradictions(answer.diagnosis):
                counted["contradictions"] += 1
                print(f"{answer.name}: {said}")
            if values := hangs_on(answer):
                counted["certain and open"] += 1
                print(f"{answer.name}: certain, and allowed with {values}: {answer.diagnosis.verdict.summary}")
    print(dict(counted), file=sys.stderr)
    return 1 if counted["contradictions"] or counted["certain and open"] else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
