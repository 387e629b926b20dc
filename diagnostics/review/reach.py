"""Access from outside the organization, evaluated with the resource policies' own Deny statements and the RCPs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from iam.arn import service_of
from iam.facts.vendor_accounts import vendor_of
from iam.foreign_text import visible
from iam.key_presence import key_presence
from iam.layers import organization_layers
from iam.lazy_pattern import regex
from iam.organization.accounts import Accounts
from iam.policy.condition_keys import KeyPresence
from iam.policy.document import Document, PolicyError
from iam.policy.layer import Layer
from iam.policy.match import compile_glob
from iam.policy.principal import Kind, caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.shared_providers import TELLING_KEYS, issuer_of
from iam.policy.statements import Statement
from iam.policy.unknown_keys import Certainty, Judged, Possibility, possible
from iam.policy.words import wish
from iam.questions.access_question import AccessQuestion, applicable_policies
from iam.questions.catalogue import catalogue
from iam.questions.principal_answer import actions_of
from iam.sources.reader.opened import OpenedAccount
from iam.words import listing

MOST_ACTIONS = 100
_MOST_NAMED = 3
_OURS = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount")
_EVERYONE_BUT = "everyone but some"
_NO_ACCOUNT = "000000000000"
"""An account ID that no account has. It represents any outside account."""
_OF_ONE = ("aws:principalarn", "aws:userid", "aws:username", "aws:principaltype", "aws:multifactorauthpresent")
"""Condition keys whose values differ between the principals of one account."""
CANONICAL = "canonical-user"
_CANONICAL_ID = regex(r"[0-9a-f]{64}")
"""https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-identifiers.html"""
_MAY_BE_OURS = "the canonical user ID belongs to one of our accounts, which no policy shows"
_ENTITY = regex(r"arn:aws[a-z-]*:iam::[\d*?]+:(?:role|user)/[\w+=,.@*?/-]+")
_EVERYTHING = NamedPolicy(
    Document('{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}')
)


@dataclass(frozen=True, slots=True)
class Reach:
    """An outside principal that a statement in a resource policy or in a role's trust policy allows.

    ``conditions`` are those of the statement, ``unless`` are the Deny statements and RCPs that may deny it, and
    ``refused`` are the actions among the statement's that a Deny certainly denies. ``certain``: the decision of the
    resource's policies depends on nothing unknown.
    """

    account: str
    resource: str
    who: str
    kind: str
    actions: tuple[str, ...]
    statement: int
    sid: str | None
    conditions: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    certain: bool = True

    def json(self) -> dict[str, Any]:
        return {
            "account": self.account,
            "resource": self.resource,
            "who": self.who,
            "kind": self.kind,
            "actions": list(self.actions),
            "statement": self.statement,
            "sid": self.sid,
            "conditions": list(self.conditions),
            "unless": list(self.unless),
            "refused": list(self.refused[:MOST_ACTIONS]),
            "certain": self.certain,
            "vendor": self._vendor(),
        }

    def _vendor(self) -> dict[str, str | None] | None:
        """Return the vendor that owns the account, the page that says so and the date it was read; or None."""
        number = self.who if self.who.isdigit() else caller(self.who).account
        found = vendor_of(number) if number is not None else None
        if found is None:
            return None
        return {
            "name": found.vendor,
            "page": found.page,
            "list": found.list,
            "read_on": found.read_on.isoformat(),
            "words": found.words,
        }


def ours(accounts: Accounts, account: str) -> frozenset[str]:
    """Return the accounts that count as inside for ``account``.

    They are those of its organization or, if it has none, all accounts that were read.
    """
    tree = accounts.tree_of(account)
    members = tree.members if tree is not None else None
    return frozenset(each.id for each in members) if members is not None else frozenset(accounts.ids)


def reach_into(opened: OpenedAccount, accounts: Accounts, own: frozenset[str] | None = None) -> Iterator[Reach]:
    """Yield the access that outside principals have. ``own`` are the accounts inside, by default `ours`. May block."""
    account, own = opened.account, ours(accounts, opened.account.id) if own is None else own
    tree = accounts.tree_of(account.id)
    organization = tree.id if tree is not None else ""
    held: list[tuple[str, Document]] = [(role.arn, role.trust) for role in account.roles if role.trust is not None]
    held += sorted((opened.reader.resource_policies().value or {}).items())
    for resource, document in held:
        for statement in document.readable_statements:
            if statement.effect != "Allow" or _narrowed_to_us(statement, own, organization):
                continue
            for kind, value in statement.principal or (("AWS", _EVERYONE_BUT),):
                if (of := _outside(kind, value, {*own, account.id})) is not None:
                    found = _Entering(opened, resource, document, statement, value).reach(of)
                    if found is not None:
                        yield found


def _outside(kind: str, value: str, own: Iterable[str]) -> str | None:
    """Return the kind of an outside principal; None for our own principals and providers, and for services."""
    if value in ("*", _EVERYONE_BUT):
        return "everyone"
    if kind == "CanonicalUser":
        return CANONICAL
    if kind == "Federated":
        # Providers whose tokens many customers get: Google, Amazon and Facebook are given by name, others by ARN.
        shared = not value.startswith("arn:") or issuer_of(value).lower() in TELLING_KEYS
        return "identity-provider" if shared else None
    if kind not in ("AWS", "*"):
        return None
    number = value if value.isdigit() else caller(value).account
    if number is None or number in own:
        return None
    return "account" if value.isdigit() or caller(value).kind is Kind.ROOT else caller(value).kind.value


def _narrowed_to_us(statement: Statement, own: frozenset[str], organization: str) -> bool:
    """Return whether a condition limits the statement to callers from our accounts."""
    for block in statement.conditions:
        key, operator = block.key.lower(), block.operator.lower()
        absent_passes = operator.startswith("forallvalues") or operator.endswith("ifexists") or operator == "null"
        if key not in _OURS or "not" in operator or absent_passes:
            continue
        if key == "aws:principalaccount":
            if all(value in own for value in block.values):
                return True
        elif organization and all(value.partition("/")[0] == organization for value in block.values):
            return True
    return False


class _Entering:
    """An outside principal in an Allow statement, evaluated with the policy's Deny statements and the RCPs."""

    def __init__(
        self, opened: OpenedAccount, resource: str, document: Document, statement: Statement, who: str
    ) -> None:
        self._opened, self._resource, self._statement, self._who = opened, resource, statement, who
        self._document = document
        number = who if who.isdigit() else caller(who).account
        self._everyone = number is None and who in ("*", _EVERYONE_BUT)
        partition = opened.account.partition
        self._canonical = number is None and _CANONICAL_ID.fullmatch(who) is not None
        one = caller(who).kind in (Kind.USER, Kind.ROLE, Kind.SESSION, Kind.PROVIDER) or self._canonical
        # The account's ARN would mean the root user, which cannot assume a role.
        self._principal = who if one else f"arn:{partition}:iam::{number or _NO_ACCOUNT}:role/any-name"
        hidden: tuple[str, ...] = () if one else _OF_ONE
        self._hidden = (*hidden, "aws:principalaccount") if self._everyone else hidden

    def reach(self, kind: str) -> Reach | None:
        """Return what the statement allows the principal to do, or None if all of it is denied."""
        statement = self._statement
        found: list[Possibility] = []
        refused = 0
        actions: list[str] = []
        unread = False
        for pattern in self._patterns():
            reached = False
            for resource in self._resources():
                gathered = organization_layers(
                    Request(self._principal, pattern, resource, self._opened.account.id),
                    self._opened.account,
                    self._opened.reader,
                    self._opened.accounts,
                )
                unread = unread or any(one.unread and one.layer is Layer.RCP for one in gathered.readings)
                try:
                    for part, one in self._decided(pattern, resource, gathered.policies.rcps):
                        if one is None:
                            refused |= part
                        else:
                            reached = True
                            found.append(one)
                except PolicyError:  # AWS would reject the document, so what it denies is unknown
                    reached = unread = True
            if reached:
                actions.append(pattern)
        if not actions:
            return None
        unless = tuple(dict.fromkeys(_denies(each) for one in found for each in one.unless))
        unless += (_MAY_BE_OURS,) * self._canonical
        unless += ("an RCP or another statement that was not read denies it",) * unread
        conditions = tuple(wish(block.operator, block.key, block.values) for block in statement.conditions)
        return Reach(
            self._opened.account.id,
            self._resource,
            self._who,
            kind,
            tuple(actions) if statement.action else ("all but some",),
            statement.index,
            statement.sid,
            conditions,
            unless,
            tuple(catalogue().actions(refused)) if refused else (),
            certain=not conditions and not unless and all(one.certain for one in found),
        )

    def _patterns(self) -> tuple[str, ...]:
        if ":role/" in self._resource:
            return self._statement.action or ("sts:AssumeRole",)
        every = f"{service_of(self._resource)}:*"
        return tuple(dict.fromkeys(every if each == "*" else each for each in self._statement.action or ("*",)))

    def _resources(self) -> Iterable[str]:
        """Return the statement's resources that are inside the resource with this policy, such as objects in a bucket.

        Wildcards in their names are filled in.
        """
        named = [text.replace("*", "any-name").replace("?", "x") for text in self._statement.resource or ()]
        concrete = [text for text in named if text.startswith(self._resource)]
        return dict.fromkeys(concrete or [self._resource])

    def _decided(
        self, pattern: str, resource: str, rcps: tuple[tuple[NamedPolicy, ...], ...] | None
    ) -> Iterator[tuple[int, Possibility | None]]:
        """Yield the decision for each class of actions that the pattern covers. A denial is None."""
        account = self._opened.account
        question = AccessQuestion(pattern, resource, account, {}, account.id, self._opened.accounts, account)
        alone = Policies(identity=(_EVERYTHING,), resource=NamedPolicy(self._alone(denies=False), "", self._resource))
        beside = NamedPolicy(self._alone(denies=True), "resource policy", self._resource)
        policies = replace(alone, resource=beside, rcps=rcps)
        for action, part in actions_of(question, policies, resource):
            applicable = applicable_policies(policies, action, resource)
            request, presence = self._asked(question, self._principal, action, resource)
            if not possible(request, alone, presence).allowed:
                continue  # not what the statement is about, or for principals other than outsiders
            found = possible(request, applicable, presence)
            if found.allowed:
                yield part, found
                continue
            spared = next(self._spared(question, applicable, action, resource), None)
            yield part, spared and replace(spared, certainty=Certainty.IF, unless=found.statements)

    def _spared(
        self, question: AccessQuestion, policies: Policies, action: str, resource: str
    ) -> Iterator[Possibility]:
        """Yield the decisions for principals that conditions name individually, if all others are denied."""
        if not self._hidden:
            return
        texts = [policy.document.text for level in policies.rcps or () for policy in level]
        texts += [policies.resource.document.text] if policies.resource is not None else []
        for arn in dict.fromkeys(arn for text in texts for arn in _ENTITY.findall(text)):
            number = arn.split(":", 5)[4]
            own = caller(self._principal).account or ""
            if self._everyone or compile_glob(number)(own):
                one = arn.replace(f"::{number}:", f"::{own}:", 1).replace("*", "any-name").replace("?", "x")
                request, presence = self._asked(question, one, action, resource)
                if (found := possible(request, policies, presence)).allowed:
                    yield found

    def _alone(self, *, denies: bool) -> Document:
        """Return the policy with only this Allow statement. With ``denies``, also include its Deny statements."""
        value = self._document.value
        written = value["Statement"]
        listed = written if isinstance(written, list) else [written]
        kept = {one.index for one in self._document.readable_statements if denies and one.effect != "Allow"}
        statements = [each for index, each in enumerate(listed) if index in kept or index == self._statement.index]
        return Document.from_value({**value, "Statement": statements})

    def _asked(
        self, question: AccessQuestion, principal: str, action: str, resource: str
    ) -> tuple[Request, KeyPresence]:
        """Return the request by an outside principal, and a function that returns which condition keys it contains."""
        request = question.request(principal, None, action, resource)
        context = {key: values for key, values in request.context.items() if key.lower() not in self._hidden}
        who = caller(principal)
        accounts = self._opened.accounts
        theirs = accounts.opened(who.account) if accounts is not None and who.account else None
        presence = key_presence(who.kind, None, theirs.account if theirs is not None else None)
        return replace(request, context=context), presence


