"""Changes to an existing role, as data. Each makes its own plan; screens and commands use them.

A change raises `PlanError` if there is nothing to do or AWS would reject it. To make the plan, a change reads the state
that it depends on again. `diagnostics.plans.role_change` determines who gains or loses access and who uses the role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from diagnostics.use.sessions import cut_off, seen_sessions
from iam import field_rules as fields
from iam.account import Account, ManagedPolicy, Role
from iam.arn import Arn, meant_policy, name_of
from iam.changes.builders.instance_profiles import add_to_profile, attach_to_instance, remove_from_profile
from iam.changes.builders.policies import (
    add_audience,
    attach,
    create_provider,
    delete_inline,
    new_version,
    put_inline,
    set_default_version,
    together,
    whole_policy,
)
from iam.changes.builders.roles import (
    disable_role,
    edit_role,
    enable_role,
    remove_boundary,
    revoke_sessions,
    set_boundary,
    update_trust,
)
from iam.changes.compare import same_document
from iam.changes.in_use import profiles_of
from iam.changes.operations.undo import with_undo
from iam.changes.plan import NothingToDo, Plan, PlanError, make_plan
from iam.creation.plan import create_role, policy_call
from iam.creation.spec import NewPolicy, RoleSpec, trusts_ec2
from iam.facts import quotas
from iam.other_services import Instance, InstanceAssociation
from iam.policy.document import Document
from iam.policy.lint import PolicyKind
from iam.policy.named_principals import principals
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined


class Change(Protocol):
    """A change to a role."""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        """Return the plan for the change. ``role`` must have been read just now. May block."""
        ...


class DocumentChange(Change, Protocol):
    """A change that replaces a policy document.

    ``opened_as`` is the document as it was when the operator started editing. If others have saved changes since then,
    the plan does not overwrite them.
    """

    @property
    def kind(self) -> PolicyKind: ...

    def fault(self, role: Role, account: Account) -> str:
        """Return why AWS would reject the document, judging by the account as last read; "" if AWS would accept it."""
        ...


# What is attached.


@dataclass(frozen=True, slots=True)
class Attach:
    arn: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        policy, notes = policy_now(self.arn, opened)
        if policy is not None and (not policy.attachable or ":policy/aws-service-role/" in self.arn):
            raise PlanError(f"{name_of(self.arn)} can be attached only to service-linked roles.")
        plan = attach(role, self.arn, opened.account)
        summary = opened.reader.account_summary().value or opened.account.summary or {}
        most, there = summary.get(quotas.POLICIES_OF_ROLE.limit), len(role.attached or ())
        if most is not None and there >= most:
            raise PlanError(
                f"{role.name} has {there} managed policies, and the maximum is {most}. Detach a policy, merge "
                f"some, or request a higher quota ({quotas.POLICIES_OF_ROLE.code} of IAM, up to "
                f"{quotas.POLICIES_OF_ROLE.highest})."
            )
        return replace(plan, warnings=(*notes, *plan.warnings))


@dataclass(frozen=True, slots=True)
class Detach:
    arn: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        return attach(role, self.arn, opened.account, detach=True)


@dataclass(frozen=True, slots=True)
class ReplaceByCopy:
    """Replace an AWS managed policy with a customer managed policy that has its current content.

    AWS may change its managed policies at any time. ``name`` is the copy's name; if it is "", the copy has the name of
    the original.
    """

    arn: str
    name: str = ""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        policy, _ = policy_now(self.arn, opened)
        name = self.name or name_of(self.arn)
        if policy is None or policy.document is None:
            raise PlanError(f"The document of {name_of(self.arn)} could not be read, so it cannot be copied.")
        if not policy.aws_managed:
            raise PlanError(f"{policy.name} is already a customer managed policy: edit it directly.")
        if role.attached is None:
            raise PlanError(f"The list of the policies attached to {role.name} could not be read.")
        if self.arn not in {each.arn for each in role.attached}:
            raise PlanError(f"{policy.name} is not attached to {role.name}.")
        fault = fields.name_fault(name, "policy") or fields.managed_fault(policy.document, name)
        if fault:
            raise PlanError(fault)
        taken = opened.reader.customer_policy(name)
        if taken.value is not None:
            raise PlanError(f"The account has a customer policy {taken.value.name}: choose another name for the copy.")
        new = NewPolicy(name, policy.document, description=f"Copy of {self.arn}")
        call = with_undo(policy_call(new, opened.account))
        create = make_plan(call.why, call.why, [call], target=role.arn, account_id=opened.account.id)
        own = attach(role, call.target, opened.account)
        without = attach(role, self.arn, opened.account, detach=True)
        note = f"It is unknown whether a customer policy {name} exists: {taken.why}" if taken.unreadable else ""
        plan = together(f"replace {policy.name} of {role.name} with a copy", [create, own, without])
        return replace(plan, warnings=tuple(filter(None, (note, *plan.warnings))))


# The boundary.


@dataclass(frozen=True, slots=True)
class SetBoundary:
    arn: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        if fault := fields.boundary_fault(self.arn):
            raise PlanError(fault)
        _, notes = policy_now(self.arn, opened)
        if role.boundary_arn == self.arn:
            raise NothingToDo(
                f"There is nothing to do: {name_of(self.arn)} is the permissions boundary of {role.name}."
            )
        plan = set_boundary(role, self.arn, opened.account)
        return replace(plan, warnings=(*notes, *plan.warnings))


@dataclass(frozen=True, slots=True)
class RemoveBoundary:
    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        return remove_boundary(role, opened.account)


# Documents.


@dataclass(frozen=True, slots=True)
class EditTrust:
    document: Document
    opened_as: Document | None = None

    kind: ClassVar[PolicyKind] = PolicyKind.TRUST

    def fault(self, role: Role, account: Account) -> str:
        limit = quotas.TRUST_SIZE.most_in(account.summary)
        return fields.trust_fault(self.document, limit) or ""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        _refuse(self.fault(role, opened.account))
        if role.trust is None:
            raise PlanError(f"The trust policy of {role.name} could not be read, so it is not replaced.")
        _unchanged(self.opened_as, role.trust, f"The trust policy of {role.name}")
        if same_document(role.trust, self.document):
            raise NothingToDo(f"There is nothing to do: the trust policy of {role.name} already has this content.")
        return update_trust(role, self.document.text, opened.account)


@dataclass(frozen=True, slots=True)
class PutInline:
    """Add an inline policy, or replace the one with the same name."""

    name: str
    document: Document
    opened_as: Document | None = None

    kind: ClassVar[PolicyKind] = PolicyKind.IDENTITY

    def fault(self, role: Role, account: Account) -> str:
        others = [each.document for each in role.inline or () if each.name != self.name]
        limit = quotas.INLINE_SIZE_OF_ROLE.limit_in(account.summary)
        return (
            fields.name_fault(self.name, "policy")
            or fields.permissions_fault(self.document, f"inline policy {self.name}")
            or fields.inline_total_fault([*others, self.document], limit)
            or ""
        )

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        _refuse(self.fault(role, opened.account))
        held = next((each.document for each in role.inline or () if each.name == self.name), None)
        _unchanged(self.opened_as, held, f"The inline policy {self.name} of {role.name}")
        return put_inline(role, self.name, self.document.text, opened.account)


@dataclass(frozen=True, slots=True)
class DeleteInline:
    name: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        if role.inline is None:
            raise PlanError(f"The inline policies of {role.name} could not be read.")
        return delete_inline(role, self.name, opened.account)


@dataclass(frozen=True, slots=True)
class EditPolicy:
    """Create a new version of a customer managed policy that is attached to the role.

    The new version applies to all entities that have the policy.
    """

    arn: str
    document: Document
    opened_as: Document | None = None

    kind: ClassVar[PolicyKind] = PolicyKind.IDENTITY

    def fault(self, role: Role, account: Account) -> str:
        return fields.managed_fault(self.document, name_of(self.arn)) or ""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        _refuse(self.fault(role, opened.account))
        policy = carried(self.arn, role, opened)
        _unchanged(self.opened_as, policy.document, f"The policy {policy.name}")
        if same_document(policy.document, self.document):
            raise NothingToDo(f"There is nothing to do: {policy.name} already has this content.")
        return new_version(policy, self.document.text, opened.account)


@dataclass(frozen=True, slots=True)
class SetVersion:
    """Make another version of one of the role's customer managed policies the default.

    The change applies to all entities that have the policy.
    """

    arn: str
    version_id: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        return set_default_version(carried(self.arn, role, opened), self.version_id, opened.account)


# Attributes.


def parts_of(given_text: str) -> tuple[str, ...]:
    """Split a comma-separated text."""
    return tuple(filter(None, (part.strip() for part in given_text.split(","))))


@dataclass(frozen=True, slots=True)
class SetTags:
    """Set tags, replacing those with the same key, and remove tags.

    IAM ignores letter case when it compares keys: an existing key keeps its spelling.
    """

    tags: Mapping[str, str] = field(default_factory=dict)
    remove: tuple[str, ...] = ()

    @classmethod
    def read(cls, given_text: str) -> SetTags:
        """Parse ``team=orders, env=prod``; a tag cannot contain a comma. Raises `PlanError`."""
        parts = parts_of(given_text)
        without = next((part for part in parts if "=" not in part), None)
        if without is not None or not parts:
            raise PlanError(f"{without or 'Nothing'} is not a tag: write key=value, key=value.")
        pairs = [(key.strip(), value.strip()) for key, _, value in (part.partition("=") for part in parts)]
        _refuse(fields.tags_fault(pairs) or "")
        return cls(dict(pairs))

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        if role.tags is None:
            raise PlanError(f"The tags of {role.name} could not be read, so they are not changed.")
        held = {key.lower(): key for key in role.tags}
        going = {held[key.lower()] for key in self.remove if key.lower() in held}
        if self.remove and not going and not self.tags:
            raise NothingToDo(f"There is nothing to do: {role.name} has no tag {joined(self.remove, 'or')}.")
        if aws := next((key for key in going if key.lower().startswith("aws:")), None):
            raise PlanError(f"The tag {aws} is set by AWS and cannot be removed.")
        own = {key: value for key, value in role.tags.items() if key.lower().startswith("aws:")}
        put = {held.get(key.lower(), key): value for key, value in self.tags.items()}
        wanted = {key: value for key, value in role.tags.items() if key not in going} | put
        _refuse(fields.tags_fault({key: value for key, value in wanted.items() if key not in own}) or "")
        return edit_role(role, opened.account, tags=wanted)


@dataclass(frozen=True, slots=True)
class Describe:
    description: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        _refuse(fields.description_fault(self.description) or "")
        return edit_role(role, opened.account, description=self.description)


@dataclass(frozen=True, slots=True)
class SessionLength:
    seconds: int

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        _refuse(fields.session_fault(self.seconds) or "")
        return edit_role(role, opened.account, max_session_seconds=self.seconds)


# Quiet.


@dataclass(frozen=True, slots=True)
class Disable:
    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        return disable_role(role, opened.account, opened.reader)


@dataclass(frozen=True, slots=True)
class Enable:
    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        return enable_role(role, opened.account)


@dataclass(frozen=True, slots=True)
class Revoke:
    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        now = opened.reader.clock()
        plan = revoke_sessions(role, opened.account, opened.reader, now)
        return replace(plan, warnings=(cut_off(role, seen_sessions(role, opened.reader), now), *plan.warnings))


# Where it is taken up: instance profiles and identity providers.


@dataclass(frozen=True, slots=True)
class AddToProfile:
    """Add the role to an instance profile, which is created if it does not exist.

    If ``name`` is "", the profile has the role's name.
    """

    name: str = ""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        name = self.name or role.name
        _refuse(fields.name_fault(name, "instance profile") or "")
        reading = opened.reader.instance_profile(name)
        if reading.unreadable:
            raise PlanError(f"The instance profile {name} could not be read: {reading.why}")
        return add_to_profile(role, name, reading.value, opened.account)


@dataclass(frozen=True, slots=True)
class RemoveFromProfile:
    """Remove the role from an instance profile.

    If ``name`` is "", the role must be in exactly one profile, and is removed from that one.
    """

    name: str = ""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        held = role.instance_profiles
        if not self.name and (held is None or len(held) != 1):
            which = "could not be read" if held is None else "are " + ", ".join(held) if held else "are none"
            raise PlanError(f"Give the instance profile: the instance profiles of {role.name} {which}.")
        name = self.name or (held or ("",))[0]
        reading = opened.reader.instance_profile(name)
        if reading.value is None:
            raise PlanError(reading.why or f"There is no instance profile {name}.")
        return remove_from_profile(role, reading.value, opened.account)


@dataclass(frozen=True, slots=True)
class AttachToInstance:
    """Attach the role's instance profile to an EC2 instance, given by its ID or ARN.

    A role without a profile gets one with its own name. ``profile`` selects one if there are several.
    """

    instance: str
    profile: str = ""

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        account, reader = opened.account, opened.reader
        if role.trust is not None and not trusts_ec2(role.trust):
            raise PlanError(f"The trust policy of {role.name} does not allow EC2, so no instance could use the role.")
        arn = self._arn(account, reader)
        reading = reader.instance_association(arn)
        if reading.value is None:
            raise PlanError(reading.why or f"There is no instance {name_of(arn)}.")
        held = role.instance_profiles
        if held is None:
            raise PlanError(f"The instance profiles of {role.name} could not be read.")
        if len(held) > 1 and self.profile not in held:
            raise PlanError(f"Give the instance profile: {role.name} is in {joined(held, 'and')}.")
        if held and self.profile not in ("", *held):
            raise PlanError(f"{role.name} is in the instance profile {held[0]}, not in {self.profile}.")
        name = self.profile or (held[0] if held else role.name)
        plan = attach_to_instance(role, name, reading.value, account)
        if not held:
            plan = together(plan.title, [AddToProfile(name).plan(role, opened), plan])
        return _with_who_runs(plan, role, reading.value, account)

    def _arn(self, account: Account, reader: AccountReader) -> str:
        if self.instance.startswith("arn:"):
            arn = Arn.parse(self.instance)
            if arn is None or (arn.service, arn.account, arn.type) != ("ec2", account.id, "instance"):
                raise PlanError(f"{self.instance} is not an instance of account {account.id}.")
            return self.instance
        listed = reader.instances()
        found = next((each for each in listed.value or () if each.id == self.instance), None)
        if found is None:
            raise PlanError(listed.why or listed.note or f"There is no instance {self.instance} in the Regions in use.")
        return instance_arn(found, account)


def instance_arn(instance: Instance, account: Account) -> str:
    return f"arn:{account.partition}:ec2:{instance.region or ''}:{account.id}:instance/{instance.id}"


def _with_who_runs(plan: Plan, role: Role, association: InstanceAssociation, account: Account) -> Plan:
    """Return the plan with sentences about what the change means for the programs on the instance."""
    instance = name_of(association.arn)
    said = f"Programs on {instance} get the permissions of {role.name} as soon as they request new credentials."
    if association.profile_arn is None:
        return replace(plan, sentence=f"{plan.sentence} {said}")
    name = name_of(association.profile_arn)
    profile = account.instance_profile_ignoring_case(name)
    if profile is None:
        other = f"the role of {name}, which could not be read, may"
    else:
        other = f"{profile.roles[0]} may" if profile.roles else f"{name}, which contains no role, allows"
    lost = f"They may no longer do what {other}."
    in_use = (f"{instance} uses the instance profile {name}: programs on it may stop working.",)
    return replace(plan, sentence=f"{plan.sentence} {said} {lost}", in_use=in_use, type_name=instance)


@dataclass(frozen=True, slots=True)
class AddAudience:
    """Add an audience to the OIDC provider ``provider`` (its ARN or its URL)."""

    provider: str
    audience: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        arn = provider_arn(self.provider, opened.account)
        reading = opened.reader.oidc_provider(arn)
        if reading.value is None:
            raise PlanError(reading.why or f"The account has no identity provider {name_of_provider(arn)}.")
        if not self.audience or len(self.audience) > 255:
            raise PlanError("An audience has 1 to 255 characters.")
        return add_audience(reading.value, self.audience, opened.account)


@dataclass(frozen=True, slots=True)
class CreateProvider:
    """Create the OIDC provider that the role's trust policy names but the account lacks."""

    provider: str
    audiences: tuple[str, ...] = ("sts.amazonaws.com",)

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        arn = provider_arn(self.provider, opened.account)
        reading = opened.reader.oidc_provider(arn)
        if reading.unreadable:
            raise PlanError(f"It is unknown whether the provider {name_of_provider(arn)} exists: {reading.why}")
        if reading.value is not None:
            raise NothingToDo(f"There is nothing to do: the account has the identity provider {reading.value.url}.")
        return create_provider(arn, self.audiences, opened.account)


