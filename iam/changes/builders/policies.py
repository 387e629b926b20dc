"""Plans that change policies and their versions, and the audiences of identity providers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from iam.account import Account, Group, ManagedPolicy, OIDCProvider, PolicyVersion, Role, User
from iam.arn import name_of
from iam.changes.compare import same_document
from iam.changes.operations.undo import Existing, with_undo
from iam.changes.plan import (
    AnswerValue,
    Call,
    NothingToDo,
    Plan,
    PlanError,
    at_moment,
    make_plan,
    shifted,
)
from iam.sources.reader.reading import Reading

MOST_VERSIONS = 5
_HOLDERS = frozenset({"roles", "users", "groups"})
"""The lists of an account whose entities can have managed policies attached."""


def word_of(holder: Role | User | Group) -> str:
    """Return ``Role``, ``User`` or ``Group``, as used in the names of API calls."""
    return type(holder).__name__


def put_inline(holder: Role | User | Group, name: str, document: str, account: Account) -> Plan:
    """Return a plan that adds an inline policy, or replaces the inline policy with this name. Raises `PlanError`."""
    if isinstance(holder, Role) and holder.service_owned:
        raise PlanError(f"The role {holder.name} belongs to an AWS service, and only that service may change the role.")
    if holder.inline is None:
        raise PlanError(
            f"No inline policy is replaced, because the inline policies of {holder.name} could not be read."
        )
    held = next((each.document for each in holder.inline if each.name == name), None)
    if same_document(held, document):
        raise NothingToDo(f"There is nothing to do: the inline policy {name} of {holder.name} already has this text.")
    word = word_of(holder)
    why = f"Give {holder.name} the inline policy {name}."
    if held is not None:
        why = f"Replace the inline policy {name} of {holder.name}."
    given = {f"{word}Name": holder.name, "PolicyName": name, "PolicyDocument": document}
    call = with_undo(Call(f"Put{word}Policy", given, why, holder.arn), Existing(holder))
    return make_plan(
        f"policy {name} of {holder.name}", why, [call], target=holder.arn, account_id=account.id, found=[holder]
    )


def delete_inline(holder: Role | User | Group, name: str, account: Account) -> Plan:
    """Return a plan that deletes an inline policy. Raises `PlanError`."""
    if isinstance(holder, Role) and holder.service_owned:
        raise PlanError(f"The role {holder.name} belongs to an AWS service, and only that service may change the role.")
    if holder.inline is None:
        raise PlanError(f"The inline policies of {holder.name} could not be read.")
    if name not in {each.name for each in holder.inline}:
        raise NothingToDo(f"There is nothing to do: {holder.name} has no inline policy {name}.")
    word = word_of(holder)
    why = f"Delete the inline policy {name} of {holder.name}."
    given = {f"{word}Name": holder.name, "PolicyName": name}
    call = with_undo(Call(f"Delete{word}Policy", given, why, holder.arn), Existing(holder))
    title = f"delete policy {name} of {holder.name}"
    return make_plan(title, why, [call], target=holder.arn, account_id=account.id, found=[holder])


def attach(holder: Role | User | Group, arn: str, account: Account, *, detach: bool = False) -> Plan:
    """Return a plan that attaches or detaches a managed policy. Raises `PlanError`."""
    if isinstance(holder, Role) and holder.service_owned:
        raise PlanError(f"The role {holder.name} belongs to an AWS service, and only that service may change the role.")
    word, name = word_of(holder), name_of(arn)
    there = holder.attached is not None and arn in {each.arn for each in holder.attached}
    if holder.attached is not None and there != detach:
        raise NothingToDo(f"There is nothing to do: {name} is {'' if there else 'not '}attached to {holder.name}.")
    operation = f"{'Detach' if detach else 'Attach'}{word}Policy"
    why = f"Detach {name} from {holder.name}." if detach else f"Attach {name} to {holder.name}."
    call = with_undo(Call(operation, {f"{word}Name": holder.name, "PolicyArn": arn}, why, holder.arn), Existing(holder))
    return make_plan(why.rstrip("."), why, [call], target=holder.arn, account_id=account.id, found=[holder])


def oldest_version(policy: ManagedPolicy) -> PolicyVersion | None:
    """Return the version to delete before a sixth is created: the oldest that is not the default, or None."""
    others = [each for each in policy.versions if not each.is_default]
    return min(others, key=lambda each: number_of(each.id), default=None)


def number_of(version_id: str) -> int:
    digits = version_id.removeprefix("v")
    return int(digits) if digits.isdigit() else 0


def whole_policy(reading: Reading[ManagedPolicy], arn: str) -> ManagedPolicy:
    """Return the policy from a reading that was just made, which must include all its versions.

    Raises `PlanError` if the policy no longer exists, or if not all versions could be read. All are needed because a
    policy has at most five versions: the oldest must be deleted before a sixth can be created.
    """
    if reading.value is None:
        raise PlanError(reading.why or f"The policy {arn} no longer exists.")
    if reading.note:
        raise PlanError(f"Not all versions of {reading.value.name} could be read: {reading.note}")
    return reading.value


def new_version(policy: ManagedPolicy, document: str, account: Account) -> Plan:
    """Return a plan that creates a new default version of the policy.

    If the policy has five versions, the oldest that is not the default is deleted first. If an existing version has the
    same content, it is made the default instead. ``policy`` must have been read just now, with all its versions. Raises
    `PlanError`.
    """
    _changeable(policy)
    arn = {"PolicyArn": policy.arn}
    same = next((each for each in policy.versions if same_document(each.document, document)), None)
    if same is not None:
        return set_default_version(policy, same.id, account)
    if policy.default_version_id is None or not policy.versions:
        raise PlanError(f"The versions of {policy.name} could not be read, so no version is added.")
    calls: list[Call] = []
    warnings = []
    if len(policy.versions) >= MOST_VERSIONS:
        oldest = oldest_version(policy)
        if oldest is None:
            raise PlanError(f"It is unknown which version of {policy.name} can be deleted.")
        why = (
            f"Delete {oldest.id}, the oldest version of {policy.name}, because a policy has at most "
            f"{MOST_VERSIONS} versions."
        )
        calls.append(Call("DeletePolicyVersion", {**arn, "VersionId": oldest.id}, why, policy.arn))
        warnings.append(f"Deletes {oldest.id} of {policy.name} permanently. Undo recreates it as a new version.")
    at = len(calls)
    why = f"Save the change as a new version of {policy.name}."
    calls.append(Call("CreatePolicyVersion", {**arn, "PolicyDocument": document}, why, policy.arn))
    why = f"Make the new version of {policy.name} the default."
    version = AnswerValue(at, "PolicyVersion.VersionId")
    calls.append(Call("SetDefaultPolicyVersion", {**arn, "VersionId": version}, why, policy.arn))
    if policy.attachment_count is not None and policy.attachment_count > 1:
        count = policy.attachment_count
        warnings.append(f"{policy.name} is attached to {count} entities: the change applies to all of them.")
    return _of_policy(f"new version of {policy.name}", policy, calls, account, warnings)


def set_default_version(policy: ManagedPolicy, version_id: str, account: Account) -> Plan:
    """Return a plan that makes a version the default. Raises `PlanError`."""
    _changeable(policy)
    if version_id == policy.default_version_id:
        raise NothingToDo(f"There is nothing to do: {version_id} is the default version of {policy.name}.")
    if policy.versions and version_id not in {each.id for each in policy.versions}:
        raise PlanError(f"{policy.name} has no version {version_id}.")
    why = f"Make {version_id} the default version of {policy.name}."
    call = Call("SetDefaultPolicyVersion", {"PolicyArn": policy.arn, "VersionId": version_id}, why, policy.arn)
    return _of_policy(f"{version_id} of {policy.name} as default", policy, [call], account)


def _changeable(policy: ManagedPolicy) -> None:
    if policy.aws_managed:
        raise PlanError(f"{policy.name} is an AWS managed policy: copy it to a policy of your own to change it.")


def _of_policy(
    title: str, policy: ManagedPolicy, calls: Iterable[Call], account: Account, warnings: Iterable[str] = ()
) -> Plan:
    listed = [with_undo(call, Existing(policy=policy), index=index) for index, call in enumerate(calls)]
    sentence = " ".join(call.why for call in listed)
    return make_plan(
        title, sentence, listed, target=policy.arn, account_id=account.id, warnings=warnings, found=[policy]
    )


def delete_policy(policy: ManagedPolicy, account: Account, *, warnings: Iterable[str] = ()) -> Plan:
    """Return a plan that detaches a customer policy from everything, and deletes its versions and the policy itself.

    Raises `PlanError` if the account was not read completely.
    """
    _changeable(policy)
    holders: tuple[Role | User | Group, ...] = (*account.roles, *(account.users or ()), *(account.groups or ()))
    lists_are_whole = account.users is not None and account.groups is not None and not account.incomplete & _HOLDERS
    if not lists_are_whole or any(holder.attached is None for holder in holders):
        raise PlanError(f"The entities to which {policy.name} is attached could not be read completely.")
    calls: list[Call] = []
    said = list(warnings)
    for holder in holders:
        word = word_of(holder)
        name = {f"{word}Name": holder.name}
        if policy.arn in {each.arn for each in holder.attached or ()}:
            why = f"Detach {policy.name} from {holder.name}."
            calls.append(Call(f"Detach{word}Policy", {**name, "PolicyArn": policy.arn}, why, holder.arn))
        if not isinstance(holder, Group) and holder.boundary_arn == policy.arn:
            raise PlanError(
                f"{policy.name} is the boundary of {holder.name}. The policy is not deleted, because removing the "
                f"boundary would give {holder.name} more permissions."
            )
    if calls:
        said.append(
            f"{len(calls)} {'entity loses' if len(calls) == 1 else 'entities lose'} the permissions that the policy "
            "gives."
        )
    for version in policy.versions:
        if version.id != policy.default_version_id:
            given = {"PolicyArn": policy.arn, "VersionId": version.id}
            calls.append(Call("DeletePolicyVersion", given, f"Delete {version.id} of {policy.name}.", policy.arn))
    calls.append(Call("DeletePolicy", {"PolicyArn": policy.arn}, f"Delete the policy {policy.name}.", policy.arn))
    plan = _of_policy(f"delete policy {policy.name}", policy, calls, account, said)
    return replace(plan, kind="delete-policy", type_name=policy.name)


def add_audience(provider: OIDCProvider, client_id: str, account: Account) -> Plan:
    """Return a plan that adds an audience to an OIDC provider. Raises `PlanError`."""
    if client_id in (provider.client_ids or ()):
        raise NothingToDo(f"There is nothing to do: {provider.url} already accepts the audience {client_id}.")
    given = {"OpenIDConnectProviderArn": provider.arn, "ClientID": client_id}
    why = f"Let the provider {provider.url} accept tokens for the audience {client_id}."
    call = with_undo(Call("AddClientIDToOpenIDConnectProvider", given, why, provider.arn))
    title = f"audience of {provider.url}"
    return make_plan(title, why, [call], target=provider.arn, account_id=account.id, found=[provider])


def create_provider(arn: str, audiences: Iterable[str], account: Account) -> Plan:
    """Return a plan that creates an OIDC provider. AWS itself retrieves the certificate's thumbprint."""
    url = f"https://{arn.partition(':oidc-provider/')[2]}"
    given = {"Url": url, "ClientIDList": tuple(audiences)}
    why = f"Create the identity provider {url}, for the audience {', '.join(given['ClientIDList'])}."
    call = with_undo(Call("CreateOpenIDConnectProvider", given, why, arn))
    return make_plan(f"create provider {url}", why, [call], target=arn, account_id=account.id)


def together(title: str, plans: Iterable[Plan], *, kind: str = "change") -> Plan:
    """Join several plans into one, in their order. Raises `PlanError` if there are none."""
    listed = tuple(plans)
    if not listed:
        raise NothingToDo("There is nothing to do.")
    moment = next((plan.moment for plan in listed if plan.moment), "")
    listed = tuple(at_moment(plan, moment) for plan in listed)
    calls: tuple[Call, ...] = ()
    for plan in listed:
        calls += shifted(plan.calls, len(calls))
    together = make_plan(
        title,
        " ".join(plan.sentence for plan in listed),
        calls,
        kind=kind,
        target=listed[0].target,
        account_id=listed[0].account_id,
        type_name=next((plan.type_name for plan in listed if plan.type_name), None),
        warnings=[warning for plan in listed for warning in plan.warnings],
    )
    found = {(facts.kind, facts.name): facts for plan in listed for facts in plan.found}
    in_use = dict.fromkeys(sentence for plan in listed for sentence in plan.in_use)
    return replace(together, found=tuple(found.values()), in_use=tuple(in_use), moment=moment)