def _denies(one: Judged) -> str:
    """Return a clause about a statement that denies.

    For example, ``only-our-org, statement 1 (RCP) denies it: aws:PrincipalOrgID to be other than o-abc``.
    """
    layer = f" ({one.layer.policy})" if one.layer is Layer.RCP else ""
    wishes = " and ".join(wish(block.operator, block.key, block.values) for block in one.conditions)
    return f"{one.policy.name}, statement {one.sid or one.statement + 1}{layer}, denies it" + (
        f": {wishes}" if wishes else ""
    )


def reach_lines(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each `Reach`, given as JSON, under one heading."""
    for number, one in enumerate(found):
        if not number:
            yield from ("", "FROM OUTSIDE")
        vendor = f" of {one['vendor']['name']}" if one["vendor"] else ""
        yield visible(f"  {one['who']}{vendor} to {one['resource']} ({action_words(one)}){condition_words(one)}")


def action_words(one: Mapping[str, Any]) -> str:
    """Return the actions that a `Reach`, given as JSON, allows, such as ``s3:*, not s3:GetObject``."""
    refused = f", not {listing(one['refused'], limit=_MOST_NAMED)}" if one["refused"] else ""
    return f"{listing(one['actions'], limit=_MOST_NAMED)}{refused}"


def condition_words(one: Mapping[str, Any]) -> str:
    """Return the conditions of a `Reach`, given as JSON: ``, if …, unless …``; "" if there are none."""
    conditions = f", if {listing(one['conditions'])}" if one["conditions"] else ""
    return conditions + (f", unless {listing(one['unless'], 'or')}" if one["unless"] else "")
