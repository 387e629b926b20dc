"""Find who may perform an action: all roles and users of the account, and principals in resource and trust policies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache

from iam.account import Account, Role
from iam.api_operations import actions_behind
from iam.layers import Gathered, LayerReading, organization_layers, shared_layers
from iam.organization.accounts import Accounts
from iam.policy.compiled import CompiledStatement
from iam.policy.document import PolicyError
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.match import compile_glob, has_wildcard
from iam.policy.principal import TRUST_ACTIONS
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.reserved import needs_no_permission
from iam.questions.access_question import AccessQuestion
from iam.questions.answers import AccessVerdict, PrincipalAnswer, WhoCan
from iam.questions.catalogue import catalogue, first
from iam.questions.index import AccountIndex, may_name, uncollected
from iam.questions.outside_principals import everyone_else
from iam.questions.principal_answer import answer, together
from iam.service_reference import VARIABLE, action_names
from iam.service_reference import action as action_of
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing


class QuestionError(ValueError):
    """Raised if the question is invalid. ``str()`` is one sentence that says why."""


@uncollected()
def who_can(
    index: AccountIndex,
    action: str,
    resource: str = "*",
    context: Mapping[str, tuple[str, ...]] | None = None,
    *,
    exhaustive: bool = False,
    progress: Callable[[int, int], object] = lambda done, of: None,
    across: Across | None = None,
) -> WhoCan:
    """Return every principal of the account that may perform ``action`` on ``resource``, and why.

    Both may contain wildcards: the answer then lists the principals that may perform one of the actions on one of the
    resources, with those actions and resources. ``context`` maps condition keys to values; access that depends on other
    keys is listed with its conditions. ``exhaustive`` evaluates every principal instead of only those that the index
    finds: the answer is the same, but takes longer. ``progress`` is called with the number done and the total
    (principals, or roles to assume). ``across`` gives the account of the resource, if several accounts are read. May
    block. Raises `QuestionError` for an invalid action.
    """
    notes = list(_check(action))
    account = index.account
    owner = across.opened if across is not None else None
    question = AccessQuestion(
        action,
        resource,
        account,
        dict(context or {}),
        across.owner if across is not None else None,
        across.accounts if across is not None else None,
        owner.account if owner is not None else None,
        tags=cache(lambda: _tags(index, resource, owner)),
    )
    accounts = question.accounts
    answers: dict[str, PrincipalAnswer] = {}
    others: dict[str, PrincipalAnswer] = {}
    kept_out: list[PrincipalAnswer] = []
    trusts = _trust_targets(owner.account if owner is not None else account, action, resource)
    if trusts is not None and across is not None and across.roles is not None:
        trusts = [role for role in trusts if role.arn in across.roles]
    if (free := needs_no_permission(action)) is not None:
        notes.append(free)
        exhaustive = True  # no policy has to name the action
    if trusts is None:
        asked_for = Request(
            _root(account), _standing_for(action), resource, question.resource_account, question.context
        )
        shared = shared_layers(asked_for, account, index.reader, accounts)
        unread = [reading for reading in shared.readings if reading.unread]
        able = index.candidates(action, resource)
        asked = _asked(index, question, shared.policies, able, exhaustive)
        for done, number in enumerate(asked):
            progress(done, len(asked))
            found = answer(question, index.principals[number], shared.policies)
            if found.verdict is not AccessVerdict.DENIED:
                answers[found.arn] = found
            elif number in able:
                kept_out.append(found)
        others = {one.arn: one for one in everyone_else(question, shared.policies, index)}
        if question.wild_resource and shared.policies.resource is None:
            notes.append(_WITHOUT_RESOURCE)
    else:
        unread = []
        organization = _organization(index, across)
        for done, role in enumerate(trusts):
            progress(done, len(trusts))
            one_role = replace(question, resource=role.arn, tags=lambda: None, patterns={}, decided={})
            shared_policies, missing = _trust_layers(role, organization)
            unread += [reading for reading in missing if reading not in unread]
            for number in _asked(index, one_role, shared_policies, None, exhaustive):
                found = answer(one_role, index.principals[number], shared_policies)
                if found.verdict is not AccessVerdict.DENIED:
                    answers[found.arn] = _joined(answers.get(found.arn), found, role.arn)
            for other in everyone_else(one_role, shared_policies, index):
                others[other.arn] = _joined(others.get(other.arn), other, role.arn)
    return WhoCan(
        action=action,
        resource=resource,
        read_as=_read_as(action, resource, trusts is not None),
        principals=in_order(answers.values()),
        others=in_order(others.values()),
        kept_out=in_order(kept_out),
        unread=tuple(unread),
        not_listed=not_listed(account),
        notes=(*notes, _ROOT),
    )


def nobody_asked(action: str, resource: str) -> WhoCan:
    """Return the answer if there are no principals to evaluate. Raises `QuestionError`."""
    trusts = has_wildcard(resource) and action.lower() in TRUST_ACTIONS
    notes = tuple(_check(action))
    return WhoCan(action, resource, _read_as(action, resource, trusts), (), (), (), (), (), notes)


@dataclass(frozen=True, slots=True)
class Across:
    """Several accounts, and which of them owns the resource.

    ``owner`` is None if no account that was read has the resource. For a pattern of roles, ``roles`` limits the roles
    to check; None means all.
    """

    accounts: Accounts
    owner: str | None
    roles: frozenset[str] | None = None

    @property
    def opened(self) -> OpenedAccount | None:
        """The opened account of the owner, or None if it cannot be opened."""
        return self.accounts.opened(self.owner) if self.owner is not None else None


def can_assume(index: AccountIndex, principal_arn: str) -> Iterator[tuple[Role, PrincipalAnswer] | None]:
    """Yield each role that the principal may assume, with the answer, and None for each role that it may not assume.

    The principal is a role or user of the account. An answer may be conditional or unknown. None is yielded so that the
    caller of this function can show progress and stop. May block.
    """
    number = index.by_arn.get(principal_arn)
    if number is None:
        return
    principal = index.principals[number]
    organization = _organization(index)
    for role in index.account.roles:
        question = AccessQuestion("sts:AssumeRole", role.arn, index.account)
        shared, _ = _trust_layers(role, organization)
        if shared.resource is not None and not principal.unread:
            named, to_account, everyone = _named_in(index, question, shared.resource)
            if number not in named and not to_account and not everyone:
                yield None
                continue
        found = answer(question, principal, shared)
        yield (role, found) if found.verdict is not AccessVerdict.DENIED else None


def in_order(answers: Iterable[PrincipalAnswer]) -> tuple[PrincipalAnswer, ...]:
    """Return the answers sorted by verdict, allowed first, then by kind and name."""
    return tuple(sorted(answers, key=lambda one: (_ORDER[one.verdict], one.kind, one.name.lower(), one.arn)))


_ORDER = {AccessVerdict.ALLOWED: 0, AccessVerdict.CONDITIONAL: 1, AccessVerdict.UNKNOWN: 2, AccessVerdict.DENIED: 3}
PASS_ROLE = "iam:PassRole"


def can_pass(index: AccountIndex, principal_arn: str) -> Iterator[tuple[Role, PrincipalAnswer] | None]:
    """Yield the roles that a role or user may pass to a service, in the same form as `can_assume`.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    number = index.by_arn.get(principal_arn)
    if number is None:
        return
    principal = index.principals[number]
    if number not in index.candidates(PASS_ROLE, "*") and not principal.unread:
        return
    account = index.account
    any_role = f"arn:{account.partition}:iam::{account.id}:role/any"
    shared = shared_layers(Request(_root(account), PASS_ROLE, any_role), account, index.reader).policies
    for role in account.roles:
        found = answer(AccessQuestion(PASS_ROLE, role.arn, account), principal, shared)
        yield (role, found) if found.verdict is not AccessVerdict.DENIED else None


