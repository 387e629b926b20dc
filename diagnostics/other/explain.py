"""The cause of a failure that is neither a denial nor a name conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostics.diagnosis import Confidence, Fix, Step, Verdict
from diagnostics.failure import OtherFailure
from diagnostics.other.offline import cause_of, message_step
from iam.account import Account
from iam.sources.reader import AccountReader


def explain(
    failure: OtherFailure,
    account: Account,
    reader: AccountReader,
    context: Mapping[str, tuple[str, ...]],
    *,
    role: str | None = None,
) -> Iterator[Step | Verdict | Fix]:
    """See `diagnostics.diagnose.diagnose`."""
    yield message_step(failure)
    cause, sentence = cause_of(failure)
    yield Verdict(cause, Confidence.UNKNOWN if cause == "unreadable" else Confidence.CERTAIN, sentence)
