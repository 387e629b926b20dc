"""Find services' errors next to a denial, in Terraform's blocks or in the lines of a log.

Terraform prints all of its errors, each in a separate block, and a program that scans an account logs one line for
each call that failed. An error that is not a denial is another failure with its own cause, which the denial must not
hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.clean.records import clean, records
from iam.lazy_pattern import regex

_MOST = 3
"""The maximum number of other errors that are added."""
_BLOCK = regex(r"\s*Error: [^\n]*\boperation error ")
_LINE = regex(
    r"\W{0,3}(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|ERROR\b|WARN|CRITICAL\b)"
    r"[^\n]{0,300}?\bAn error occurred \([A-Z]\w+\) when"
)


def errors_beside(found: Sequence[Failure], text: str) -> Iterator[OtherFailure]:
    """Yield services' errors that no failure covers: in a log, only those of services that are not set up.

    Nothing is yielded without a denial, because the errors are then read for another answer.
    """
    in_blocks = text.count("Error: ") > 1 and "operation error " in text
    in_lines = text.count("An error occurred (") > 1
    if not (in_blocks or in_lines) or not any(isinstance(each, Denial) for each in found):
        return
    from diagnostics.text.read.messages.service_errors import service_error  # most texts have one error

    known = {(each.operation or "").lower() for each in found if each.operation}
    known |= {(each.action or "").partition(":")[2].lower() for each in found if isinstance(each, Denial)}
    seen = 0
    for record in records(clean(text)):
        in_block = in_blocks and _BLOCK.match(record.text) is not None
        own = in_block or (in_lines and _LINE.match(record.text) is not None)
        error = service_error(record.text) if own else None
        if (
            error is None
            or not (in_block or NOT_SET_UP.search(error.said))
            or not error.code
            or error.operation.lower() in known
            or _OF_ACCESS.search(error.code)
        ):
            continue
        known.add(error.operation.lower())
        seen += 1
        if seen <= _MOST:
            yield OtherFailure(text=record.text, trouble=Trouble.UNRECOGNIZED, detail="no known error")


_OF_ACCESS = regex(r"Denied|Unauthori|Forbidden|Token|Credential|Signature|Authorization")

NOT_SET_UP = regex(r"\b(?:not|isn't) (?:been )?(?:subscribed|enabled|registered|onboarded|signed up|opted in)\b")
"""The message of a service that is not set up in the account or Region.

Calls behind other log lines may be retried or ignored.
"""