_ROOT = (
    "The account's root user is not listed: it may do everything that no service control policy or resource policy "
    "denies."
)
_WITHOUT_RESOURCE = (
    "Unless one resource is given, resource-based policies (buckets, keys, queues …) are not checked. Such policies "
    "may allow more principals, and a key's policy or a role's trust policy may deny principals whom their own "
    "policies allow."
)


def _check(action: str) -> Iterator[str]:
    """Yield notes on the action. Raises `QuestionError` if it is invalid."""
    service, colon, name = action.partition(":")
    if action.strip("*") == "" and action:
        return
    if not colon or not service or not name or has_wildcard(service) or any(char.isspace() for char in action):
        raise QuestionError(
            f"{action!r} is not an action: write it as service:Name, such as s3:GetObject, s3:Get* or *."
        )
    if has_wildcard(action):
        if not catalogue().matching(action):
            raise QuestionError(f"No action that AWS lists matches {action!r}.")
        return
    listed = action_names(service)
    if not listed:
        raise QuestionError(f"AWS lists no service {service!r}: an action is written as s3:GetObject or s3:Get*.")
    if behind := actions_behind(action):
        raise QuestionError(f"{action} is an API operation, not an IAM action: ask for {listing(behind)}.")
    if name.lower() not in listed:
        near = get_close_matches(name.lower(), listed, 1)
        hint = f" Did you mean {service}:{listed[near[0]]}?" if near else ""
        yield f"AWS lists no action {action}; the policies are still evaluated for this action.{hint}"


