"""Lake Formation refuses a location: grants on tables are no cause, and the fix names the caller's role."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "An error occurred (AccessDeniedException) when calling the CreateTable operation: Insufficient Lake Formation "
    "permission(s) on {}"
)
CALLER = "arn:aws:sts::444455556666:assumed-role/loader/run-7"


@pytest.mark.parametrize(("caller", "role"), [(f"\nas {CALLER}", "role/loader"), ("", "ROLE-ARN")])
def test_the_location_is_granted_to_the_role(caller: str, role: str) -> None:
    answer = collect_offline(read_text(f"{REFUSED.format('s3://lake/raw/orders/')}{caller}")[0])
    assert not any("SELECT" in each.cause for each in answer.first_look)
    assert f"{role} --permissions DATA_LOCATION_ACCESS" in answer.fixes[0].change.text  # type: ignore[union-attr]


def test_a_refused_table_is_still_granted_as_a_table() -> None:
    answer = collect_offline(read_text(REFUSED.format("orders"))[0])
    assert "SELECT" in answer.first_look[0].cause


@pytest.mark.parametrize(
    ("table", "temporary"),
    [("temp_table_f225f0cb9ad4491390163ca0d0c16f98", True), ("temp_table_of_march", False), ("scores", False)],
)
def test_tables_that_awswrangler_makes_and_deletes(table: str, temporary: bool) -> None:
    text = (
        "An error occurred (AccessDeniedException) when calling the DeleteTable operation: Insufficient Lake Formation "
        f"permission(s): Required Drop on {table}"
    )
    first = collect_offline(read_text(text)[0]).first_look[0]
    assert ("ctas_approach=False" in first.cause) is temporary
