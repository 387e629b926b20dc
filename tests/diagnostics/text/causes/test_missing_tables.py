"""Lake Formation refuses a table that does not exist: the caller lacks CREATE_TABLE on the database."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import causes

REFUSED = (
    "AccessDeniedException: Insufficient Lake Formation permission(s) on visits (Service: AWSGlue; Status Code: 400; "
    "Error Code: AccessDeniedException; Request ID: 1b2c)\n"
)


@pytest.mark.parametrize(
    "around",
    [
        "spark.sql('CREATE TABLE IF NOT EXISTS web.visits (id int)')",
        "$ aws glue get-table --database-name web --name visits\nAn error occurred (EntityNotFoundException) when "
        "calling the GetTable operation: Entity Not Found",
        "visits does not exist yet, the job is to make it",
    ],
)
def test_a_table_that_does_not_exist_needs_create_table_on_its_database(around: str) -> None:
    assert causes(f"{REFUSED}{around}")[0].startswith("Most likely the table visits does not exist yet, and")


@pytest.mark.parametrize(
    "around",
    [
        "SELECT * FROM web.visits",
        "CREATE TABLE web.daily AS SELECT * FROM web.visits",
        "CREATE TABLE web.visits (id int). The role has CREATE_TABLE on web",
    ],
)
def test_a_table_that_may_exist_needs_its_own_grants(around: str) -> None:
    assert not any("does not exist yet" in each for each in causes(f"{REFUSED}{around}"))
