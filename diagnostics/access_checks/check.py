"""Three checks of documents, each answered with requests that a document allows.

- new access: what the new document allows and the old one does not (``CheckNoNewAccess``);
- granted access: which of some actions a document allows on some resources (``CheckAccessNotGranted``);
- public access: what a resource's policy allows to principals of any account (``CheckNoPublicAccess``).

Only the documents are compared: other policies that limit or grant access are ignored, as AWS ignores them.
https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-custom-policy-checks.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product

from diagnostics.access_checks.public import open_to_strangers
from iam.account import Account
from iam.key_presence import key_presence
from iam.lazy_pattern import regex
from iam.policy.compiled import compiled
from iam.policy.document import Document
from iam.policy.evaluate import evaluate
from iam.policy.lint import PolicyKind
from iam.policy.principal import Kind
from iam.policy.request import NamedPolicy, Policies, Request
from iam.questions.catalogue import PROBE
from iam.questions.change.callers_of_resource import let_in, who_may
from iam.questions.change.compare import access_change
from iam.questions.change.effects import GAINS, AccessEffect, Effects, effects_of, together
from iam.questions.change.key_values import NAME_CHARACTERS, Shape
from iam.questions.change.unknown_values import Unknown

ACCOUNT = "000000000000"
"""The account that is used if the documents name none."""


class Outcome(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Grant:
    """Access that a document grants.

    ``actions`` are allowed on the same resource; ``effect`` is the access for the first action. ``effect.request`` is
    an example of an allowed request; None if no values are known that would make a request allowed.
    """

    effect: AccessEffect
    actions: tuple[str, ...]
    statements: tuple[tuple[int, str | None], ...] = ()
    """The document's statements that allow the request: their index from 0, and their Sid."""


@dataclass(frozen=True, slots=True)
class AccessCheck:
    """The result of a check.

    Unless everything was ``computed``, an empty ``grants`` does not mean that nothing is granted.
    """

    grants: tuple[Grant, ...] = ()
    computed: bool = True
    uncovered: tuple[str, ...] = ()
    """Values in the documents that the check did not take into account."""

    @property
    def outcome(self) -> Outcome:
        if self.grants:
            return Outcome.FAIL
        return Outcome.PASS if self.computed and not self.uncovered else Outcome.UNDECIDED


def new_access(old: Document, new: Document, kind: PolicyKind, resource: str = "") -> AccessCheck:
    """Return what ``new`` allows and ``old`` does not. ``resource`` is the ARN of the resource that has these policies.

    Raises `PolicyError` for a document that AWS would not save.
    """
    if kind is PolicyKind.IDENTITY:
        return _checked(_of_identity(old, new), new, kind)
    account = _account((old, new), resource)
    before, after = (Policies(resource=NamedPolicy(each)) for each in (old, new))
    return _checked(let_in(before, after, _request(kind, resource, account), account), new, kind)


def granted_access(
    document: Document, kind: PolicyKind, actions: Sequence[str], resources: Sequence[str], resource: str = ""
) -> AccessCheck:
    """Return which of ``actions`` a document allows on ``resources`` (both may have wildcards; empty means all).

    Raises `PolicyError`.
    """
    limited = _limited(document, kind, actions, resources)
    nothing = Document.from_value({"Version": "2012-10-17", "Statement": []})
    if kind is PolicyKind.IDENTITY:
        return _checked(_of_identity(nothing, limited), limited, kind)
    return _checked(_who_may(limited, kind, resource), limited, kind)


def public_access(document: Document, kind: PolicyKind, resource: str = "") -> AccessCheck:
    """Return what a resource's policy allows to principals of any account, or to callers without credentials.

    Raises `PolicyError`.
    """
    effects = _who_may(document, kind, resource)
    public = tuple(one for each in effects.found if (one := open_to_strangers(each)) is not None)
    return _checked(replace(effects, found=public), document, kind)


def _limited(document: Document, kind: PolicyKind, actions: Sequence[str], resources: Sequence[str]) -> Document:
    """Return the document limited to these actions and resources: a Deny for all others is added."""
    value = document.value
    statements = value.get("Statement", [])
    denies: list[Mapping[str, object]] = []
    whom = {} if kind is PolicyKind.IDENTITY else {"Principal": "*"}
    on = {} if kind is PolicyKind.TRUST else {"Resource": "*"}
    if actions:
        denies.append({"Effect": "Deny", **whom, "NotAction": list(actions), **on})
    if resources and kind is not PolicyKind.TRUST:
        denies.append({"Effect": "Deny", **whom, "Action": "*", "NotResource": list(resources)})
    listed = statements if isinstance(statements, list) else [statements]
    return Document.from_value({**value, "Statement": [*listed, *denies]})


