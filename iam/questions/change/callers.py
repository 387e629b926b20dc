"""Group the callers of a resource into classes that the policies before and after a change treat differently.

A class is a named caller (a role, a user, an account, a service, a provider …), or all callers of a kind that are not
named: other roles of an account, any other account. Differences within a class (ARN, organization, tags) are unknown
condition keys; `iam.questions.change.key_values` finds the values that matter. Together the classes include everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cached_property

from iam.account import Account, Role, User
from iam.arn import Arn
from iam.key_presence import key_presence
from iam.policy.compiled import CompiledStatement, compiled
from iam.policy.condition_keys import KeyPresence, Presence
from iam.policy.principal import Kind, caller
from iam.policy.request import NamedPolicy, Policies
from iam.questions.catalogue import PROBE
from iam.questions.change.effects import ANOTHER_ACCOUNT, ANYBODY
from iam.questions.change.key_values import NAME_CHARACTERS, Shape, Tested, TooManyValues, account_numbers
from iam.questions.change.unknown_values import Unknown

_PRINCIPAL_KEYS = frozenset({"aws:principalarn", "aws:username", "aws:userid", "aws:principaltype"})
"""Condition keys by which users and roles can be distinguished."""
_HIDDEN = frozenset({"aws:principalarn", "aws:username"})
_ABOUT_ACCOUNTS = ("aws:principalaccount", "aws:principalarn")
_ACCOUNT = re.compile(r"\d{12}")
_NUMBER = re.compile(r"(?<!\d)\d{12}(?!\d)")
_UNIQUE_ID = re.compile(r"A(ROA|IDA)[A-Z0-9]{6,}")

Statements = tuple[CompiledStatement, ...]


@dataclass(frozen=True, slots=True)
class CallerClass:
    """Callers that the policies do not distinguish by name.

    ``label`` is how an effect shows them: an ARN, an account's root for everyone in the account, a service, or
    `ANYBODY`; ``rolescope-probe`` in it represents any name. ``principal`` is an example.
    """

    label: str
    principal: str | None
    unknown: Unknown
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    entity: Role | User | None = None

    @property
    def kind(self) -> Kind:
        return caller(self.principal).kind


@dataclass(frozen=True, slots=True)
class Callers:
    """All classes of callers.

    ``uncovered`` are parts of policies that could not be taken into account; if there are any, some callers may be in
    no class.
    """

    classes: tuple[CallerClass, ...]
    uncovered: tuple[str, ...] = ()


def callers(sides: Iterable[Policies], account: Account, *, trust: bool) -> Callers:
    """Return the classes of possible callers, according to the resource's policy and the RCPs of both sides.

    ``sides`` are the policies before and after the change. With ``trust``, the resource policy is a role's trust
    policy: neither root users nor callers without credentials can assume a role (IAM User Guide, "Methods to assume a
    role").
    """
    work = _Partition(tuple(sides), account, trust)
    found = {(each.label, each.kind, each.principal): each for each in work.classes()}
    return Callers(tuple(found.values()), tuple(work.uncovered))


class _Partition:
    def __init__(self, sides: tuple[Policies, ...], account: Account, trust: bool) -> None:
        self._account, self._trust = account, trust
        own = [policies.resource for policies in sides if policies.resource is not None]
        rcps = [policy for policies in sides for level in policies.rcps or () for policy in level]
        self._own = _statements(own)
        self._all = (*self._own, *_statements(rcps))
        self._texts = [policy.document.text for policy in (*own, *rcps)]
        self._named = list(dict.fromkeys(_principals(self._own)))
        self.uncovered: dict[str, None] = {}
        self._like: dict[str, str] = {}
        """For each sample account, the pattern that it represents, or `ANOTHER_ACCOUNT` if there is none."""
        self._since = int(account.now.timestamp())

    @cached_property
    def _values(self) -> dict[str, tuple[str, ...]]:
        """The values in conditions, by key in lower case."""
        found: dict[str, dict[str, None]] = {}
        for one in self._all:
            for condition in one.conditions:
                found.setdefault(condition.key, {}).update(dict.fromkeys(condition.block.values))
        return {key: tuple(values) for key, values in found.items()}

    @cached_property
    def _keys(self) -> frozenset[str]:
        """The keys of conditions and of variables, in lower case."""
        return frozenset(key for one in self._all for key in one.keys)

    @property
    def _kinds_differ(self) -> bool:
        return not _PRINCIPAL_KEYS.isdisjoint(self._keys)

    @property
    def _open_to_all(self) -> bool:
        """Whether a statement may apply to callers that it does not name."""
        return any(one.principal is not None and (one.principal.everyone or one.principal.negated) for one in self._own)

    def classes(self) -> Iterator[CallerClass]:
        for account in self._accounts():
            yield from self._of_account(account)
        for kind, value in self._named:
            if self._trust or kind != "Federated":  # callers with a provider's token can only call STS
                yield from self._of_named(kind, value)
        for service in (*self._services(), f"{PROBE}.amazonaws.com"):
            yield self._plain(service)
        if self._open_to_all:
            if self._trust:
                for provider in self._providers():
                    yield self._plain(f"{self._iam(self._account.id)}{provider}")
            else:
                yield CallerClass(ANYBODY, None, self._unknown(Kind.ANONYMOUS, None))
        yield from self._entities()

    def _providers(self) -> Iterator[str]:
        """Yield the account's identity providers whose tokens the conditions test.

        Every other provider is represented by a placeholder.
        """
        for key in sorted(self._keys):
            issuer = key.rpartition(":")[0]
            if "." in issuer.partition("/")[0]:
                yield f"oidc-provider/{issuer}"
        yield f"oidc-provider/{PROBE}"
        yield f"saml-provider/{PROBE}"

    def _iam(self, account: str) -> str:
        return f"arn:{self._account.partition}:iam::{account}:"

    def _unknown(
        self,
        kind: Kind,
        account: str | None,
        shape: Shape | None = None,
        presence: KeyPresence | None = None,
        hidden: frozenset[str] = frozenset(),
    ) -> Unknown:
        if presence is None:
            presence = key_presence(kind, None, self._account if account == self._account.id else None)
        arns = frozenset(value for kind_of, value in self._named if kind_of == "AWS" and value.startswith("arn:"))
        but = {"aws:principalarn": arns} if shape is not None and arns else {}
        return Unknown(presence, hidden, shape, self._since, but)

    # Accounts.

    def _accounts(self) -> list[str]:
        """Return every named account, and one for each way in which patterns match unnamed accounts."""
        found = [self._account.id]
        for kind, value in self._named:
            if kind == "AWS":
                found += _account_of(value)
        patterns: list[str] = []
        for key in _ABOUT_ACCOUNTS:
            for value in self._values.get(key, ()):
                written = _account_part(key, value)
                if _ACCOUNT.fullmatch(written):
                    found.append(written)
                elif written.strip("*"):
                    patterns.append(written)
        written_anywhere = (number for text in self._texts for number in _NUMBER.findall(text))
        known = frozenset((*found, *written_anywhere))
        try:
            others = account_numbers(self._about_accounts(), self._account.partition, known)
        except TooManyValues:
            others = account_numbers((), self._account.partition, known)
            self.uncovered |= dict.fromkeys(patterns)
        for number in others:
            if number not in known:
                like = [each for each in patterns if fnmatchcase(number, each)]
                self._like[number] = max(like, key=_digits, default=ANOTHER_ACCOUNT)
        return list(dict.fromkeys((*found, *others)))

    def _about_accounts(self) -> tuple[Tested, ...]:
        """Return the conditions that distinguish accounts, without values that name a single account."""
        found: dict[Tested, None] = {}
        for one in self._all:
            for condition in one.conditions:
                if condition.key in _ABOUT_ACCOUNTS:
                    block = condition.block
                    values = [
                        text for text in block.values if not _ACCOUNT.fullmatch(_account_part(condition.key, text))
                    ]
                    if values:
                        found[Tested(block.operator, condition.key, tuple(values))] = None
        return tuple(found)

    def _of_account(self, account: str) -> Iterator[CallerClass]:
        for each in self._kinds_of(account):
            pattern = self._like.get(account)
            yield replace(each, label=each.label.replace(f":{account}:", f":{pattern}:")) if pattern else each

    def _kinds_of(self, account: str) -> Iterator[CallerClass]:
        own = account == self._account.id
        root = self._iam(account) + "root"
        if not own and not self._kinds_differ:
            yield self._unnamed(account, Kind.ROLE, root)
            return
        yield self._unnamed(account, Kind.ROLE)
        yield self._unnamed(account, Kind.USER)
        if not self._trust:
            yield CallerClass(root, root, self._unknown(Kind.ROOT, account))
            if self._kinds_differ:
                federated = f"arn:{self._account.partition}:sts::{account}:federated-user/{PROBE}"
                yield CallerClass(federated, federated, self._unknown(Kind.FEDERATED_USER, account))

    def _unnamed(self, account: str, kind: Kind, label: str = "") -> CallerClass:
        """Return the class of all roles or users of an account that no policy names as a principal."""
        prefix = f"{self._iam(account)}{kind.value}/"
        shape = Shape(prefix, NAME_CHARACTERS, path=True)
        unknown = self._unknown(kind, account, shape, hidden=_HIDDEN)
        return CallerClass(label or prefix + PROBE, prefix + PROBE, unknown)

    # Named principals.

    def _of_named(self, kind: str, value: str) -> Iterator[CallerClass]:
        if kind != "AWS":
            yield self._plain(value)
        elif value.startswith("arn:"):
            who = caller(value)
            if who.kind is Kind.ROOT:
                return  # the entire account
            entity = self._entity(value)
            unknown = self._unknown(who.kind, who.account)
            if entity is not None:
                unknown = self._unknown(who.kind, who.account, presence=key_presence(who.kind, entity, self._account))
            yield CallerClass(value, value, unknown, entity=entity)
        elif _UNIQUE_ID.fullmatch(value):
            yield self._by_id(value)
        elif not _ACCOUNT.fullmatch(value):
            self.uncovered[value] = None

    def _entity(self, arn: str) -> Role | User | None:
        parsed = Arn.parse_entity(arn, "role", "user")
        if parsed is None or parsed.account != self._account.id:
            return None
        if parsed.type == "role":
            return self._account.role(arn)
        return next((one for one in self._account.users or () if one.arn == arn), None)

    def _by_id(self, value: str) -> CallerClass:
        known = next((one for one in _existing(self._account) if one.id == value), None)
        kind = Kind.ROLE if value.startswith("AROA") else Kind.USER
        if known is not None:
            presence = key_presence(kind, known, self._account)
            context = {"aws:PrincipalId": (value,)}
            return CallerClass(known.arn, known.arn, self._unknown(kind, None, presence=presence), context, known)
        unnamed = self._unnamed(self._account.id, kind)
        user_id = f"{value}:{PROBE}" if kind is Kind.ROLE else value
        return CallerClass(value, unnamed.principal, unnamed.unknown, {"aws:userid": (user_id,)})

    def _plain(self, value: str) -> CallerClass:
        """Return the class of a service, a provider or a canonical user, which have no policies of their own."""
        kind = caller(value).kind
        presence = key_presence(kind, None, None)
        if kind is not Kind.PROVIDER:
            return CallerClass(value, value, self._unknown(kind, None, presence=presence))
        # The provider's ARN and account are not those of a principal: the caller does not have one yet.
        hidden = frozenset({"aws:principalarn", "aws:principalaccount"})
        unknown = self._unknown(kind, None, presence=_of_provider(value, presence), hidden=hidden)
        return CallerClass(value, value, unknown)

    def _services(self) -> Iterator[str]:
        for key in ("aws:principalservicename", "aws:principalservicenameslist"):
            for value in self._values.get(key, ()):
                name = value.replace("*", PROBE).replace("?", "x")
                if caller(name).kind is Kind.SERVICE:
                    yield name
                else:
                    self.uncovered[value] = None

    # Roles and users that exist.

    def _entities(self) -> Iterator[CallerClass]:
        """Yield the roles and users of the account that no policy names, if conditions depend on their properties."""
        if not any(key in _HIDDEN or key.startswith("aws:principaltag/") for key in self._keys):
            return
        named = {value for _, value in self._named}
        for entity in _existing(self._account):
            if entity.arn in named or (isinstance(entity, Role) and entity.service_linked):
                continue
            kind = Kind.ROLE if isinstance(entity, Role) else Kind.USER
            presence = key_presence(kind, entity, self._account)
            yield CallerClass(
                entity.arn, entity.arn, self._unknown(kind, self._account.id, presence=presence), entity=entity
            )


def _existing(account: Account) -> list[Role | User]:
    return [*account.roles, *(account.users or ())]


def _statements(policies: Iterable[NamedPolicy]) -> Statements:
    return tuple(one for policy in policies for one in compiled(policy.document).statements)


def _principals(statements: Statements) -> Iterator[tuple[str, str]]:
    for one in statements:
        for kind, value in one.principal.pairs if one.principal is not None else ():
            if value != "*":
                yield kind, value


def _account_part(key: str, value: str) -> str:
    """Return the account part of a condition's value for the caller's ARN or account; "" if there is none."""
    parts = value.split(":")
    return value if key == "aws:principalaccount" else parts[4] if len(parts) > 4 else ""


def _digits(pattern: str) -> int:
    return sum(map(str.isdigit, pattern))


def _account_of(value: str) -> Iterator[str]:
    account = caller(value).account
    if account is not None and _ACCOUNT.fullmatch(account):
        yield account


def _of_provider(provider: str, presence: KeyPresence) -> Callable[[str], Presence]:
    """Return the presence of keys in requests with this provider's token. They lack the keys of other providers."""
    name = "saml" if ":saml-provider/" in provider else provider.rpartition("oidc-provider/")[2].lower()

    def found(key: str) -> Presence:
        prefix = key.rpartition(":")[0]
        of_a_provider = prefix == "saml" or "." in prefix.partition("/")[0]
        return Presence.NEVER if of_a_provider and prefix != name else presence(key)

    return found