def _root(account: Account) -> str:
    return f"arn:{account.partition}:iam::{account.id}:root"


def _tags(index: AccountIndex, resource: str, owner: OpenedAccount | None = None) -> Mapping[str, str] | None:
    """Return the tags of a resource outside IAM; read only if a policy of the account has a condition on tags."""
    if has_wildcard(resource) or resource.split(":")[2:3] == ["iam"] or not index.speaks_of_tags:
        return None
    return (owner.reader if owner is not None else index.reader).resource_tags(resource).value


def _asked(
    index: AccountIndex, question: AccessQuestion, shared: Policies, able: set[int] | None, exhaustive: bool
) -> list[int]:
    """Return the numbers of the principals to evaluate.

    These are principals whose policies may allow the action (``able``), those that the resource's policy names, and
    those whose policies could not be read.
    """
    everybody = range(len(index.principals))
    if exhaustive:
        return list(everybody)
    named, to_account = set[int](), False
    if shared.resource is not None:
        named, to_account, everyone = _named_in(index, question, shared.resource)
        if everyone and question.resource_account in (None, index.account.id):
            return list(everybody)
        to_account = to_account or everyone  # the policies of another account's principals must allow the action, too
    if able is None:
        # A trust policy must grant access itself: a principal's own policies do not help if it is not named there.
        if shared.resource is not None and not to_account:
            return sorted(named)
        able = index.candidates(question.action, question.resource)
    return sorted(able | named | index.unread)


def _named_in(index: AccountIndex, question: AccessQuestion, policy: NamedPolicy) -> tuple[set[int], bool, bool]:
    """Return what the Allow statements of a resource policy name.

    A triple: the principals named individually, whether the entire account is named, and whether everyone is named.
    """
    found: set[int] = set()
    to_account = False
    for one in ready(policy, Layer.RESOURCE).statements:
        if one.deny or one.principal is None or not _may_name(one, question):
            continue
        if one.principal.everyone or one.principal.negated:
            return found, True, True
        for _, value in one.principal.pairs:
            number = index.by_arn.get(value, index.by_id.get(value))
            if number is not None:
                found.add(number)
            to_account = to_account or value in (index.account.id, _root(index.account))
    return found, to_account, False


def _may_name(one: CompiledStatement, question: AccessQuestion) -> bool:
    lowered = question.action.lower()
    return may_name(one, lowered) if question.wild_action else one.action.names(lowered)


def _standing_for(action: str) -> str:
    """Return the action for which the shared policies are looked up; for a pattern, the one with the most layers.

    Layers that do not apply to another matching action are left out when that action is evaluated.
    """
    if not has_wildcard(action):
        return action
    known = catalogue()
    wanted = known.matching(action)
    for most in (known.set_of(TRUST_ACTIONS), known.service("s3"), wanted):
        if wanted & most:
            return known.names[first(wanted & most)]
    return action


