"""Lake Formation's settings that a caller may not change although its policy allows it."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

REFUSED = (
    "An error occurred (AccessDeniedException) when calling the PutDataLakeSettings operation: User: "
    "arn:aws:sts::111122223333:assumed-role/lake-setup/run is not authorized\n"
)
_ACTIONS = '["lakeformation:GetDataLakeSettings","lakeformation:PutDataLakeSettings"]'
ALLOWS = f'{{"Action":{_ACTIONS},"Resource":"*","Effect":"Allow"}}'
ADMINISTRATOR = "the caller's own role has to be a data lake administrator"


@pytest.mark.parametrize(
    "text",
    [
        f"{REFUSED}role policy: {ALLOWS}",
        f"AWS::CloudFormation::CustomResource | LakeAdmin | {REFUSED}Role of that function: {ALLOWS}",
        f"$ aws lakeformation put-data-lake-settings --data-lake-settings file://s.json\n{REFUSED}Policy: {ALLOWS}",
    ],
)
def test_what_the_policy_allows_is_decided_by_the_list_of_administrators(text: str) -> None:
    answer = answer_to(text)
    assert ADMINISTRATOR in answer
    assert "cut off" not in answer


@pytest.mark.parametrize(
    "text", [REFUSED, f"{REFUSED}{ALLOWS.replace('Put', 'List')}", f"{REFUSED.replace('Put', 'Get')}{ALLOWS}"]
)
def test_without_an_allow_and_of_another_call_it_is_not_said(text: str) -> None:
    assert ADMINISTRATOR not in answer_to(text)