def _of_identity(old: Document, new: Document) -> Effects:
    """Return what any role or user gains.

    Condition keys that distinguish roles or users from each other are treated as unknown.
    """
    before, after = (Policies(identity=(NamedPolicy(each),)) for each in (old, new))
    numbers = _accounts((old, new))
    found = [Effects(uncovered=numbers[MOST_ACCOUNTS:])]
    for number, kind in product(numbers[:MOST_ACCOUNTS], (Kind.ROLE, Kind.USER)):
        account = _account((old, new), f"arn:aws:iam::{number}:root")
        prefix = f"arn:{account.partition}:iam::{account.id}:{kind.value}/"
        unknown = Unknown(
            key_presence(kind, None, account),
            _HIDDEN,
            Shape(prefix, NAME_CHARACTERS, path=True),
            int(account.now.timestamp()),
        )
        request = Request(prefix + PROBE, "*")
        found.append(effects_of(access_change(before, after, request, account, unknown=unknown), prefix + PROBE))
    return together(found)


MOST_ACCOUNTS = 8
"""The maximum number of accounts for which the policies are evaluated, one after another."""


def _accounts(documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the accounts that a principal with these identity policies may be in.

    They are the accounts of the resources that the policies name, and those that their conditions test for.
    """
    statements = [one for each in documents for one in compiled(each).statements]
    texts = [text for one in statements for text in one.statement.resource or one.statement.not_resource or ()]
    written_accounts = [
        value
        for one in statements
        for condition in one.conditions
        if condition.key in _ABOUT_ACCOUNTS
        for value in condition.block.values
    ]
    numbers = dict.fromkeys(number for text in written_accounts for number in _NUMBER.findall(text))
    own = next((number for text in texts for number in _NUMBER.findall(text)), ACCOUNT)
    return tuple(dict.fromkeys((own, *numbers, *([ACCOUNT] if written_accounts else []))))


_NUMBER = regex(r"(?<!\d)\d{12}(?!\d)")
_ABOUT_ACCOUNTS = ("aws:principalarn", "aws:principalaccount", "aws:resourceaccount", "s3:resourceaccount")
_HIDDEN = frozenset({"aws:principalarn", "aws:username", "aws:principalaccount"})


def _who_may(document: Document, kind: PolicyKind, resource: str) -> Effects:
    account = _account((document,), resource)
    return who_may(Policies(resource=NamedPolicy(document)), _request(kind, resource, account), account)


def _checked(effects: Effects, document: Document, kind: PolicyKind) -> AccessCheck:
    alike: dict[AccessEffect, list[AccessEffect]] = {}
    for one in effects.of(*GAINS):
        alike.setdefault(replace(one, kind=GAINS[0], action="", witness=""), []).append(one)
    grants = tuple(
        Grant(same[0], tuple(dict.fromkeys(each.action for each in same)), tuple(_allowing(document, kind, same[0])))
        for same in alike.values()
    )
    return AccessCheck(grants, effects.fully_computed and not effects.uncounted, effects.uncovered)


def _allowing(document: Document, kind: PolicyKind, effect: AccessEffect) -> Iterator[tuple[int, str | None]]:
    """Yield the index and the Sid of each statement that allows the request that ``effect`` describes."""
    if effect.request is None:
        return
    named = NamedPolicy(document)
    policies = Policies(identity=(named,)) if kind is PolicyKind.IDENTITY else Policies(resource=named)
    for reason in evaluate(effect.request, policies).reasons:
        if reason.effect == "Allow":
            yield reason.statement, reason.sid


def _account(documents: Iterable[Document], resource: str) -> Account:
    """Return an account of which only the ID and the partition are known."""
    text = "".join((resource, *(each.text for each in documents)))
    partition = match[1] if (match := re.search(r"arn:(aws[a-z-]{0,20}):", text)) else "aws"
    number = match[1] if (match := re.match(r"arn:[^:]{1,30}:[^:]{1,40}:[^:]{0,40}:(\d{12}):", resource)) else ACCOUNT
    return Account(number, "documents", datetime.now(UTC), caller_arn=f"arn:{partition}:iam::{number}:root")


def _request(kind: PolicyKind, resource: str, account: Account) -> Request:
    """Return the request to evaluate. With ``*``, its resource is whatever the policy's Resource elements name."""
    if kind is PolicyKind.TRUST:
        role = resource or f"arn:{account.partition}:iam::{account.id}:role/{PROBE}"
        return Request(None, "sts:AssumeRole", role, account.id)
    return Request(None, "*", resource or "*", account.id)
