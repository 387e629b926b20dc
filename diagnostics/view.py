"""Choose the account of an organization in which the explanation of a failure starts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from diagnostics.claims.kinds import Sentence, joined
from diagnostics.failure import Denial, Failure
from diagnostics.words import is_trust_action
from iam.arn import Arn, account_of
from iam.lazy_pattern import regex
from iam.organization.place import Place
from iam.policy.principal import caller

if TYPE_CHECKING:
    from collections.abc import Iterator

    from diagnostics.diagnosis import Diagnosis
    from iam.organization.accounts import Accounts
    from iam.sources.reader.opened import OpenedAccount

_NUMBER = regex(r"(?<![\w-])\d{12}(?![\w-])")
_WORD = regex(r"[\w+=,.@-]{3,64}")
MOST_WORDS = 200


def view_of(failure: Failure, accounts: Accounts, chosen: OpenedAccount | None = None) -> OpenedAccount | None:
    """Return the account to start in, or None if the text names none.

    This is the caller's account. If the text does not name that account, or it cannot be opened, it is the ``chosen``
    account. Without a chosen account, it is the resource's, or else the first account that the text names by ID, by
    name, or by a role that no other account has.
    """
    if chosen is not None:
        principal = failure.principal if isinstance(failure, Denial) and not failure.claims_trust else None
        number = caller(principal).account if principal and Arn.parse(principal) is not None else None
        return (accounts.opened(number) if number is not None else None) or chosen
    for number in _named(failure, accounts):
        opened = accounts.opened(number)
        if opened is not None:
            return opened
    return accounts.opened(accounts.ids[0]) if len(accounts.ids) == 1 else None


def with_unread_accounts(diagnosis: Diagnosis, accounts: Accounts) -> Diagnosis:
    """Return the diagnosis with a sentence about each account that the text names and that could not be opened.

    If what decides cannot be read, the first of these accounts becomes the account of the verdict.
    """
    unread: dict[str, str] = {}
    for number in _named(diagnosis.failure, accounts):
        standing = accounts.standing(number)
        if standing.place is Place.UNREAD:
            words = f"{standing.words[0].upper()}{standing.words[1:]}"
            unread[number] = f"{words} is in the organization but was not read: {standing.why}"
    if not unread:
        return diagnosis
    verdict = diagnosis.verdict
    sentences = (*(verdict.sentences or (Sentence(verdict.summary),)), *map(Sentence, unread.values()))
    account = next(iter(unread)) if verdict.cause == "unreadable" else verdict.account
    verdict = replace(verdict, account=account, summary=joined(sentences), sentences=sentences)
    return replace(diagnosis, verdict=verdict)


def _named(failure: Failure, accounts: Accounts) -> Iterator[str]:
    if isinstance(failure, Denial):
        principal = failure.principal if not failure.claims_trust else None
        if principal and (number := caller(principal).account):
            yield number
        elif principal and Arn.parse(principal) is None and len(holders := accounts.holders_of(principal)) == 1:
            yield holders[0]
        resource = failure.resource or ""
        if resource.startswith("arn:") and (owner := accounts.owner_of(resource)) is not None:
            yield owner
    text = failure.text
    yield from dict.fromkeys(_NUMBER.findall(text))
    words = [word.strip(".,=") for word in dict.fromkeys(_WORD.findall(text[:20_000]))][:MOST_WORDS]
    tree = accounts.tree
    names = {each.name: each.id for each in (tree.members if tree is not None else None) or () if each.name}
    yield from (names[word] for word in words if word in names)
    for word in words:
        if len(holders := accounts.holders_of(word)) == 1:
            yield holders[0]
    if isinstance(failure, Denial) and is_trust_action(failure.action) and failure.resource:
        yield from filter(None, (account_of(failure.resource),))
