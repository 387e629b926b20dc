"""Name the column of a table that Lake Formation does not grant to the caller of Athena."""

from __future__ import annotations

import re

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_REFUSED_COLUMN = regex(r"Column\s+'(?P<name>[^'\n]{1,128})'\s+cannot\s+be\s+resolved\s+or\s+requester")
_LISTS = regex(
    r"\b(?:glue[ \t]+get-table|DESCRIBE|DESC|SHOW[ \t]+COLUMNS)\b"
    r"(?:[^\n]*?\b(?:shows?|lists?|returns?|prints?)\b|[^\n]*)"
    r"|\bCREATE[ \t]+(?:EXTERNAL[ \t]+)?TABLE\b|\bcolumns?[ \t]+(?:are|is|exists?)\b[^\n]*|\"Columns\"[ \t]*:",
    re.IGNORECASE,
)
_LONGEST_LISTING = 1500
_ENDS_LISTING = regex(r"\n[ \t]*(?:\n|[^\n]{0,40}[$#>][ \t]|FAILED\b|SELECT\b)", re.IGNORECASE)
_TABLE = regex(r"\bfrom\s+[\"`]?(?P<database>\w+)[\"`]?\.[\"`]?(?P<table>\w+)", re.IGNORECASE)


def ungranted_column(text: str) -> ShownCause | None:
    """Return the cause if the text shows that the table has the column that Athena did not find.

    AWS Lake Formation Developer Guide, "Granting permissions on tables using the named resource method"
    (https://docs.aws.amazon.com/lake-formation/latest/dg/granting-table-permissions.html).
    """
    refused = _REFUSED_COLUMN.search(text)
    if refused is None or not _is_listed(refused["name"], text):
        return None
    name = refused["name"]
    table = _TABLE.search(text)
    of = f" of {table['database']}.{table['table']}" if table else ""
    where = (
        f'"DatabaseName":"{table["database"]}","Name":"{table["table"]}"'
        if table
        else '"DatabaseName":"DATABASE","Name":"TABLE"'
    )
    return ShownCause(
        f"The text shows that the table has the column {name}. So most likely Lake Formation does not grant this "
        "caller SELECT on the column: a Lake Formation administrator must grant it. No IAM policy can grant it.",
        f"Grant SELECT on the column {name}{of}, if the caller may see it",
        "aws lakeformation grant-permissions --principal DataLakePrincipalIdentifier=ROLE-ARN --permissions SELECT "
        f'--resource \'{{"TableWithColumns":{{{where},"ColumnNames":["{name}"]}}}}\'. A data filter on the '
        "table may also exclude the column: aws lakeformation list-data-cells-filter.",
    )


def _is_listed(column: str, text: str) -> bool:
    """Whether the output of a command that lists a table's columns names the column."""
    for found in _LISTS.finditer(text):
        shown = text[found.end() : found.end() + _LONGEST_LISTING]
        end = _ENDS_LISTING.search(shown, 1)
        if re.search(rf"(?<![\w-]){re.escape(column)}(?![\w-])", shown[: end.start() if end else None], re.IGNORECASE):
            return True
    return False
