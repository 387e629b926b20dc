"""A fix: a change that helps, as data. Its text, its target and its plan are generated from that data."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from diagnostics.commands import Untypable, command_of
from iam.arn import Arn
from iam.questions.change.effects import GAINS, LOSSES, NOTHING_ELSE, EffectKind, Effects

if TYPE_CHECKING:
    from diagnostics.new_role import NewRole
    from diagnostics.who import Who
    from iam.changes.call import Call
    from iam.changes.plan import Plan
    from iam.policy.document import Document
    from iam.policy.request import Holder, Policies, Request


class FixKind(StrEnum):
    """The kinds of fix in the JSON format."""

    POLICY_STATEMENT = "policy-statement"
    TRUST_POLICY = "trust-policy"
    COMMAND = "command"
    NOTE = "note"
    PERMISSION_SET = "permission-set"
    REVERT = "revert"


class Advice(StrEnum):
    """What to do about a name that is taken. The value is the first word of the fix's title."""

    ADOPT = "adopt"
    RENAME = "rename"
    REUSE = "reuse"
    NEW_VERSION = "new-version"
    DELETE = "delete"
    WAIT = "wait"
    REQUEST_QUOTA = "request-quota"
    LEAVE = "leave"


# Where a policy stands.


@dataclass(frozen=True, slots=True)
class InlinePlace:
    """The place of an inline policy: its holder and its name. ``new`` is True if it does not exist yet."""

    holder: Holder
    name: str
    new: bool = False

    @property
    def words(self) -> str:
        return f"{self.holder.arn} ({'new ' if self.new else ''}inline policy {self.name})"


@dataclass(frozen=True, slots=True)
class ManagedPlace:
    """The place of a customer managed policy."""

    arn: str

    @property
    def words(self) -> str:
        return self.arn


@dataclass(frozen=True, slots=True)
class OtherPlace:
    """A policy that is not changed with IAM's API, such as a bucket or endpoint policy, an SCP or a permission set."""

    words: str


PolicyPlace = InlinePlace | ManagedPlace | OtherPlace


def place_called(words: str) -> ManagedPlace | OtherPlace:
    """Return the place of a policy that is not inline, given its ARN or a description of it."""
    return ManagedPlace(words) if Arn.parse_entity(words, "policy") is not None else OtherPlace(words)


