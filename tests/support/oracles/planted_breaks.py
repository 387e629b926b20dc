"""Planted breaks: histories of one role in which a request stops being allowed, and the change that is blamed for it.

``python -m tests.support.oracles.planted_breaks COUNT SEED`` applies random changes to a role's policies, with calls
that fail, changes after the denial, breaks that were mended and made again, and re-creations. The specification
(`tests.specification.model`), which shares nothing with the engine, decides before and after each change which one it
was. A revert is applied to the model: the request must be allowed then, and what later changes brought must stay.
"""

from __future__ import annotations

import copy
import json
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from diagnostics.diagnose import collect, read_text
from diagnostics.fix import Calls, Fix, InlinePlace, PolicyChange, Revert
from iam.account import Account, AttachedPolicy, InlinePolicy, ManagedPolicy, PolicyVersion
from iam.event import Event
from iam.policy.document import Document
from iam.sources.reader.opened import OpenedAccount
from tests.specification.model import ALLOWED, decisions
from tests.support.accounts.fake_reader import ACCOUNT_ID, NOW, role
from tests.support.history.recorded_account import RecordedReader

ACTION, RESOURCE = "s3:GetObject", "arn:aws:s3:::crates/a"
TEXT = (
    f"User: arn:aws:sts::{ACCOUNT_ID}:assumed-role/mover/run is not authorized to perform: {ACTION} on resource: "
    f"{RESOURCE}"
)
_ACTIONS = ("s3:GetObject", "s3:Get*", "s3:PutObject", "sqs:SendMessage", "s3:*")
_RESOURCES = ("arn:aws:s3:::crates/*", "arn:aws:s3:::crates/a", "arn:aws:s3:::other/*", "*")
_POLICIES = tuple(f"arn:aws:iam::{ACCOUNT_ID}:policy/{name}" for name in ("readers", "writers", "fence"))


@dataclass(slots=True)
class State:
    """What decides for the role: documents as JSON values."""

    exists: bool = True
    inline: dict[str, Any] = field(default_factory=dict)
    attached: set[str] = field(default_factory=set)
    versions: dict[str, dict[str, Any]] = field(default_factory=dict)
    default: dict[str, str] = field(default_factory=dict)
    boundary: str | None = None

    def allowed(self) -> bool:
        """By the specification."""
        if not self.exists:
            return False
        named = [self.versions[arn][self.default[arn]] for arn in sorted(self.attached)]
        case: dict[str, Any] = {
            "principal": f"arn:aws:sts::{ACCOUNT_ID}:assumed-role/mover/run",
            "action": ACTION,
            "resource": RESOURCE,
            "resourceAccount": ACCOUNT_ID,
            "identityPolicies": [*self.inline.values(), *named],
            "contextVariables": {},
        }
        if self.boundary is not None:
            case["boundaryPolicies"] = [self.versions[self.boundary][self.default[self.boundary]]]
        return decisions(case)[0] == ALLOWED


