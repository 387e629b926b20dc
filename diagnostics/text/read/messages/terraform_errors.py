"""Find Terraform's errors next to a denial. Terraform prints all of its errors, each in a separate block.

An error that is not a denial is another failure with its own cause, which the denial must not hide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.failure import Denial, Failure, OtherFailure, Trouble
from diagnostics.text.read.clean.records import clean, records
from iam.lazy_pattern import regex

_MOST = 3
"""How many other errors are added at most."""
_BLOCK = regex(r"\s*Error: [^\n]*\boperation error ")


def errors_beside(found: Sequence[Failure], text: str) -> Iterator[OtherFailure]:
    """Yield the services' errors in Terraform's blocks that none of the failures covers.

    Nothing is yielded without a denial, because the errors are then read for another answer.
    """
    if (
        text.count("Error: ") < 2
        or "operation error " not in text
        or not any(isinstance(each, Denial) for each in found)
    ):
        return
    from diagnostics.text.read.messages.service_errors import service_error  # most texts have one error

    known = {(each.operation or "").lower() for each in found if each.operation}
    known |= {(each.action or "").partition(":")[2].lower() for each in found if isinstance(each, Denial)}
    seen = 0
    for record in records(clean(text)):
        error = service_error(record.text) if _BLOCK.match(record.text) else None
        if error is None or not error.code or error.operation.lower() in known or _OF_ACCESS.search(error.code):
            continue
        known.add(error.operation.lower())
        seen += 1
        if seen <= _MOST:
            yield OtherFailure(text=record.text, trouble=Trouble.UNRECOGNIZED, detail="no known error")


_OF_ACCESS = regex(r"Denied|Unauthori|Forbidden|Token|Credential|Signature|Authorization")
