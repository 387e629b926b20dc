"""The findings as a table of comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
import io

from diagnostics.review.run import Review
from iam.foreign_text import csv_cell

COLUMNS = (
    "severity",
    "rule",
    "subject",
    "title",
    "summary",
    "certainty",
    "hangs_on",
    "fix",
    "accepted",
    "until",
    "reference",
)


def to_csv(review: Review) -> str:
    """Return one row for each finding, under the headers in `COLUMNS`.

    The rows after the findings have the severity ``unread``: one for each part that could not be read, with the rules
    that are incomplete without it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in review.findings:
        accepted = one.accepted
        row = (
            one.severity.value,
            one.rule,
            one.subject,
            one.title,
            one.summary,
            "certain" if one.certain else "if",
            " ".join(one.hangs_on),
            one.fixes[0].title if one.fixes else "",
            accepted.reason if accepted else "",
            str(accepted.until or "") if accepted else "",
            one.references[0] if one.references else "",
        )
        writer.writerow([csv_cell(each) for each in row])
    for unread in review.unread:
        row = ("unread", " ".join(unread.rules), review.account.id, "Not read", unread.what, "", "", "", "", "", "")
        writer.writerow([csv_cell(each) for each in row])
    return out.getvalue()