# What a fix changes.


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """A change that replaces a policy's document with ``after``.

    ``shown`` is the new or changed statement, or the complete document, as decoded JSON. ``before`` is None for a new
    policy; ``after`` is None if the policy could not be read. ``no_plan`` is one sentence that says why there is no
    plan, and what to do instead.
    """

    place: PolicyPlace
    shown: Mapping[str, Any]
    before: Document | None = None
    after: Document | None = None
    no_plan: str = ""
    kind = FixKind.POLICY_STATEMENT

    @property
    def target(self) -> str:
        return self.place.words

    @property
    def text(self) -> str:
        return json.dumps(self.shown, indent=2, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class TrustChange:
    """A change that replaces a role's trust policy with ``after``.

    ``target`` is the role's ARN; ``no_plan`` is one sentence that says why there is no plan, and what to do instead.
    """

    target: str
    before: Document
    after: Document
    no_plan: str = ""
    kind = FixKind.TRUST_POLICY

    @property
    def text(self) -> str:
        return self.after.text


@dataclass(frozen=True, slots=True)
class PermissionSetChange:
    """A change that replaces the inline policy of the IAM Identity Center permission set ``name`` with ``after``.

    ``shown`` is the new or changed statement. ``account`` is the account that manages Identity Center, or None if
    unknown; ``after`` is None if the inline policy could not be read.
    """

    name: str
    shown: Mapping[str, Any]
    before: Document | None = None
    after: Document | None = None
    account: str | None = None
    kind = FixKind.PERMISSION_SET
    no_plan = (
        "IAM Identity Center, not IAM, changes permission sets: run the commands in the account of IAM Identity "
        "Center (y copies them)."
    )

    @property
    def target(self) -> str:
        return f"permission set {self.name} (IAM Identity Center{f', account {self.account}' if self.account else ''})"

    @property
    def text(self) -> str:
        """The sso-admin commands that set the inline policy, and the equivalent Terraform.

           https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_PutInlinePolicyToPermissionSet.html
        https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/ssoadmin_permission_set_inline_policy
        """
        name = shlex.quote(self.name)
        given = '--instance-arn "$INSTANCE" --permission-set-arn "$SET"'
        document = self.after.text if self.after is not None else json.dumps(self.shown, indent=2, ensure_ascii=False)
        return "\n".join(
            (
                f"# In {f'account {self.account}' if self.account else 'the account of IAM Identity Center'}:",
                "INSTANCE=$(aws sso-admin list-instances --query 'Instances[0].InstanceArn' --output text)",
                'SET=$(for arn in $(aws sso-admin list-permission-sets --instance-arn "$INSTANCE" '
                "--query 'PermissionSets[]' --output text); do aws sso-admin describe-permission-set "
                '--instance-arn "$INSTANCE" --permission-set-arn "$arn" '
                "--query 'PermissionSet.[Name,PermissionSetArn]' --output text; done "
                f"| awk -v name={name} '$1 == name {{print $2}}')",
                f"aws sso-admin list-accounts-for-provisioned-permission-set {given}",
                f"aws sso-admin put-inline-policy-to-permission-set {given} --inline-policy file://inline.json",
                f"aws sso-admin provision-permission-set {given} --target-type ALL_PROVISIONED_ACCOUNTS",
                "# inline.json, which replaces the set's inline policy"
                + (":" if self.after is not None else " (add its existing statements):"),
                document,
                "",
                "# If Terraform manages the permission set, instead of these calls:",
                self.terraform,
            )
        )

    @property
    def terraform(self) -> str:
        """The inline policy as a Terraform resource, which reads its document from the file ``inline.json``."""
        label = re.sub(r"^(?=[^A-Za-z_])|[^A-Za-z0-9_-]", "_", self.name)
        return "\n".join(
            (
                'data "aws_ssoadmin_instances" "here" {}',
                "",
                f'data "aws_ssoadmin_permission_set" "{label}" {{',
                "  instance_arn = tolist(data.aws_ssoadmin_instances.here.arns)[0]",
                f"  name         = {json.dumps(self.name)}",
                "}",
                "",
                f'resource "aws_ssoadmin_permission_set_inline_policy" "{label}" {{',
                f"  instance_arn       = data.aws_ssoadmin_permission_set.{label}.instance_arn",
                f"  permission_set_arn = data.aws_ssoadmin_permission_set.{label}.arn",
                '  inline_policy      = file("${path.module}/inline.json")',
                "}",
            )
        )


@dataclass(frozen=True, slots=True)
class Calls:
    """Write calls to IAM, in order. ``target`` is the changed resource, usually an ARN.

    ``before`` and ``after`` are the document that one of the calls replaces. ``besides`` is a command of another tool
    to run as well; ``remark`` is shown below the calls. Raises `Untypable` if a value cannot be part of a command.
    """

    target: str
    calls: tuple[Call, ...]
    before: Document | None = None
    after: Document | None = None
    besides: str = ""
    remark: str = ""
    kind = FixKind.COMMAND
    no_plan = ""

    def __post_init__(self) -> None:
        for call in self.calls:
            command_of(call)

    @property
    def text(self) -> str:
        lines = [self.besides, *map(command_of, self.calls), f"# {self.remark}" if self.remark else ""]
        return "\n".join(filter(None, lines))


@dataclass(frozen=True, slots=True)
class RoleCreation:
    """A role to be created after a person has completed its values.

    ``names`` are free names; ``then`` is the call to make afterwards.
    """

    target: str
    role: NewRole
    names: tuple[str, ...] = ()
    then: Call | None = None
    before = after = None
    no_plan = ""

    @property
    def kind(self) -> FixKind:
        return FixKind.NOTE if self.then is None else FixKind.COMMAND

    @property
    def text(self) -> str:
        return "\n".join(self.names) if self.then is None else command_of(self.then)


@dataclass(frozen=True, slots=True)
class Wait:
    """A running deletion to wait for: of a service-linked ``role``, or of a CloudFormation ``stack``.

    ``physical_id`` is the entity in the stack. ``text`` is a command that shows the progress.
    """

    target: str
    text: str = ""
    role: str = ""
    stack: str = ""
    physical_id: str = ""
    before = after = None
    no_plan = ""

    @property
    def kind(self) -> FixKind:
        return FixKind.COMMAND if self.text else FixKind.NOTE


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A command for a person to run, because no plan can be made for it.

    ``operation`` is the IAM write call that no plan can contain, as the AWS CLI spells it; ``no_plan`` is one sentence
    that says why there is no plan, and what to do instead.
    """

    target: str
    text: str
    operation: str = ""
    no_plan: str = ""
    before: Document | None = None
    after: Document | None = None
    kind = FixKind.COMMAND


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know, to ask for or to send. The program carries out nothing.

    ``no_plan`` is the same as in `ShellCommand`; ``informs`` is True if following the note leaves the target unchanged.
    """

    target: str
    text: str = ""
    no_plan: str = ""
    before: Document | None = None
    after: Document | None = None
    informs: bool = False
    kind = FixKind.NOTE


@dataclass(frozen=True, slots=True)
class Revert:
    """A change that reverts a recorded change. Later changes to the same document are kept."""

    change: PolicyChange | TrustChange | Calls | ShellCommand | Note
    event_id: str
    kind = FixKind.REVERT

    @property
    def target(self) -> str:
        return self.change.target

    @property
    def text(self) -> str:
        return self.change.text

    @property
    def before(self) -> Document | None:
        return self.change.before

    @property
    def after(self) -> Document | None:
        return self.change.after

    @property
    def no_plan(self) -> str:
        return self.change.no_plan


Change = Revert | PolicyChange | TrustChange | PermissionSetChange | Calls | RoleCreation | Wait | ShellCommand | Note


def iam_call(operation: str, **parameters: Any) -> Call:
    """Return a write call to IAM, without its sentence and its undo, which the plan adds."""
    from iam.changes.call import Call  # most answers contain no call

    return Call(operation, parameters, "")


def calls_or_note(
    target: str, *calls: Call, before: Document | None = None, after: Document | None = None, remark: str = ""
) -> Calls | Note:
    """Return the calls, or a note without them if a value cannot be pasted into a shell safely."""
    try:
        return Calls(target, calls, before, after, remark=remark)
    except Untypable:
        return Note(target)


def to_complete(target: str, placeholder: str, *calls: Call, remark: str = "") -> ShellCommand | Note:
    """Return the calls as a command in which a person has to replace ``placeholder``."""
    change = calls_or_note(target, *calls, remark=remark)
    why = f"{placeholder} in the command is a placeholder: run the command with your value."
    return ShellCommand(target, change.text, no_plan=why) if isinstance(change, Calls) else change


def command_or_note(target: str, text: str, no_plan: str = "") -> ShellCommand | Note:
    """Return the command, or a note if ``text`` is empty."""
    return ShellCommand(target, text, no_plan=no_plan) if text else Note(target, no_plan=no_plan)


# What a fix still hangs on.


@dataclass(frozen=True, slots=True)
class UnreadLayer:
    """A layer that takes part in the decision but could not be read.

    ``layer`` is its word in cause codes; ``account`` is the account that manages it, or None if unknown.
    ``need_not_allow``: the request is allowed unless the layer denies it. This is true for a resource policy if the
    caller's own policies are in the same account. It is also true for an RCP, because every resource has an RCP that
    allows everything. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """

    layer: str
    account: str | None = None
    need_not_allow: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class UnknownValue:
    """A condition key whose value is unknown and affects the result; ``resource`` if the resource itself is unknown.

    ``clause`` is the required condition as a clause: ``aws:SourceVpc is vpc-1``; "" if no single value is required.
    """

    key: str
    clause: str = field(default="", compare=False)


HangsOn = UnreadLayer | UnknownValue


@dataclass(frozen=True, slots=True)
class Situation:
    """A request, and the policies that decide it once a change is made."""

    request: Request
    policies: Policies


@dataclass(frozen=True, slots=True)
class Together:
    """The result for a set of fixes that are needed together, because none is sufficient alone.

    All fixes in a diagnosis with this value form one set, which was evaluated together. ``count`` is the number of
    fixes in it; ``verified`` and ``hangs_on`` are the result for the set.
    """

    count: int
    verified: bool | None
    hangs_on: tuple[HangsOn, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolEdit:
    """The same change, made in the tool that declares the role, which would otherwise undo the fix.

    ``tool`` is the tool's name, ``because`` says how it is known to declare the role, and ``where`` is what to edit
    there; ``text`` is the edit in the tool's own language, or a sentence.
    """

    tool: str
    because: str
    where: str
    text: str


LONGEST_TITLE = 120
"""The approximate maximum length of a fix's title in characters: one line on a screen.

Further information belongs in ``cautions``.
"""


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that helps.

    ``verified`` is True if the request was evaluated with only this change made, and is allowed whatever the unknown
    values are; False if it is still denied. It is None if nothing was evaluated, or if the request is allowed only
    under the conditions in ``hangs_on``. ``effects`` are what else the change allows and denies; ``cautions`` are
    sentences, without full stops, to read before making it. ``advice`` is set for name conflicts. ``together`` is set
    if other fixes are needed as well. ``situation`` is what was evaluated. ``forms`` are this fix and wider
    alternatives, the narrowest first (empty if there are no alternatives), and ``scope`` describes what this one
    covers. ``in_tool`` is the edit to make first if a tool declares the role. ``account`` is the account in which the
    change is made, or None if unknown.
    """

    title: str
    who: Who
    change: Change
    verified: bool | None = None
    effects: Effects = NOTHING_ELSE
    cautions: tuple[str, ...] = ()
    advice: Advice | None = None
    hangs_on: tuple[HangsOn, ...] = ()
    together: Together | None = None
    situation: Situation | None = field(default=None, repr=False, compare=False)
    scope: str = ""
    forms: tuple[Fix, ...] = ()
    in_tool: ToolEdit | None = None
    account: str | None = None

    def in_form(self, by: int) -> Fix | None:
        """Return the form that is ``by`` steps wider (narrower if negative), or None if there is no such form."""
        scopes = [form.scope for form in self.forms]
        at = scopes.index(self.scope) + by if self.scope in scopes else -1
        return replace(self.forms[at], forms=self.forms) if 0 <= at < len(scopes) else None

    def effect_lines(self, *kinds: EffectKind) -> tuple[str, ...]:
        """Return the effects of these kinds as text, one on each line."""
        from diagnostics.effect_words import effect_lines  # a fix without effects needs none

        request = self.situation.request if self.situation is not None else None
        return tuple(line for kind in kinds for line in effect_lines(self.effects, kind, request))

    def effect_count(self, *kinds: EffectKind) -> int:
        """Return the number of effects of these kinds. `effect_lines` lists the first of them."""
        from diagnostics.effect_words import effect_count  # a fix without effects needs none

        return effect_count(self.effects, kinds, self.situation.request if self.situation is not None else None)

    @property
    def gains(self) -> tuple[str, ...]:
        return self.effect_lines(*GAINS)

    @property
    def losses(self) -> tuple[str, ...]:
        return self.effect_lines(*LOSSES)

    def grouped(self, kinds: tuple[EffectKind, ...]) -> tuple[str, ...]:
        """Return the effects of these kinds as sentences; many actions in one place are summarized in one sentence."""
        from diagnostics.effect_words import grouped_lines

        request = self.situation.request if self.situation is not None else None
        return grouped_lines(self.effects, kinds, request)

    @property
    def kind(self) -> FixKind:
        return self.change.kind

    @property
    def target(self) -> str:
        """Where the change is made: an ARN, or a description."""
        return self.change.target

    @property
    def text(self) -> str:
        """The change as text for people: JSON of a statement or a document, commands, or a note."""
        return self.change.text

    @property
    def before(self) -> Document | None:
        """The current document, to show a difference, or None."""
        return self.change.before

    @property
    def after(self) -> Document | None:
        return self.change.after


@dataclass(frozen=True, slots=True)
class FixPlans:
    """The plans for a diagnosis's fixes.

    ``alone`` has for each fix, in order, its plan or one sentence that says why there is none; ``together`` is the same
    for the fixes that only help together, or None if there are no such fixes.
    """

    alone: tuple[Plan | str, ...]
    together: Plan | str | None = None