@dataclass(frozen=True, slots=True)
class CopyAs:
    """Create a copy of the role under another name, because IAM cannot rename a role."""

    name: str

    def plan(self, role: Role, opened: OpenedAccount) -> Plan:
        profiles = profiles_of(role, opened.account)
        if role.trust is None or role.tags is None or not role.has_details or profiles is None:
            raise PlanError(f"The role {role.name} could not be read completely, so it is not copied.")
        if opened.reader.role(self.name).found:
            raise PlanError(f"There is already a role {self.name}: choose another name.")
        spec = RoleSpec(
            self.name,
            role.trust,
            path="/" if role.service_owned else role.path,
            description=role.description or "",
            tags={key: value for key, value in role.tags.items() if not key.lower().startswith("aws:")},
            max_session_seconds=role.max_session_seconds or 3600,
            boundary_arn=role.boundary_arn,
            inline=role.inline or (),
            attached=tuple(each.arn for each in role.attached or ()),
            instance_profile=self.name if profiles else None,
        )
        return create_role(spec, opened.account, opened.reader)


# What they share.


def policy_now(arn: str, opened: OpenedAccount) -> tuple[ManagedPolicy | None, tuple[str, ...]]:
    """Return the policy as it is now, or None and a sentence that says that it could not be read."""
    parsed = Arn.parse(arn)
    if parsed is not None and parsed.partition != opened.account.partition:
        raise PlanError(f"{arn} is in another partition: this account is in {opened.account.partition}.")
    reading = opened.reader.managed_policy(arn)
    if reading.absent:
        raise PlanError(f"There is no policy {arn}.")
    unread = (f"The document of {name_of(arn)} could not be read: {reading.why}",) if reading.unreadable else ()
    return reading.value, unread


