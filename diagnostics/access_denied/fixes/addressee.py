"""Fixes that the caller has to carry out, where the caller is the one who asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.access_denied.request.caller import Caller, identify
from diagnostics.diagnosis import Step, Verdict
from diagnostics.fix import Fix, Who
from iam.account import Account
from iam.policy.principal import Kind
from iam.sources.reader import AccountReader

Part = Step | Verdict | Fix


def addressed(parts: Iterator[Part], caller: Caller, account: Account, reader: AccountReader) -> Iterator[Part]:
    """The parts as they come; what the caller has to do is for "you" where this program runs as that caller."""
    you: bool | None = None
    for part in parts:
        if isinstance(part, Fix) and part.who is Who.CALLER:
            if you is None:
                you = is_you(caller, account, reader)
            yield replace(part, who=Who.YOU) if you else part
        else:
            yield part


def is_you(caller: Caller, account: Account, reader: AccountReader) -> bool:
    """Whether this program's own identity is the caller: the same user or session, or a session of the role where the
    text names the role alone. Another session of the role may be somebody else's."""
    running = reader.caller().value
    if running is None or caller.arn is None:
        return False
    if running.arn == caller.arn:
        return True
    own = identify(running.arn, account, reader)
    return caller.kind is Kind.ROLE and own.kind is Kind.SESSION and own.entity_arn == caller.entity_arn is not None