class Story:
    """One history."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.state = State(exists=False)
        self.events: list[Event] = []
        self.states: list[tuple[datetime, str, State]] = []
        self.hours = 2000.0
        for arn in _POLICIES:
            self.state.versions[arn] = {"v1": self.document()}
            self.state.default[arn] = "v1"

    def document(self) -> Any:
        statements = []
        for number in range(self.random.randint(1, 3)):
            effect = "Deny" if self.random.random() < 0.12 else "Allow"
            statement = {
                "Effect": effect,
                "Action": self.random.choice(_ACTIONS),
                "Resource": self.random.choice(_RESOURCES),
            }
            if self.random.random() < 0.5:
                statement["Sid"] = f"S{number}x{self.random.randint(0, 9)}"
            statements.append(statement)
        return {"Version": "2012-10-17", "Statement": statements}

    def add(self, name: str, given: dict[str, Any], *, error: str = "", answer: Any = None) -> None:
        """Record a change that ``self.state`` has already, or that failed."""
        self.hours -= self.random.uniform(0.5, 60)
        at = NOW - timedelta(seconds=int(self.hours * 3600))
        key = f"e{len(self.events)}"
        record = {
            "eventTime": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "eventSource": "iam.amazonaws.com",
            "eventName": name,
            "awsRegion": "us-east-1",
            "recipientAccountId": ACCOUNT_ID,
            "userIdentity": {"arn": f"arn:aws:iam::{ACCOUNT_ID}:user/otto"},
            "userAgent": "aws-cli/2",
            "eventID": key,
            "requestParameters": given,
            "responseElements": answer,
            **({"errorCode": error} if error else {}),
        }
        resources = tuple(str(value) for value in given.values() if isinstance(value, str))
        self.events.append(Event(name, at, "otto", resources, "aws-cli/2", json.dumps(record)))
        if not error:
            self.states.append((at, key, copy.deepcopy(self.state)))

    # Changes.

    def change(self) -> None:
        """One random change."""
        deeds: list[Callable[[], None]] = [self.put, self.put, self.attach, self.version, self.boundary, self.fail]
        self.random.choice(deeds)()

    def put(self) -> None:
        name = self.random.choice(("one", "two"))
        given = {"roleName": "mover", "policyName": name}
        if name in self.state.inline and self.random.random() < 0.3:
            del self.state.inline[name]
            self.add("DeleteRolePolicy", given)
            return
        held = self.state.inline.get(name)
        document = self.document()
        if held is not None and self.random.random() < 0.5:  # a statement more or less
            document = copy.deepcopy(held)
            if self.random.random() < 0.5 and len(document["Statement"]) > 1:
                document["Statement"].pop(self.random.randrange(len(document["Statement"])))
            else:
                document["Statement"].append(self.document()["Statement"][0])
        self.state.inline[name] = document
        self.add("PutRolePolicy", {**given, "policyDocument": json.dumps(document)})

    def attach(self) -> None:
        arn = self.random.choice(_POLICIES)
        given = {"roleName": "mover", "policyArn": arn}
        if arn in self.state.attached:
            self.state.attached.discard(arn)
            self.add("DetachRolePolicy", given)
        else:
            self.state.attached.add(arn)
            self.add("AttachRolePolicy", given)

    def version(self) -> None:
        arn = self.random.choice(_POLICIES)
        if len(self.state.versions[arn]) > 1 and self.random.random() < 0.4:
            chosen = self.random.choice(sorted(self.state.versions[arn]))
            self.state.default[arn] = chosen
            self.add("SetDefaultPolicyVersion", {"policyArn": arn, "versionId": chosen})
            return
        if len(self.state.versions[arn]) >= 5:
            return
        document, number = self.document(), f"v{len(self.state.versions[arn]) + 1}"
        self.state.versions[arn][number] = document
        self.state.default[arn] = number
        given = {"policyArn": arn, "policyDocument": json.dumps(document), "setAsDefault": True}
        answer = {"policyVersion": {"versionId": number, "isDefaultVersion": True}}
        self.add("CreatePolicyVersion", given, answer=answer)

    def boundary(self) -> None:
        if self.state.boundary is not None:
            self.state.boundary = None
            self.add("DeleteRolePermissionsBoundary", {"roleName": "mover"})
        else:
            self.state.boundary = self.random.choice(_POLICIES)
            self.add("PutRolePermissionsBoundary", {"roleName": "mover", "permissionsBoundary": self.state.boundary})

    def fail(self) -> None:
        given = {"roleName": "mover", "policyName": "one", "policyDocument": json.dumps(self.document())}
        self.add("PutRolePolicy", given, error="AccessDenied")

    def create(self) -> None:
        self.state.exists = True
        self.add("CreateRole", {"roleName": "mover", "assumeRolePolicyDocument": json.dumps(self.document())})

    def delete(self) -> None:
        """What DeleteRole asks for, and the role itself."""
        for name in list(self.state.inline):
            del self.state.inline[name]
            self.add("DeleteRolePolicy", {"roleName": "mover", "policyName": name})
        for arn in list(self.state.attached):
            self.state.attached.discard(arn)
            self.add("DetachRolePolicy", {"roleName": "mover", "policyArn": arn})
        self.state.boundary, self.state.exists = None, False
        self.add("DeleteRole", {"roleName": "mover"})

    def tell(self) -> bool:
        """Changes until the request is refused now; False where it is not."""
        self.create()
        for number in range(self.random.randint(6, 16)):
            self.change()
            if number == 4 and self.random.random() < 0.15:
                self.delete()
                self.create()
        return self.state.exists and not self.state.allowed()

    def opened(self) -> OpenedAccount:
        """The account as it is now, with its record."""
        state = self.state
        mover = role(
            "mover",
            inline=tuple(InlinePolicy(name, Document.from_value(document)) for name, document in state.inline.items()),
            attached=tuple(AttachedPolicy(arn.rpartition("/")[2], arn) for arn in sorted(state.attached)),
            boundary_arn=state.boundary,
        )
        policies = tuple(
            ManagedPolicy(
                arn.rpartition("/")[2],
                arn,
                versions=tuple(
                    PolicyVersion(name, Document.from_value(document), name == state.default[arn])
                    for name, document in state.versions[arn].items()
                ),
                default_version_id=state.default[arn],
            )
            for arn in _POLICIES
        )
        account = Account(
            ACCOUNT_ID, "test", NOW, roles=(mover,), users=(), groups=(), policies=policies, in_organization=False
        )
        return OpenedAccount(account, RecordedReader(account, tuple(self.events)))

    def truth(self, moment: datetime) -> str | None:
        """The last change until ``moment`` with which the request stopped being allowed; None where it never was."""
        before = False
        found: str | None = None
        for at, key, state in self.states:
            if at > moment:
                break
            now = state.allowed()
            if before and not now:
                found = key
            if not state.exists:
                found, before = None, False
                continue
            before = now
        return None if before else found


@dataclass(slots=True)
class Tally:
    """What a run found."""

    told: int = 0
    right: int = 0
    wrong: list[str] = field(default_factory=list)
    certain: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    reverted: int = 0
    kept: int = 0
    not_reverted: Counter[str] = field(default_factory=Counter)
    bad_reverts: list[str] = field(default_factory=list)


def judge(seed: int, tally: Tally) -> None:
    """One story, if the request is refused at its end."""
    story = Story(seed)
    if not story.tell():
        return
    moment = NOW
    text = TEXT
    refused = [at for at, _, state in story.states if state.exists and not state.allowed()]
    if refused and story.random.random() < 0.3:  # a denial of earlier, with changes after it
        moment = story.random.choice(refused) + timedelta(minutes=1)
        text = f"{moment:%Y-%m-%dT%H:%M:%SZ} {TEXT}"
    wanted = story.truth(moment)
    tally.told += 1
    found = collect(read_text(text)[0], story.opened())
    since = found.verdict.since
    named = since.event_id if since is not None else None
    tally.kinds["named" if wanted else "never allowed"] += 1
    if named == wanted:
        tally.right += 1
    else:
        tally.wrong.append(f"seed {seed}: {named} for {wanted}")
    if since is not None and since.event_id is not None and since.certainty.value == "certain":
        tally.certain += 1
        if named != wanted:
            tally.wrong[-1] += " (certain)"
    if moment == NOW and wanted is not None:
        _judge_revert(story, [fix for fix in found.fixes if isinstance(fix.change, Revert)], tally, seed)


def _judge_revert(story: Story, fixes: list[Fix], tally: Tally, seed: int) -> None:
    if not fixes:
        tally.not_reverted["none"] += 1
        return
    fix = fixes[0]
    if fix.verified is not True:
        tally.not_reverted["not enough alone"] += 1
        return
    state = copy.deepcopy(story.state)
    assert isinstance(fix.change, Revert)
    _apply(state, fix.change.change)
    tally.reverted += 1
    if not state.allowed():
        tally.bad_reverts.append(f"seed {seed}: still refused after {fix.title}")
    lost = list(_lost(story, state, fix.change.event_id))
    tally.kept += not lost
    tally.bad_reverts += [f"seed {seed}: {each} of a later change is gone after {fix.title}" for each in lost]


def _lost(story: Story, reverted: State, key: str) -> Iterator[str]:
    """What changes after the one of ``key`` brought and is there now, and is not after the reversal."""
    after = next(state for _, each, state in story.states if each == key)
    now = story.state
    for name, document in now.inline.items():
        had = _statements(after.inline.get(name))
        left = _statements(reverted.inline.get(name))
        yield from (f"a statement of {name}" for each in _statements(document) if each not in had and each not in left)
    yield from (arn for arn in now.attached - after.attached if arn not in reverted.attached)
    yield from (arn for arn in after.attached - now.attached if arn in reverted.attached)
    for arn, version in now.default.items():
        if version != after.default[arn] and reverted.default[arn] != version:
            yield f"the default of {arn}"
    if now.boundary != after.boundary and reverted.boundary != now.boundary:
        yield "the boundary"


def _statements(document: Any) -> list[str]:
    """Without IDs, which a reversal may number anew."""
    found = document["Statement"] if document is not None else []
    return [json.dumps({key: value for key, value in each.items() if key != "Sid"}, sort_keys=True) for each in found]


def _apply(state: State, change: object) -> None:
    if isinstance(change, PolicyChange) and isinstance(change.place, InlinePlace) and change.after is not None:
        state.inline[change.place.name] = change.after.value
        return
    assert isinstance(change, Calls)
    for call in change.calls:
        arn = call.text("PolicyArn")
        match call.operation:
            case "AttachRolePolicy":
                state.attached.add(arn)
            case "DetachRolePolicy":
                state.attached.discard(arn)
            case "DeleteRolePolicy":
                state.inline.pop(call.text("PolicyName"), None)
            case "SetDefaultPolicyVersion":
                state.default[arn] = call.text("VersionId")
            case "PutRolePermissionsBoundary":
                state.boundary = call.text("PermissionsBoundary")
            case "DeleteRolePermissionsBoundary":
                state.boundary = None
            case _:
                raise AssertionError(call.operation)


def main() -> int:
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    tally = Tally()
    while tally.told < count:
        judge(seed, tally)
        seed += 1
    print(f"{tally.told} breaks to seed {seed - 1}: right {tally.right}, certain {tally.certain}, {dict(tally.kinds)}")
    done = f"reverts applied {tally.reverted}, later changes kept {tally.kept}, bad {len(tally.bad_reverts)}"
    print(f"{done}, without {dict(tally.not_reverted)}")
    for each in (*tally.wrong[:8], *tally.bad_reverts[:8]):
        print(" ", each)
    return 1 if tally.wrong or tally.bad_reverts else 0


if __name__ == "__main__":
    raise SystemExit(main())
