"""Determine whether the user of this program is the caller."""

from __future__ import annotations

from diagnostics.access_denied.request.caller import Caller, identify
from iam.policy.principal import Kind
from iam.sources.reader.opened import OpenedAccount


def is_you(caller: Caller, opened: OpenedAccount) -> bool:
    """Return whether this program runs as the caller.

    It does if it runs as the same user or session. If the text names only a role, any session of that role counts. If
    the text names another session of the role, the answer is False, because that session may be somebody else's.
    """
    running = opened.reader.caller().value
    if running is None or caller.arn is None:
        return False
    if running.arn == caller.arn:
        return True
    own = identify(running.arn, opened)
    return caller.kind is Kind.ROLE and own.kind is Kind.SESSION and own.entity_arn == caller.entity_arn is not None
