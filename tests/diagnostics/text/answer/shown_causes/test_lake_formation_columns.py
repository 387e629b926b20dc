"""A column that the text lists, and Athena does not find, needs a grant of Lake Formation."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

COLUMN = (
    "COLUMN_NOT_FOUND: line 1:8: Column 'iban' cannot be resolved or requester is not authorized to access requested "
    "resources"
)
QUERY = "select iban from pay.accounts limit 1"


@pytest.mark.parametrize(
    "listing",
    (
        "$ aws glue get-table --database-name pay --name accounts --query 'Table.StorageDescriptor.Columns[].Name'\n"
        "id  iban  opened",
        "as admin: DESCRIBE pay.accounts\nid  string\niban  string",
        "glue get-table as the administrator lists id string, iban string, opened date",
        "DESCRIBE as admin shows: id, iban",
    ),
)
def test_a_column_that_is_listed_needs_a_grant(listing: str) -> None:
    answer = answer_to(f"{QUERY}\nFAILED: {COLUMN}\n\n{listing}")
    assert "The text shows that the table has the column iban" in answer
    assert '"DatabaseName":"pay","Name":"accounts","ColumnNames":["iban"]' in answer


def test_a_column_that_no_listing_names_may_be_missing() -> None:
    listing = "$ aws glue get-table --database-name pay --name accounts\nid  ibans  opened\n\n$ echo iban"
    assert "the table has no column of that name, or" in answer_to(f"{QUERY}\nFAILED: {COLUMN}\n\n{listing}")
