"""What the command above a denial says of the call."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.call_settings import around


def test_the_value_of_a_secret_option_is_not_repeated() -> None:
    said = around("$ aws rds create-db-instance --engine mysql --master-user-password Hunter22secret\nAccessDenied")
    assert said.options == ("--engine mysql", "--master-user-password")


@pytest.mark.parametrize("command", ["aws s3 ls --profile dev", "cdk deploy --profile dev"])
def test_a_profile_of_a_tool_of_aws_is_read(command: str) -> None:
    found = around(f"$ {command}\nAccessDenied").profile_option
    assert found is not None and found.value == "dev"


def test_another_programs_profile_is_none_of_awss() -> None:
    assert around("$ docker compose --profile dev up\nAccessDenied").profile_option is None
