"""The commands that save a policy document, each as a function from the document to the verdict on its plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from diagnostics.check.run import judged, judged_roll_back
from diagnostics.fix import Fix, InlinePlace, PolicyChange, TrustChange
from diagnostics.plans import changes
from diagnostics.plans.fix import plan_for_fix
from diagnostics.plans.rename import Rename
from diagnostics.plans.role_change import change_plan
from diagnostics.who import Who
from iam.account import Account, AttachedPolicy, InlinePolicy, ManagedPolicy, PolicyVersion, Role
from iam.changes.builders.policies import new_version
from iam.changes.journal import CallProgress, CallState, End, JournalRecord
from iam.changes.plan import Plan, PlanError
from iam.creation.plan import create_role
from iam.creation.reconcile import reconcile
from iam.creation.spec import NewPolicy, RoleSpec
from iam.gate.finding import GateFinding
from iam.gate.rule import Outcome
from iam.gate.verdict import Verdict
from iam.policy.document import Document, PolicyError
from iam.policy.lint import PolicyKind
from iam.policy.request import Holder, HolderKind
from iam.sources.reader.opened import OpenedAccount
from iam.sources.reader.reading import Reading
from iam.sources.snapshot.reader import SnapshotReader, open_snapshot
from tests.support.accounts.bad_specs import small_account

ROLE, OTHER = "orders-api-lambda", "web-frontend-ec2"
OPEN = Document(
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Action": "sts:AssumeRole",
            },
        }
    )
)
READ = Document(
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::harbor-assets/*"},
        }
    )
)


@dataclass(frozen=True, slots=True)
class House:
    """The account, in a file, that the commands change."""

    reader: SnapshotReader
    account: Account
    judged: dict[tuple[str, str, PolicyKind], tuple[GateFinding, ...] | None] = field(default_factory=dict)
    """What `outcomes` was told, by command, document and kind; None where the command refused to make a plan."""

    @classmethod
    def built(cls, folder: Path, partition: str = "aws") -> House:
        path = folder / "account.json"
        path.write_text(json.dumps(small_account(partition)))
        reader = open_snapshot(path)
        return cls(reader, reader.account)

    @property
    def opened(self) -> OpenedAccount:
        return OpenedAccount(self.account, self.reader)

    def role(self, name: str = ROLE) -> Role:
        role = self.account.role(name)
        assert role is not None
        return role

    def with_role(self, role: Role) -> House:
        """With the role in this form, as if AWS had it."""
        others = tuple(each for each in self.account.roles if each.name != role.name)
        return replace(self, account=replace(self.account, roles=(*others, role)), reader=Having(self.reader, role))


class Having(SnapshotReader):
    """The reader of an account in which one role is another."""

    def __init__(self, reader: SnapshotReader, role: Role) -> None:
        self.__dict__.update(reader.__dict__)
        self._changed = role

    def role(self, name: str) -> Reading[Role]:
        if name == self._changed.name:
            return Reading("iam:GetRole", self._changed)
        return super().role(name)


def _spec(document: Document, kind: PolicyKind, name: str = "new-role") -> RoleSpec:
    if kind is PolicyKind.TRUST:
        return RoleSpec(name, document, inline=(InlinePolicy("read", READ),))
    return RoleSpec(name, OPEN, inline=(InlinePolicy("new", document),))


def _change(document: Document, kind: PolicyKind, opened_as: Document | None = None) -> changes.Change:
    if kind is PolicyKind.TRUST:
        return changes.EditTrust(document, opened_as)
    return changes.PutInline("new", document)


def _create(document: Document, kind: PolicyKind, house: House) -> Verdict:
    return judged(create_role(_spec(document, kind), house.account, house.reader), house.opened)


def _managed(document: Document, kind: PolicyKind, house: House) -> Verdict:
    spec = RoleSpec("new-role", OPEN, new_policies=(NewPolicy("new", document),))
    return judged(create_role(spec, house.account, house.reader), house.opened)


def _changed(document: Document, kind: PolicyKind, house: House) -> Verdict:
    return judged(change_plan([ROLE], _change(document, kind), house.opened), house.opened)


def _edited(document: Document, kind: PolicyKind, house: House) -> Verdict:
    change = _change(document, kind, house.role().trust)
    return judged(change_plan([ROLE], change, house.opened), house.opened)


def _bulk(document: Document, kind: PolicyKind, house: House) -> Verdict:
    return judged(change_plan([ROLE, OTHER], _change(document, kind), house.opened), house.opened)


def _adopted(document: Document, kind: PolicyKind, house: House) -> Verdict:
    role = house.role()
    spec = replace(_spec(document, kind, ROLE), path=role.path)
    named = ["trust"] if kind is PolicyKind.TRUST else ["inline"]
    return judged(reconcile(spec, named, role, house.account, house.reader), house.opened)


def _fixed(document: Document, kind: PolicyKind, house: House) -> Verdict:
    role = house.role()
    change: TrustChange | PolicyChange
    if kind is PolicyKind.TRUST:
        assert role.trust is not None
        change = TrustChange(role.arn, role.trust, document)
    else:
        place = InlinePlace(Holder(HolderKind.ROLE, role.name, role.arn), "new", new=True)
        change = PolicyChange(place, document.value, None, document)
    return judged(plan_for_fix(Fix("Fix it", Who.YOU, change), house.opened), house.opened)


def _having(document: Document, kind: PolicyKind, house: House) -> House:
    role = house.role()
    if kind is PolicyKind.TRUST:
        return house.with_role(replace(role, trust=document))
    return house.with_role(replace(role, inline=(*(role.inline or ()), InlinePolicy("new", document))))


def _copied(document: Document, kind: PolicyKind, house: House) -> Verdict:
    having = _having(document, kind, house)
    return judged(change_plan([ROLE], changes.CopyAs("copy-of-it"), having.opened), having.opened)


def _renamed(document: Document, kind: PolicyKind, house: House) -> Verdict:
    having = _having(document, kind, house)
    return judged(change_plan([ROLE], Rename("renamed"), having.opened), having.opened)


def _rolled_back(document: Document, kind: PolicyKind, house: House) -> Verdict:
    """A change that took the document away is taken back."""
    having = _having(document, kind, house)
    away: changes.Change = changes.EditTrust(OPEN_TOO) if kind is PolicyKind.TRUST else changes.DeleteInline("new")
    plan = change_plan([ROLE], away, having.opened)
    return judged_roll_back(_made(plan), house.with_role(_without(document, kind, house)).opened)


def _without(document: Document, kind: PolicyKind, house: House) -> Role:
    return replace(house.role(), trust=OPEN_TOO) if kind is PolicyKind.TRUST else house.role()


OPEN_TOO = Document(OPEN.text.replace("lambda", "ec2"))


def _made(plan: Plan) -> JournalRecord:
    states = tuple(CallState(CallProgress.DONE) for _ in plan.calls)
    return JournalRecord(Path("x"), plan, states, End.APPLIED, "aws", "", datetime.now(UTC), 1)


def _version(document: Document, kind: PolicyKind, house: House) -> Verdict:
    """A new version of a customer policy that the role carries."""
    arn = f"arn:{house.account.partition}:iam::{house.account.id}:policy/carried"
    policy = ManagedPolicy("carried", arn, versions=(PolicyVersion("v1", READ, True),), default_version_id="v1")
    having = house.with_role(replace(house.role(), attached=(AttachedPolicy("carried", arn),)))
    account = replace(having.account, policies=(*(house.account.policies or ()), policy))
    return judged(new_version(policy, document.text, account), OpenedAccount(account, having.reader))


Command = Callable[[Document, PolicyKind, House], Verdict]
COMMANDS: Mapping[str, Command] = {
    "create": _create,
    "change": _changed,
    "edit": _edited,
    "bulk": _bulk,
    "adopt": _adopted,
    "fix": _fixed,
    "copy": _copied,
    "rename": _renamed,
    "roll back": _rolled_back,
}
IDENTITY_COMMANDS: Mapping[str, Command] = {**COMMANDS, "new policy": _managed, "new version": _version}
SAVED_ALREADY = frozenset({"copy", "rename", "roll back"})
"""Commands for documents that AWS has already saved, so that it refuses none of them."""


def outcomes(command: str, document: Document, kind: PolicyKind, house: House, code: str = "") -> str:
    """The gravest outcome that asks for something, or whether the finding with this code is a note; "-" for neither."""
    key = (command, document.text, kind)
    if key not in house.judged:
        commands = IDENTITY_COMMANDS if kind is PolicyKind.IDENTITY else COMMANDS
        try:
            house.judged[key] = tuple(commands[command](document, kind, house).findings)
        except (PlanError, PolicyError):
            house.judged[key] = None
    found = house.judged[key]
    if found is None:
        return Outcome.REFUSED.value
    grave = [each.outcome for each in found if each.outcome.stops]
    if command in SAVED_ALREADY:
        grave = [each for each in grave if each is not Outcome.REFUSED]
    if grave:
        return min(grave, key=lambda each: each.rank).value
    said = {each.outcome.value for each in found if each.code == code or each.code.endswith(f".{code}")}
    return "+".join(sorted(said)) or "-"


def differences(house: House, rows: Iterable[tuple[str, str, Document]]) -> Iterator[str]:
    """Describe each command whose outcome differs from the first one's, for rows of (code, kind, document)."""
    for code, word, document in rows:
        kind = PolicyKind(word)
        groups = [list(COMMANDS), *([["new policy", "new version"]] if kind is PolicyKind.IDENTITY else [])]
        for group in groups:
            said = {command: outcomes(command, document, kind, house, code) for command in group}
            first = said[group[0]]
            for command, outcome in said.items():
                if outcome != first and not (first == Outcome.REFUSED.value and command in SAVED_ALREADY):
                    yield f"{code} ({word}): {group[0]} {first}, {command} {outcome}"
