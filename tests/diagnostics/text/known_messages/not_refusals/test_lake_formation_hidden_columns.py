"""A column that a grant or data filter of Lake Formation hides is why a query in the text cannot use it."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

FAILS = "SYNTAX_ERROR: line 1:8: Column 'iban' cannot be resolved"
BOTH = f"COLUMN_NOT_FOUND: {FAILS.partition(': ')[2]} or requester is not authorized to access requested resources"
FILTER = """DataCellsFilter:
  ColumnWildcard:
    ExcludedColumnNames:
      - bic
      - {}
"""


@pytest.mark.parametrize("text", [
    f'{BOTH}\n{{"TableWithColumns": {{"Name": "a", "ColumnWildcard": {{"ExcludedColumnNames": ["bic", "iban"]}}}}}}',
    f"{FILTER.format('iban')}\nThe analyst gets {FAILS}",
    f'{FAILS}\ntable_with_columns {{\n  wildcard = true\n  excluded_column_names = ["iban"]\n}}',
])  # fmt: skip
def test_an_excluded_column(text: str) -> None:
    found = diagnosed(text).verdict
    assert "hides the column iban from the caller: in the text, ExcludedColumnNames has it" in found.summary


def test_a_list_of_columns_without_the_column() -> None:
    text = f'{FAILS}\n{{"TableWithColumns": {{"Name": "a", "ColumnNames": ["id", "city"]}}}}'
    assert "do not contain it" in diagnosed(text).verdict.summary
    assert "do not contain it" not in diagnosed(text.replace('"id"', '"iban"')).verdict.summary


def test_another_excluded_column_is_not_the_reason() -> None:
    assert "hides the column" not in diagnosed(f"{FILTER.format('phone')}\n{BOTH}").verdict.summary
