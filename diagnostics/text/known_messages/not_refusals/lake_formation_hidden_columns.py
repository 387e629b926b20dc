"""Columns that a grant or data filter of Lake Formation in the text hides from the caller of a query.

AWS Lake Formation developer guide, "Data filtering and cell-level security"
(https://docs.aws.amazon.com/lake-formation/latest/dg/data-filtering.html); API reference, "ColumnWildcard"
(https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_ColumnWildcard.html) and "DataCellsFilter"
(https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_DataCellsFilter.html).
"""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

_REFUSED = r"Column\s+[\"'](?P<column>[^'\"\n.]{1,128})[\"']\s+(?:cannot\s+be\s+resolved|does\s+not\s+exist)"
_LIST = (
    r"[\"']?\s*[:=]\s*(?:\[[^\]]{0,2000}?(?<![\w-])|\n(?:[ \t]*-[ \t][^\n]*\n){0,60}?[ \t]*-[ \t]*[\"']?)"
    r"(?P=column)(?![\w-])"
)
_EXCLUDED = rf"(?:Excluded_?Column_?Names{_LIST})"
_NAMED = rf"(?<!Excluded)(?<!Excluded_)\bColumn_?Names{_LIST}"
_ALLOWS_ALL = r"ColumnWildcard[\"']?\s*:\s*\{\s*\}"
_SUBJECT = r"Column\s+[\"']([^'\"\n.]{1,128})[\"']\s+(?:cannot|does)"
_FLAGS = re.MULTILINE | re.IGNORECASE

HIDDEN_COLUMNS: tuple[System, ...] = (
    made_system(
        "the columns that Lake Formation's grant excludes",
        "A Lake Formation administrator can take the column out of ExcludedColumnNames (of the grant or the data "
        "filter), or grant SELECT on the column. IAM refuses nothing here: its policies, including "
        "AdministratorAccess, grant no column. If the column is excluded on purpose, leave it out of the query.",
        rf"\A(?=[\s\S]*?{_REFUSED})(?=[\s\S]*{_EXCLUDED})[\s\S]*?{_REFUSED.replace('?P<column>', '')}",
        "cannot be resolved",
        "does not exist",
        flags=_FLAGS,
        subject=_SUBJECT,
        verdict="Lake Formation hides the column {name} from the caller: in the text, ExcludedColumnNames has it. "
        "Take it out there, or query without the column.",
        title="Take the column out of ExcludedColumnNames, if the caller may see it",
        sure=False,
    ),
    made_system(
        "the columns of Lake Formation's grant",
        "A Lake Formation administrator can add the column to the ColumnNames of the grant or data filter. IAM "
        "refuses nothing here: its policies, including AdministratorAccess, grant no column. Another grant may also "
        "contain the column: aws lakeformation list-permissions lists all. If the "
        "table has no column of that name, correct the query.",
        rf"\A(?=[\s\S]*?{_REFUSED})(?=[\s\S]*\b(?:TableWithColumns|DataCellsFilter|table_with_columns)\b)"
        rf"(?=[\s\S]*(?<!Excluded)\bColumn_?Names[\"']?\s*[:=])(?![\s\S]*{_NAMED})(?![\s\S]*{_ALLOWS_ALL})"
        rf"[\s\S]*?{_REFUSED.replace('?P<column>', '')}",
        "cannot be resolved",
        "does not exist",
        flags=_FLAGS,
        subject=_SUBJECT,
        verdict="Lake Formation most likely hides the column {name}: the ColumnNames that the text shows as granted do "
        "not contain it. Add the column to the grant, if the caller may see it.",
        title="Add the column to the grant, if the caller may see it",
        sure=False,
    ),
)
