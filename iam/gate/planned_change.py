"""A plan, with the account before and after it, as the gate's checks examine it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from iam.account import Account, Role
from iam.changes.account_after import account_after
from iam.changes.call import Call
from iam.changes.gained import changed_holders
from iam.changes.operations.operation import ParameterKind
from iam.changes.operations.table import OPERATIONS
from iam.changes.plan import Plan
from iam.creation.spec import NewPolicy, RoleSpec
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.sources.cached import cached
from iam.sources.reader.account_reader import AccountReader


@dataclass(frozen=True, slots=True)
class SavedDocument:
    """A document that a call saves.

    ``words`` is the name for it in a sentence; ``field`` and ``name`` say where it is in a role's specification
    (`iam.gate.finding.GateFinding`). ``replaced`` is the document that it replaces, None if there is none.
    """

    call: int
    document: Document
    kind: PolicyKind
    words: str
    field: str
    name: str
    role: str = ""
    replaced: Document | None = None


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A plan, with the account ``before`` the plan and ``after`` its calls.

    ``reader`` reads everything only once: the checks ask about the same principals many times.
    ``assumed`` are values of condition keys that the operator assumes for the calls.
    """

    plan: Plan
    before: Account
    after: Account
    reader: AccountReader
    assumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, plan: Plan, before: Account, reader: AccountReader, assumed: Mapping[str, tuple[str, ...]] | None = None
    ) -> PlannedChange:
        return cls(plan, before, account_after(plan, before), cached(reader), assumed or {})

    @property
    def documents(self) -> Iterator[SavedDocument]:
        """Yield the documents that the calls save, in the order of the calls."""
        for index, call in enumerate(self.plan.calls):
            for parameter, kind in OPERATIONS[call.operation].parameters.items():
                if kind is ParameterKind.DOCUMENT and call.text(parameter):
                    yield _saved(index, call, parameter)

    @property
    def roles(self) -> Iterator[Role]:
        """Yield the roles that the plan creates or changes, directly or through policies, as they are afterwards."""
        there = {role.arn for role in self.before.roles}
        changed = {one.arn for one in changed_holders(self.before, self.after)}
        for role in self.after.roles:
            if role.arn not in there or role.arn in changed:
                yield role

    def spec_of(self, role: Role) -> RoleSpec | None:
        """Return the specification of the role as it is after the plan, or None if a part of it is unknown."""
        if role.trust is None or role.inline is None or role.attached is None or role.tags is None:
            return None
        made = {call.target: call for call in self.plan.calls if call.operation == "CreatePolicy"}
        own = {arn: call for arn, call in made.items() if arn in {each.arn for each in role.attached}}
        return RoleSpec(
            role.name,
            role.trust,
            path=role.path,
            description=role.description or "",
            tags={key: value for key, value in role.tags.items() if not key.lower().startswith("aws:")},
            max_session_seconds=role.max_session_seconds or 3600,
            boundary_arn=role.boundary_arn,
            inline=role.inline,
            attached=tuple(each.arn for each in role.attached if each.arn not in own),
            new_policies=tuple(_new_policy(call) for call in own.values()),
            instance_profile=(role.instance_profiles or (None,))[0],
        )


def _new_policy(call: Call) -> NewPolicy:
    return NewPolicy(
        call.text("PolicyName"),
        Document(call.text("PolicyDocument")),
        call.text("Path") or "/",
        call.text("Description"),
    )


def _saved(index: int, call: Call, parameter: str) -> SavedDocument:
    undo = call.undo
    same = undo is not None and undo.operation == call.operation and undo.text(parameter)
    replaced = Document(undo.text(parameter)) if undo is not None and same else None
    kind, name, role = PolicyKind.IDENTITY, call.text("PolicyName"), call.text("RoleName")
    if call.operation in ("CreateRole", "UpdateAssumeRolePolicy"):
        kind, words, field = PolicyKind.TRUST, "trust policy", "trust"
    elif call.operation.startswith("Put"):
        words, field = f"inline policy {name}", "inline"
    else:
        name = name or call.text("PolicyArn").rpartition("/")[2]
        words, field = f"policy {name}", "policies"
    return SavedDocument(index, Document(call.text(parameter)), kind, words, field, name, role, replaced)


def documents_of(spec: RoleSpec) -> Iterator[SavedDocument]:
    """Yield the documents of a specification for which there is no plan yet."""
    yield SavedDocument(-1, spec.trust, PolicyKind.TRUST, "trust policy", "trust", "", spec.name)
    for inline in spec.inline:
        words = f"inline policy {inline.name}"
        yield SavedDocument(-1, inline.document, PolicyKind.IDENTITY, words, "inline", inline.name, spec.name)
    for policy in spec.new_policies:
        words = f"policy {policy.name}"
        yield SavedDocument(-1, policy.document, PolicyKind.IDENTITY, words, "policies", policy.name, spec.name)
