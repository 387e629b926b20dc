"""Find the roles whose policies name an action: the filter's ``action:``. Documents are read: call it in a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iam.account import Account, ManagedPolicy, Role
from iam.policy.document import Document, PolicyError, Statement
from iam.policy.match import action_matcher, has_wildcard, overlap

if TYPE_CHECKING:
    from iam.sources.reader.account_reader import AccountReader
    from iam.sources.reader.reading import Reading


@dataclass(frozen=True, slots=True)
class SearchedRole:
    """The result for one role, given by its ARN.

    ``names`` is whether every action is named by some Allow statement; ``complete`` is False if a document could not be
    read, so that a negative result is not certain.
    """

    role: str
    names: bool
    complete: bool


def names_action(statement: Statement, action: str) -> bool:
    """Return whether an Allow statement names the action (which may contain wildcards)."""
    if statement.effect != "Allow":
        return False
    wanted = action.lower()

    def match(pattern: str) -> bool:
        return overlap(pattern.lower(), wanted) if has_wildcard(wanted) else action_matcher(pattern)(wanted)

    if statement.action is not None:
        return any(match(pattern) for pattern in statement.action)
    return statement.not_action is not None and not any(match(pattern) for pattern in statement.not_action)


class ActionSearch:
    """Searches roles for actions.

    ``on_role`` and ``on_policy`` are called with each role and policy that was read; both are kept for the next search.
    Deny statements are not subtracted and conditions are not evaluated, as the filter's help says.
    """

    def __init__(
        self,
        account: Account,
        reader: AccountReader,
        roles_read: Mapping[str, Reading[Role]],
        policies_read: Mapping[str, Reading[ManagedPolicy]],
        on_role: Callable[[str, Reading[Role]], object],
        on_policy: Callable[[str, Reading[ManagedPolicy]], object],
    ) -> None:
        self.account, self.reader = account, reader
        self.roles_read, self.policies_read = dict(roles_read), dict(policies_read)
        self.on_role, self.on_policy = on_role, on_policy

    def search(self, roles: Sequence[Role], actions: Sequence[str]) -> Iterator[SearchedRole]:
        for role in roles:
            documents, complete = self._documents(role)
            statements: list[Statement] = []
            for document in documents:
                try:
                    statements += document.unplaced_statements
                except PolicyError:
                    complete = False
            named = all(any(names_action(statement, action) for statement in statements) for action in actions)
            yield SearchedRole(role.arn, named, complete)

    def _documents(self, role: Role) -> tuple[list[Document], bool]:
        if not role.has_details:
            reading = self.roles_read.get(role.name)
            if reading is None:
                reading = self.roles_read[role.name] = self.reader.role(role.name)
                self.on_role(role.name, reading)
            if reading.value is None:
                return [], False
            role = reading.value
        documents = [policy.document for policy in role.inline or ()]
        complete = role.has_details
        for attached in role.attached or ():
            document = self._managed(attached.arn)
            if document is None:
                complete = False
            else:
                documents.append(document)
        return documents, complete

    def _managed(self, arn: str) -> Document | None:
        policy = self.account.policy(arn)
        if policy is not None and policy.document is not None:
            return policy.document
        reading = self.policies_read.get(arn)
        if reading is None:
            reading = self.policies_read[arn] = self.reader.managed_policy(arn)
            self.on_policy(arn, reading)
        return reading.value.document if reading.value else None
