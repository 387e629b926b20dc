"""The policy of a function is not that of its alias."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:gate"
REFUSED = '{{"message":"PreSignUp invocation failed due to error AccessDeniedException."}}\n{{"PreSignUp": "{}"}}\n'
SHOWN = "$ aws lambda get-policy --function-name gate{} --query Policy\n"


@pytest.mark.parametrize(
    ("function", "option", "another"),
    [(f"{FUNCTION}:live", "", True), (f"{FUNCTION}:live", " --qualifier live", False), (FUNCTION, "", False)],
)
def test_the_permission_is_added_to_the_called_alias(function: str, option: str, another: bool) -> None:
    answer = collect_offline(read_text(REFUSED.format(function) + SHOWN.format(option))[0]).verdict.summary
    assert ("add the permission to live" in answer) is another