def _trust_targets(account: Account, action: str, resource: str) -> list[Role] | None:
    """Return the roles whose trust policies decide, if the resource is a pattern of roles; else None."""
    if not has_wildcard(resource) or action.lower() not in TRUST_ACTIONS:
        return None
    matches = compile_glob(resource)
    return [role for role in account.roles if matches(role.arn)]


def _organization(index: AccountIndex, across: Across | None = None) -> Gathered:
    """Return the organization's policies for AssumeRole, which are the same for every role of the account."""
    owner = across.owner if across is not None and across.owner is not None else index.account.id
    any_role = f"arn:{index.account.partition}:iam::{owner}:role/any"
    asked = Request(_root(index.account), "sts:AssumeRole", any_role)
    return organization_layers(asked, index.account, index.reader, across.accounts if across is not None else None)


def _trust_layers(role: Role, organization: Gathered) -> tuple[Policies, tuple[LayerReading, ...]]:
    """Return the layers shared by all principals that assume the role: its trust policy and organization policies."""
    trust, missing = None, [reading for reading in organization.readings if reading.unread]
    if role.trust is None:
        missing.append(LayerReading(Layer.RESOURCE, "iam:GetRole", why=f"{role.name}'s trust policy was not read."))
    else:
        trust = NamedPolicy(role.trust, f"trust policy of {role.name}", role.arn)
        try:
            ready(trust, Layer.RESOURCE)
        except PolicyError as error:
            trust = None
            missing.append(LayerReading(Layer.RESOURCE, "iam:GetRole", why=str(error)))
    unread = frozenset(str(reading.layer) for reading in missing)
    policies = Policies(resource=trust, scps=organization.policies.scps, rcps=organization.policies.rcps, unread=unread)
    return policies, tuple(missing)


def _joined(before: PrincipalAnswer | None, found: PrincipalAnswer, resource: str) -> PrincipalAnswer:
    """Combine one principal's answers for two resources: the better one, or both resources if they are equal."""
    found = replace(found, resources=(resource,))
    if before is None:
        return found
    if _ORDER[found.verdict] < _ORDER[before.verdict]:
        return replace(found, resources_if=before.resources if before.granted else ())
    if _ORDER[found.verdict] > _ORDER[before.verdict] or not found.granted:
        return replace(before, resources_if=(*before.resources_if, resource)) if found.granted else before
    return replace(
        before,
        resources=(*before.resources, resource),
        statements=together(before.statements, found.statements),
        unless=together(before.unless, found.unless),
    )


def not_listed(account: Account) -> tuple[str, ...]:
    """Return a sentence for each list of the account that is incomplete."""
    missing = [what for what, listed in (("users", account.users), ("groups", account.groups)) if listed is None]
    missing += sorted(account.incomplete & {"roles", "users", "groups", "policies"} - set(missing))
    return tuple(f"Not all {what} of the account were read, so some may be missing here." for what in missing)


def _read_as(action: str, resource: str, trusts: bool) -> str:
    what = "one of the actions that match" if has_wildcard(action) else "the action"
    if trusts:
        return f"{what}, on one of the roles that match"
    if resource == "*":
        return f"{what}, on any resource: one allowed resource is enough"
    if other := _acts_on(action, resource):
        return f"{what}, which AWS lists for {other}, not for this resource: ask about one of those"
    if has_wildcard(resource):
        return f"{what}, on one of the resources that match"
    return f"{what}, on this resource"


def _acts_on(action: str, resource: str) -> str:
    """Return the ARN forms of the action's resources if the resource matches none of them; else ""."""
    known = None if has_wildcard(action) else action_of(action)
    if known is None or not known.resource_types or any(each.fits(resource) for each in known.resource_types):
        return ""
    partition = resource.split(":")[1] if resource.startswith("arn:") else "aws"
    return listing([VARIABLE.sub("*", each.filled(partition, "*", "*")) for each in known.resource_types][:2], "or")
