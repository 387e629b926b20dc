"""What the words around a denial's sentence name."""

from __future__ import annotations

from diagnostics.failure import Denial
from diagnostics.text.read.parse import parse

_DENIAL = (
    "deploy fails: User: arn:aws:sts::111122223333:assumed-role/ci/gh is not authorized to perform: "
    "lambda:UpdateFunctionCode on resource: arn:aws:lambda:eu-west-1:111122223333:function:pay because no "
    "identity-based policy allows the lambda:UpdateFunctionCode action"
)
_CONFLICT = (
    "An error occurred (ResourceConflictException) when calling the UpdateFunctionCode operation: The operation cannot "
    "be performed at this time. An update is in progress for resource: pay"
)


def test_the_code_of_the_next_error_is_not_the_denials() -> None:
    found = parse(f"Thursday 17:02 jo: {_DENIAL}\nFriday 09:01 jo: now it says: {_CONFLICT}\n")
    assert [each.code for each in found if isinstance(each, Denial)] == [None]


def test_the_code_before_the_sentence_is() -> None:
    whole = f"An error occurred (AccessDeniedException) when calling the UpdateFunctionCode operation: {_DENIAL[15:]}"
    denial = parse(f"{whole}\n{_CONFLICT}\n")[0]
    assert isinstance(denial, Denial) and (denial.code, denial.operation) == (
        "AccessDeniedException",
        "UpdateFunctionCode",
    )