def carried(arn: str, role: Role, opened: OpenedAccount) -> ManagedPolicy:
    """Return one of the role's policies, with its versions. Raises `PlanError`."""
    if role.attached is not None and arn not in {role.boundary_arn, *(each.arn for each in role.attached)}:
        raise PlanError(f"{name_of(arn)} is not attached to {role.name}: name an attached policy.")
    return whole_policy(opened.reader.managed_policy(arn), arn)


def policy_arn(text: str, role: Role, account: Account) -> str:
    """Return the ARN of a policy given by ARN or name.

    ``aws:ReadOnlyAccess`` is an AWS managed policy; any other name belongs to one of the role's policies, or to a
    policy of the account. Raises `PlanError` if it cannot be determined.
    """
    carried = [each.arn for each in role.attached or ()] + [role.boundary_arn or ""]
    own = account.policy_ignoring_case(text)
    named = [*(arn for arn in carried if name_of(arn) == text), *([own.arn] if own is not None else [])]
    if not named and role.attached is None and not text.startswith(("arn:", "aws:")):
        raise PlanError(
            f"Give the policy's ARN. The policies of {role.name} could not be read, so it is unknown which of "
            f"them is {text}."
        )
    return named[0] if named else meant_policy(text, account.partition, account.id)


def provider_arn(text: str, account: Account) -> str:
    if text.startswith("arn:"):
        return text
    issuer = text.removeprefix("https://").rstrip("/")
    return f"arn:{account.partition}:iam::{account.id}:oidc-provider/{issuer}"


def name_of_provider(arn: str) -> str:
    return arn.partition(":oidc-provider/")[2] or arn


def trusted_providers(role: Role, account: Account) -> tuple[str, ...]:
    """Return the ARNs of the account's OIDC providers whose tokens the role's trust policy accepts."""
    head = f"arn:{account.partition}:iam::{account.id}:oidc-provider/"
    named = (value for kind, value in principals(role.trust) if kind == "Federated")
    return tuple(dict.fromkeys(arn for arn in named if arn.startswith(head)))


def _refuse(fault: str) -> None:
    if fault:
        raise PlanError(fault)


def _unchanged(opened_as: Document | None, now: Document | None, what: str) -> None:
    if opened_as is not None and not same_document(opened_as, now):
        raise PlanError(
            f"{what} was changed after you opened it: open it again, so that this later change is not lost."
        )
