"""Determine the caller of a request: the identity behind the principal that a text names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from diagnostics.access_denied.request.resources import completed, is_cut_off, is_masked, without_end
from diagnostics.claims.kinds import Claim, Exists, LayerRead, TextPart, TextStates
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, Role, User
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.policy.principal import Kind
from iam.policy.words import nearest_first, unlikeness
from iam.sources.reader.opened import OpenedAccount

_SERVICE = regex(r"[\w.-]+\.amazonaws\.com(\.cn)?")


# Providers that need no IAM resource (UG:id_roles_create_for-idp_oidc).
WELL_KNOWN_PROVIDERS = frozenset(
    {"cognito-identity.amazonaws.com", "accounts.google.com", "www.amazon.com", "graph.facebook.com"}
)


@dataclass(frozen=True, slots=True)
class Caller:
    """The principal of a request. ``arn`` is the ARN to evaluate with; ``entity_arn`` is the role or user behind it.

    ``here`` is True if it belongs to the current account. ``exists`` is None if it was not looked up or cannot be,
    because it is in another account. ``other_case`` is a role or user with the same name in different letter case,
    ``similar`` one with a similar name. ``settled`` is the prefix of the condition keys of the caller's token if that
    token is available: then claims that it does not contain have no value.
    """

    arn: str | None
    kind: Kind
    account_id: str | None = None
    name: str | None = None
    session: str | None = None
    here: bool = False
    role: Role | None = None
    user: User | None = None
    exists: bool | None = None
    other_case: str | None = None
    similar: str | None = None
    looked: str = ""
    why_not: str = ""
    settled: str = ""

    @property
    def entity_arn(self) -> str | None:
        if self.role is not None:
            return self.role.arn
        if self.user is not None:
            return self.user.arn
        return self.arn if self.kind in (Kind.USER, Kind.ROLE, Kind.ROOT) else None

    @property
    def service_owned(self) -> bool:
        return self.role is not None and self.role.service_owned


UNKNOWN_CALLER = Caller(None, Kind.UNKNOWN)


def identify(principal: str | None, opened: OpenedAccount) -> Caller:
    """Return the caller that ``principal`` (an ARN, a service, a name, or None) identifies in the account."""
    if principal is not None and is_cut_off(principal):
        principal = _whole(principal, opened.account)
        if principal is None:
            return UNKNOWN_CALLER
    caller = _identify(principal, opened)
    arn = Arn.parse_principal(principal or "")
    redacted = arn is not None and arn.account_id is None
    if redacted and caller.exists is not True:
        # The account's number was redacted, so a missing name does not show which account the caller is in.
        return Caller(None, Kind.UNKNOWN, name=caller.name)
    return caller


def _whole(principal: str, account: Account) -> str | None:
    """Return the full form of a truncated principal, or None unless exactly one role or user matches."""
    found = completed(principal, account)
    if found != principal:
        return found
    head, session, rest = principal.partition(":assumed-role/")
    if not session or "/" in rest:
        return principal if session else None
    stem = without_end(rest)
    alike = [name for name in account.role_names if name.startswith(stem)]
    return f"{head}{session}{alike[0]}/session" if len(alike) == 1 else None


def _identify(principal: str | None, opened: OpenedAccount) -> Caller:
    if principal is None:
        return UNKNOWN_CALLER
    if principal.lower() in ("anonymous", "*"):
        return Caller(None, Kind.ANONYMOUS)
    if principal in WELL_KNOWN_PROVIDERS:
        return Caller(principal, Kind.PROVIDER, name=principal)
    if _SERVICE.fullmatch(principal):
        return Caller(principal, Kind.SERVICE, name=principal)
    found = Arn.parse_principal(principal)
    if found is None:
        return _by_name(principal, opened)
    owner, kind, name = found.account, found.type, found.name
    # A redacted or reconstructed account ID cannot be used, so only the name is looked up.
    here = found.partition == opened.account.partition and (
        owner == opened.account.id or is_masked(owner, opened.account.id)
    )
    account_id = opened.account.id if here else owner
    if found.resource == "root":
        return Caller(principal, Kind.ROOT, account_id, "root", here=here, exists=True)
    if kind == "assumed-role":
        name, session = found.session_role, found.session_name
        arn = f"arn:{found.partition}:sts::{account_id}:assumed-role/{name}/{session or 'session'}"
        return _role(arn, Kind.SESSION, account_id, name, session or None, here, opened)
    if kind == "role":
        return _role(principal, Kind.ROLE, account_id, name, None, here, opened)
    if kind == "user":
        return _user(principal, account_id, name, here, opened)
    if kind == "federated-user":
        return Caller(principal, Kind.FEDERATED_USER, account_id, name, here=here)
    if kind in ("oidc-provider", "saml-provider"):
        return Caller(principal, Kind.PROVIDER, account_id, found.id, here=here)
    return Caller(principal, Kind.UNKNOWN, account_id, here=here)


def _by_name(name: str, opened: OpenedAccount) -> Caller:
    """Return the role or user with this plain name, if the account has only one of the two."""
    role, user = opened.account.role(name), opened.account.user(name)
    if role is not None and user is None:
        return _role(role.arn, Kind.ROLE, opened.account.id, role.name, None, True, opened)
    if user is not None and role is None:
        return _user(user.arn, opened.account.id, name, True, opened)
    return Caller(None, Kind.UNKNOWN, name=name)


def _role(
    arn: str, kind: Kind, account_id: str, name: str, session: str | None, here: bool, opened: OpenedAccount
) -> Caller:
    if not here:
        return Caller(arn, kind, account_id, name, session)
    role = opened.account.role(name)
    looked, why = "iam:GetAccountAuthorizationDetails", ""
    if role is None or not role.has_details:
        reading = opened.reader.role(name)
        looked = reading.call
        role = reading.value or role
        why = reading.why
    if role is not None and role.name == name:
        return Caller(arn, kind, account_id, name, session, True, role, exists=True, looked=looked)
    # AWS finds a role regardless of letter case, but a role can be used only under its exact name.
    near = role or opened.account.role_ignoring_case(name)
    return Caller(
        arn,
        kind,
        account_id,
        name,
        session,
        True,
        exists=None if why else False,
        other_case=near.name if near else None,
        similar=None if near else similar_name(name, opened.account.role_names),
        looked=looked,
        why_not=why,
    )


def _user(arn: str, account_id: str, name: str, here: bool, opened: OpenedAccount) -> Caller:
    if not here:
        return Caller(arn, Kind.USER, account_id, name)
    user = opened.account.user(name)
    looked, why = "iam:GetAccountAuthorizationDetails", ""
    if user is None or user.inline is None or user.attached is None:
        reading = opened.reader.user(name)
        looked, why = reading.call, reading.why
        user = reading.value or user
    if user is not None and user.name == name:
        return Caller(user.arn, Kind.USER, account_id, name, here=True, user=user, exists=True, looked=looked)
    near = next((other.name for other in opened.account.users or () if other.name.lower() == name.lower()), None)
    return Caller(
        arn,
        Kind.USER,
        account_id,
        name,
        here=True,
        exists=None if why else False,
        other_case=near or (user.name if user is not None else None),
        similar=None if near else similar_name(name, [other.name for other in opened.account.users or ()]),
        looked=looked,
        why_not=why,
    )


def similar_name(name: str, names: Iterable[str]) -> str | None:
    """Return the most similar of the names, or None if none is similar enough."""
    first = next(iter(nearest_first(names, name)), None)
    return first if first is not None and unlikeness(first, name) <= _LIKE else None


_LIKE = 25
"""The greatest difference between two names (see `unlikeness`) at which one may be a typo for the other."""


def caller_step(caller: Caller) -> Step:
    """Return the step that names the caller and says whether it exists under exactly that name."""
    status, summary = _said(caller)
    evidence = (
        (Evidence(text=summary, layer="identity", arn=caller.entity_arn, call=caller.looked or None),)
        if caller.arn
        else ()
    )
    asserts: tuple[Claim, ...] = ()
    if caller.kind is Kind.UNKNOWN and not caller.name and not caller.arn:
        asserts = (TextStates(TextPart.PRINCIPAL, False),)
    elif caller.name and caller.here and caller.exists is not None:
        asserts = (Exists("principal", caller.name, caller.exists),)
    elif caller.account_id and not caller.here:
        asserts = (LayerRead("identity", False),)
    return Step("caller", "Who was calling", status, summary, evidence, asserts=asserts)


def _said(caller: Caller) -> tuple[Status, str]:
    if caller.kind is Kind.UNKNOWN and caller.arn:
        return Status.UNKNOWN, f"{caller.arn} is not the ARN of a role, a session, a user or an identity provider"
    if caller.kind is Kind.UNKNOWN:
        return Status.UNKNOWN, "no principal was found in the text" + (
            f" of this account ({caller.name})" if caller.name else ""
        )
    if caller.kind is Kind.ANONYMOUS:
        return Status.PASS, "nobody: the request carried no credentials"
    if caller.kind in (Kind.SERVICE, Kind.PROVIDER):
        return Status.PASS, f"{caller.kind.value} {caller.name}"
    if not caller.here:
        session = caller.kind is Kind.SESSION and caller.session
        of = f"session {caller.session} of role {caller.name}" if session else f"{caller.kind.value} {caller.name}"
        return Status.UNKNOWN, (
            f"{of} of account {caller.account_id}, which is another account, whose policies cannot be read from here"
        )
    who = f"{caller.kind.value} {caller.name}"
    if caller.kind is Kind.SESSION:
        who = (
            f"session {caller.session} of role {caller.name}" if caller.session else f"a session of role {caller.name}"
        )
    if caller.exists is False:
        hint = f"; {caller.other_case} exists: names are case-sensitive when used" if caller.other_case else ""
        hint = hint or (f"; the most similar name is {caller.similar}" if caller.similar else "")
        return Status.FAIL, f"{who}: not found in the account{hint}"
    if caller.exists is None and caller.kind in (Kind.USER, Kind.ROLE, Kind.SESSION):
        return Status.UNKNOWN, f"{who}: {caller.why_not or 'cannot be read from here'}"
    if caller.service_owned:
        return Status.PASS, f"{who}, {caller.entity_arn}, which AWS owns: only its service can change it"
    return Status.PASS, f"{who}, {caller.entity_arn}" if caller.kind is Kind.SESSION else who
