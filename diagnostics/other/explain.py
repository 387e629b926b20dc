"""The cause of a failure that is neither a denial nor a name conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostics.diagnosis import Confidence, Fix, Step, Verdict
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.other.offline import cause_of, message_step
from iam.account import Account
from iam.sources.reader import AccountReader

# What people meet when they make or delete something, and take for a name conflict.
_NEXT_TO_CONFLICTS = (Trouble.QUOTA, Trouble.DELETE_CONFLICT, Trouble.CONCURRENT)


def explain(
    failure: OtherFailure,
    account: Account,
    reader: AccountReader,
    context: Mapping[str, tuple[str, ...]],
    *,
    role: str | None = None,
) -> Iterator[Step | Verdict | Fix]:
    """See `diagnostics.diagnose.diagnose`."""
    if failure.trouble in _NEXT_TO_CONFLICTS:
        from diagnostics.already_exists import explain_other

        yield from explain_other(failure, account, reader)
        return
    yield message_step(failure)
    cause, sentence = cause_of(failure)
    yield Verdict(cause, Confidence.UNKNOWN if cause == "unreadable" else Confidence.CERTAIN, sentence)
