"""Random changes of principals (tags, boundaries, groups, session tags), and what they are said to open.

    python -m tests.support.oracles.principal_changes lines COUNT [SEED] > requests.jsonl
    python -m tests.support.oracles.principal_changes check COUNT SEED ANSWERS

``lines`` prints, for every principal and resource of each account, the request before and after the change as an input
line of ``rolescope evaluate``: for another engine. ``check`` reads its answers, lines of ``{"id", "decision"}``: what
it allows after the change and not before has to be among what was said, and what it takes away among the losses.
Without ANSWERS our own engine answers. Where a known rule of the other engine (`compare_engines.KNOWN`) makes the
difference, it is counted as explained. Exit status 1 where something else was not said.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from diagnostics.plans.effects import effects_between
from iam.account import Account, Role, User
from iam.context import with_context
from iam.layers import principal_layers
from iam.policy.document import Document
from iam.policy.evaluate_lines import answer_line, as_line
from iam.policy.match import covers
from iam.policy.request import NamedPolicy, Request
from iam.questions.change.compare import KINDS
from iam.questions.change.tags import principal_change
from iam.sources.reader.account_reader import AccountReader
from tests.support.accounts.questions import (
    ID,
    allow,
    deny,
    document,
    managed,
    opened,
    role,
    scps,
    snapshot,
    trust,
    user,
)
from tests.support.oracles.compare_engines import explanation

TAGS = ("team", "env")
COLOURS = ("red", "blue")
ROLES = ("ant", "bee", "cat")
USERS = ("joe", "kim")
GROUPS = ("devs", "ops")
BOUNDARIES = ("wide", "narrow")
QUEUE = f"arn:aws:sqs:us-east-1:{ID}:jobs"
BUCKET = "arn:aws:s3:::shared"
OBJECTS = tuple(f"{BUCKET}/{name}/x" for name in (*COLOURS, "else"))


@dataclass(frozen=True)
class Case:
    """An account before and after a change of one principal; ``session`` are the tags of a session of it."""

    words: str
    before: Account
    after: Account
    reader: AccountReader
    resource_policies: Mapping[str, Document]
    session: tuple[str, Mapping[str, str]] | None = None


def cases(count: int, seed: int) -> Iterator[Case]:
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            yield _case(random.Random(f"{seed}-{number}"), Path(folder))


def _case(chance: random.Random, folder: Path) -> Case:
    content = _account(chance)
    account, reader = opened(folder, content)
    policies = {arn: Document.from_value(one) for arn, one in content["Rolescope"]["ResourcePolicies"].items()}
    kind = chance.choice(("tag", "tag", "boundary", "group", "session"))
    if kind == "group":
        chosen: Role | User = chance.choice(account.users or ())
        assert isinstance(chosen, User)
        group = chance.choice(GROUPS)
        had = chosen.groups or ()
        groups = tuple(each for each in had if each != group) if group in had else (*had, group)
        changed: Role | User = replace(chosen, groups=groups)
        return Case(f"{chosen.name} in {groups}", account, _with(account, changed), reader, policies)
    chosen = chance.choice([*account.roles, *(account.users or ())])
    if kind == "boundary":
        arn = chance.choice((None, *(f"arn:aws:iam::{ID}:policy/{name}" for name in BOUNDARIES)))
        changed = replace(chosen, boundary_arn=arn)
        return Case(f"boundary of {chosen.name}: {arn}", account, _with(account, changed), reader, policies)
    tags = dict(chosen.tags or {})
    for tag in chance.sample(TAGS, chance.randint(1, 2)):
        if tag in tags and chance.random() < 0.3:
            del tags[tag]
        else:
            tags[tag] = chance.choice((*COLOURS, "r*"))
    if kind == "session":
        chosen = chance.choice(list(account.roles))
        return Case(f"session tags of {chosen.name}: {tags}", account, account, reader, policies, (chosen.arn, tags))
    return Case(f"tags of {chosen.name}: {tags}", account, _with(account, replace(chosen, tags=tags)), reader, policies)


def _account(chance: random.Random) -> dict[str, Any]:
    groups = [
        {
            "GroupName": name,
            "Arn": f"arn:aws:iam::{ID}:group/{name}",
            "GroupId": f"AGPA{name.upper():0>17.17}",
            "Path": "/",
            "GroupPolicyList": [{"PolicyName": "g", "PolicyDocument": document(*_statements(chance))}],
            "AttachedManagedPolicies": [],
        }
        for name in GROUPS
    ]
    content = snapshot(
        [
            role(
                name,
                *_statements(chance),
                AssumeRolePolicyDocument=_trust(chance),
                Tags=_tags(chance),
                **_bounded(chance),
            )
            for name in ROLES
        ],
        [
            user(name, *_statements(chance), Tags=_tags(chance), GroupList=chance.sample(GROUPS, 1), **_bounded(chance))
            for name in USERS
        ],
        [
            managed("wide", allow(["s3:*", "sqs:*", "iam:*", "sts:*"])),
            managed("narrow", allow("s3:GetObject", "*", Condition=_condition(chance))),
        ],
        organization={**scps([allow("*"), *_scp(chance)]), "ResourceControlPolicies": []},
        GroupDetailList=groups,
    )
    content["Rolescope"]["ResourcePolicies"] = {
        BUCKET: document(
            {**allow("s3:GetObject", f"{BUCKET}/*", Condition=_condition(chance)), "Principal": {"AWS": ID}},
            {**deny("s3:PutObject", f"{BUCKET}/*", Condition=_condition(chance)), "Principal": "*"},
        ),
        QUEUE: document(
            {
                **allow("sqs:SendMessage", QUEUE, Condition=_condition(chance)),
                "Principal": {"AWS": f"arn:aws:iam::{ID}:role/{chance.choice(ROLES)}"},
            }
        ),
    }
    return content


def _statements(chance: random.Random) -> list[dict[str, Any]]:
    forms = (
        lambda: allow(["s3:GetObject", "s3:PutObject"], f"{BUCKET}/*", Condition=_condition(chance)),
        lambda: allow("s3:GetObject", f"{BUCKET}/${{aws:PrincipalTag/team}}/*"),
        lambda: allow("sqs:SendMessage", QUEUE, Condition=_condition(chance)),
        lambda: allow(["iam:PassRole", "sts:AssumeRole"], "*", Condition=_on_resource(chance)),
        lambda: deny("s3:PutObject", f"{BUCKET}/*", Condition=_condition(chance)),
        lambda: allow("sts:AssumeRole", "*"),
    )
    return [chance.choice(forms)() for _ in range(chance.randint(1, 4))]


def _condition(chance: random.Random) -> dict[str, Any]:
    key, value = f"aws:PrincipalTag/{chance.choice(TAGS)}", chance.choice((*COLOURS, "r*"))
    return chance.choice(
        (
            {"StringEquals": {key: value}},
            {"StringNotEquals": {key: value}},
            {"StringLike": {key: value}},
            {"StringEqualsIfExists": {key: value}},
            {"Null": {key: "true"}},
        )
    )


def _on_resource(chance: random.Random) -> dict[str, Any]:
    tag = chance.choice(TAGS)
    value = chance.choice((*COLOURS, f"${{aws:PrincipalTag/{tag}}}"))
    return {chance.choice(("StringEquals", "StringNotEquals")): {f"aws:ResourceTag/{tag}": value}}


def _trust(chance: random.Random) -> dict[str, Any]:
    return trust({"AWS": f"arn:aws:iam::{ID}:root"}, Condition=_condition(chance))


def _scp(chance: random.Random) -> list[dict[str, Any]]:
    return [deny("sqs:SendMessage", "*", Condition=_condition(chance))] if chance.random() < 0.5 else []


def _tags(chance: random.Random) -> list[dict[str, str]]:
    return [{"Key": tag, "Value": chance.choice(COLOURS)} for tag in TAGS if chance.random() < 0.5]


def _bounded(chance: random.Random) -> dict[str, Any]:
    if chance.random() < 0.6:
        return {}
    arn = f"arn:aws:iam::{ID}:policy/{chance.choice(BOUNDARIES)}"
    kind = "PermissionsBoundaryPolicy"
    return {"PermissionsBoundary": {"PermissionsBoundaryType": kind, "PermissionsBoundaryArn": arn}}


def _with(account: Account, entity: Role | User) -> Account:
    if isinstance(entity, Role):
        return replace(account, roles=tuple(entity if one.arn == entity.arn else one for one in account.roles))
    return replace(account, users=tuple(entity if one.arn == entity.arn else one for one in account.users or ()))


Asked = tuple[str, str, str]
"""Principal, action, resource."""


def questions(case: Case) -> Iterator[Asked]:
    everyone: list[Role | User] = [*case.before.roles, *(case.before.users or ())]
    if case.session is not None:
        everyone = [one for one in everyone if one.arn == case.session[0]]
    for one in everyone:
        for target in OBJECTS:
            yield from ((one.arn, action, target) for action in ("s3:GetObject", "s3:PutObject"))
        yield one.arn, "sqs:SendMessage", QUEUE
        for other in case.before.roles:
            yield from ((one.arn, action, other.arn) for action in ("iam:PassRole", "sts:AssumeRole"))


def request_line(case: Case, account: Account, asked: Asked, id: str, *, after: bool) -> str:
    """The question as an input line, with the account as it is then."""
    principal, action, resource = asked
    entity = account.role(principal) or next(one for one in account.users or () if one.arn == principal)
    layers = principal_layers(entity, account, case.reader, {}).policies
    holder = resource.partition("/")[0] if ":s3:" in resource else resource
    own = case.resource_policies.get(holder)
    if action == "sts:AssumeRole":
        target = account.role(resource)
        own = target.trust if target is not None else None
    named = NamedPolicy(own, holder, holder) if own is not None else None
    levels = [[NamedPolicy(one.document, one.name) for one in level.policies] for level in _levels(account)]
    context = {}
    if case.session is not None and after:
        context = {f"aws:PrincipalTag/{tag}": (value,) for tag, value in case.session[1].items()}
        entity = replace(entity, tags={})
    asked_for = with_context(Request(principal, action, resource, ID, context), account, entity)
    policies = replace(layers, resource=named, scps=tuple(map(tuple, levels)))
    return as_line(id, asked_for, policies)


def _levels(account: Account) -> Any:
    return (account.organization.scps or ()) if account.organization is not None else ()


def said(case: Case) -> tuple[set[tuple[str, str, str]], set[tuple[str, str, str]]]:
    """What is gained and lost, as principal, action and pattern of resources."""
    if case.session is not None:
        entity = case.before.role(case.session[0])
        assert entity is not None
        keys = {f"aws:principaltag/{tag}" for tag in (*(entity.tags or {}), *case.session[1])}
        old = {f"aws:principaltag/{tag}": (value,) for tag, value in (entity.tags or {}).items()}
        new = {f"aws:principaltag/{tag}": (value,) for tag, value in case.session[1].items()}
        gained, lost = set(), set()
        layers = principal_layers(entity, case.before, case.reader, {}).policies
        levels = tuple(
            tuple(NamedPolicy(one.document, one.name) for one in level.policies) for level in _levels(case.before)
        )
        resources: list[tuple[str, Document | None]] = [("*", None), *case.resource_policies.items()]
        resources += [(one.arn, one.trust) for one in case.before.roles]
        for arn, policy in resources:
            there = replace(layers, scps=levels, resource=NamedPolicy(policy, arn, arn) if policy else None)
            change = principal_change(
                there,
                {key: old.get(key, ()) for key in keys},
                {key: new.get(key, ()) for key in keys},
                Request(entity.arn, "*", arn),
                case.before,
                entity,
            )
            for kind in KINDS:
                side = gained if kind in ("newly_allowed", "loosened") else lost
                side.update((entity.arn, name, one.pattern) for one in getattr(change, kind) for name in one.names())
        return gained, lost
    effects = effects_between(case.before, case.after, case.reader)
    return (
        {(grant.who, name, grant.resource) for grant in effects.gained for name in grant.actions},
        {(grant.who, name, grant.resource) for grant in effects.lost for name in grant.actions},
    )


def lines(count: int, seed: int) -> Iterator[str]:
    for number, case in enumerate(cases(count, seed)):
        for at, asked in enumerate(questions(case)):
            yield request_line(case, case.before, asked, f"{number}.{at}.before", after=False)
            yield request_line(case, case.after, asked, f"{number}.{at}.after", after=True)


_THEIR_WORDS = {"ImplicitlyDenied": "implicitDeny", "ExplicitlyDenied": "explicitDeny"}


def _explained(lines: Mapping[str, str], answers: Mapping[str, str]) -> bool:
    """Whether our engine and the other one differ, and a known rule of the other one explains each difference."""
    differing = {}
    for id, line in lines.items():
        theirs = _THEIR_WORDS.get(answers[id], answers[id])
        if json.loads(answer_line(line)[0])["decision"] != theirs:
            differing[line] = theirs
    return bool(differing) and all(explanation(json.loads(line), theirs) for line, theirs in differing.items())


def check(count: int, seed: int, answers: Mapping[str, str] | None) -> int:
    """How many changes of access were not said; each is printed."""
    missed = changed = explained = 0
    for number, case in enumerate(cases(count, seed)):
        announced = said(case)
        for at, asked in enumerate(questions(case)):
            decisions, lines = [], {}
            for side, account in (("before", case.before), ("after", case.after)):
                id = f"{number}.{at}.{side}"
                lines[id] = request_line(case, account, asked, id, after=side == "after")
                if answers is None:
                    decisions.append(json.loads(answer_line(lines[id])[0])["decision"] == "allowed")
                else:
                    decisions.append(answers[id] == "allowed")
            if decisions[0] == decisions[1]:
                continue
            changed += 1
            found = announced[0] if decisions[1] else announced[1]
            who, action, resource = asked
            if not any(
                (who, action.lower()) == (principal, name.lower())
                and (resource == pattern or covers(pattern, resource))
                for principal, name, pattern in found
            ):
                if answers is not None and _explained(lines, answers):
                    explained += 1
                    continue
                missed += 1
                print(f"{number}: {case.words}: {'gains' if decisions[1] else 'loses'} {asked}")
    known = f", {explained} by known rules of the other engine" if explained else ""
    print(f"{count} changes, {changed} decisions changed{known}, {missed} of them not said")
    return missed


def main(arguments: list[str]) -> int:
    mode, count, seed = arguments[0], int(arguments[1]), int(arguments[2]) if len(arguments) > 2 else 1
    if mode == "lines":
        for line in lines(count, seed):
            print(line)
        return 0
    answers = None
    if len(arguments) > 3:
        read = [json.loads(line) for line in Path(arguments[3]).read_text().splitlines()]
        answers = {each["id"]: each["decision"] for each in read}
    return 1 if check(count, seed, answers) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
