"""Plans of the builders, carried out and undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from iam.account import Account, Role
from iam.changes.builders.policies import (
    attach,
    put_inline,
)
from iam.changes.builders.roles import (
    disable_role,
    edit_role,
    revoke_sessions,
    set_boundary,
    update_trust,
)
from iam.changes.plan import Plan
from tests.support.accounts.documents import LOGS, READ, trust

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


BOUNDARY = "arn:aws:iam::111122223333:policy/DeveloperBoundary"


NAME = "orders-api-lambda"


def role_of(reader: AwsReader, name: str = NAME) -> Role:
    role = reader.role(name).value
    assert role is not None
    return role


CHANGES: dict[str, Callable[[Role, Account, AwsReader], Plan]] = {
    "trust": lambda role, account, _: update_trust(role, trust("glue.amazonaws.com").text, account),
    "boundary": lambda role, account, _: set_boundary(role, BOUNDARY, account),
    "description": lambda role, account, _: edit_role(role, account, description="new words"),
    "session": lambda role, account, _: edit_role(role, account, max_session_seconds=7200),
    "tags": lambda role, account, _: edit_role(role, account, tags={"team": "other", "new": "x"}),
    "everything": lambda role, account, _: edit_role(
        role, account, description="d", max_session_seconds=43_200, tags={"only": "this"}
    ),
    "a new inline policy": lambda role, account, _: put_inline(role, "read", READ.text, account),
    "a replaced inline policy": lambda role, account, _: put_inline(role, "orders-table-rw", READ.text, account),
    "attach": lambda role, account, _: attach(role, "arn:aws:iam::aws:policy/ReadOnlyAccess", account),
    "detach": lambda role, account, _: attach(role, LOGS, account, detach=True),
    "disable": disable_role,
    "revoke": lambda role, account, reader: revoke_sessions(role, account, reader, account.now),
}
