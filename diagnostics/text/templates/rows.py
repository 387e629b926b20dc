"""Read policies in tables, columns and named elements, as people copy them from a console or a wiki.

A row has actions and usually an effect, a principal, a resource and conditions, each in its own cell: ``| Allow |
s3:PutObject | arn:aws:s3:::b/* | |``. A block has labeled elements: ``Actions  PassRole``. The form of a cell shows
which element it is. The line above names the role, user or resource that has the policy; without such a line, a header
or an effect, rows are not a policy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from diagnostics.text.read.layout.tables import Line, lines_of
from diagnostics.text.templates.informal_lists import FIRST
from diagnostics.text.templates.policies import LAYERS, WrittenPolicy
from diagnostics.text.templates.row import ELEMENT, LEADS, OF_A_POLICY, Row
from iam.lazy_pattern import regex

_COLUMN = regex(
    r"#|no\.?|nr\.?|id|name|statement|sid|notes?|comments?|if|when|on|arn|allowed|(?:IAM )?service|effect"
    r"|(?:not ?)?actions?|permissions?|(?:on )?resources?(?: ARNs?)?|principals?|(?:request )?cond(?:itions?|\.)?"
    r"|(?:the )?(?:role|user|policy)(?: [\w+=,.@-]+)?",
    re.IGNORECASE,
)
"""The column names of a table of statements. A table with any other column is about something else."""
_OF_A_STATEMENT = regex(r"effect|(?:not ?)?actions?|permissions?|(?:on )?resources?(?: ARNs?)?", re.IGNORECASE)
_AN_ACTION = regex(rf"(?<![\w:/.]){FIRST}")
_MESSAGE = regex(
    r"authorized to|error occurred|AccessDenied|UnauthorizedOperation|\b(?:Exception|[Ss]tatus ?[Cc]ode)\b"
)
_OF_RESOURCE = regex(
    r"\b(?:bucket|key|queue|topic|secret|vault|repo(?:sitory)?|resource|domain|function|table|stream)(?:'s)?"
    r"(?: access| own)? polic(?:y|ies)\b|\bget-(?:bucket|resource|repository|key|function)?-?policy\b",
    re.IGNORECASE,
)
_NOT_IN_FORCE = regex(
    r"n['’]t\b|\?|\b(?:not?|never|wants?|wanted|should|must|needs?|needed|requires?d?|propos\w+|plan\w*|suggest\w*|draft|lacks?"
    r"|recommend\w*|docs?|documentation|examples?|samples?|README|guide|denied|refused|fail\w*|missing|errors?|calls?"
    r"|called|costs?|pric\w+|before|old|previous\w*|former\w*|would|could|asks?|asked|to add|removed?"
    r"|deleted|CloudTrail|events?|compare|their account|staging account|test account)\b",
    re.IGNORECASE,
)
"""Words above rows that are wanted, proposed, denied, or about something else."""
_OF_SOMEBODY_ELSE = regex(r"\b(?:their|his|her|other|another)\b", re.IGNORECASE)
"""Words above permissions that are not the caller's. A limit or a resource's policy has an owner, too."""
_NAMED = (
    regex(r"\b(?:role|user|group)[ \t]+[\"'`]?([\w+=,.@-]{2,64}\w)", re.IGNORECASE),
    regex(r"(?<![\w/.-])([\w+=@-]{2,64})[\"'`]?(?:'s)?[ \t]+\(?(?:role|user|group)\b", re.IGNORECASE),
)
_ENTITY = regex(r":assumed-role/([\w+=,.@-]+)|:iam::\d{12}:(?:role|user)/(?:[\w+=,.@-]+/)*([\w+=,.@-]+)")
_WORD = regex(r"(?<![\w+=@./-])[\w+=@-]+(?:[.,][\w+=@-]+)*")
_LONGEST_HEADING = 200


def row_policies(text: str, read: Iterable[tuple[int, int]] = ()) -> Iterator[WrittenPolicy]:
    """Yield the policies in rows and named elements outside of the spans ``read``.

    A policy that is only planned, or is somebody else's, has no statements: its rows do not concern the request.
    """
    spans = list(read)
    lines = [line for line in lines_of(text) if not any(start < line.end and line.start < end for start, end in spans)]
    at = 0
    while at < len(lines):
        group, at = _group(lines, at)
        if group is not None and (policy := group.policy(lines, text)) is not None:
            yield policy


@dataclass(frozen=True, slots=True)
class _Group:
    """Adjacent rows: the numbers of the first line and of the line after the last, and the statements."""

    first: int
    last: int
    rows: tuple[Row, ...]
    whole: bool

    def policy(self, lines: Sequence[Line], text: str) -> WrittenPolicy | None:
        """Return the policy in the rows; None if they are no policy.

        A policy that is not in effect has no statements.
        """
        above = _above(lines, self.first)
        header = _header(lines[above]) if above is not None else None
        if header is False:
            return None
        heading_at = _above(lines, above) if header and above is not None else above
        heading = lines[heading_at].text if heading_at is not None else ""
        if len(heading) > _LONGEST_HEADING or _MESSAGE.search(heading) or _AN_ACTION.search(heading):
            heading = ""
        words = f"{heading} {lines[above].text}" if header and above is not None else heading
        if _NOT_IN_FORCE.search(words):
            return self._unread(lines)
        owner = _owner(words, text)
        keyed = all({"action", "resource"} <= row.named or {"action", "principal"} <= row.named for row in self.rows)
        if not (keyed or owner or header or all(row.effect for row in self.rows) or OF_A_POLICY.search(heading)):
            return None
        of_resource = _OF_RESOURCE.search(words) is not None
        statements = [row.statement(of_resource=of_resource) for row in self.rows]
        known = tuple(each for each in statements if each is not None)
        layer = next((name for name, said in LAYERS if said.search(words)), "")
        if not known or (_OF_SOMEBODY_ELSE.search(words) and not layer and not of_resource):
            return self._unread(lines)
        whole = self.whole and len(known) == len(statements)
        return replace(self._unread(lines), statements=known, whole=whole, owner=owner, layer=layer)

    def _unread(self, lines: Sequence[Line]) -> WrittenPolicy:
        """Return the rows as a policy without statements, so that no other parser reads the rows."""
        return WrittenPolicy(lines[self.first].start, lines[self.last - 1].end, (), whole=False, listed=True)


def _group(lines: Sequence[Line], at: int) -> tuple[_Group | None, int]:
    """Return the rows that begin at a line, if there are any, and the number of the next line to read."""
    rows: list[Row] = []
    first = at
    while at < len(lines):
        if rows and lines[at].is_rule:
            at += 1
            continue
        row, end = _row(lines, at)
        if row is None:
            break
        rows.append(row)
        at = end
    if not rows:
        return None, first + 1
    next_ = lines[at] if at < len(lines) and _follows(lines, at) and lines[at].indent == lines[first].indent else None
    asks = next_ is not None and next_.text.rstrip().endswith("?")
    follows = next_ is not None and not asks and (len(next_.cells) > 1 or _AN_ACTION.search(next_.text) is not None)
    return _Group(first, at, tuple(rows), whole=not follows), at


def _row(lines: Sequence[Line], at: int) -> tuple[Row | None, int]:
    """Return the statement that begins at a line, and the number of the line after it."""
    row, end = Row(), at + 1
    begin = lines[at]
    if _MESSAGE.search(begin.text) or not begin.text.strip():
        return None, at
    joined = begin.text
    while joined.rstrip().endswith(",") and end < len(lines) and _follows(lines, end):
        joined, end = f"{joined.rstrip()} {lines[end].text.strip()}", end + 1
    cells = replace(begin, text=joined).cells
    named = {"cells": list(cells)}
    if (element := ELEMENT.match(joined.lstrip())) and not _is_header(cells):
        seen = {_name_of(element)}
        while end < len(lines) and _follows(lines, end):
            another = ELEMENT.match(lines[end].text.lstrip())
            if another is None or _name_of(another) in seen - {"cond"}:
                break
            seen.add(_name_of(another))
            named["cells"] += lines[end].cells
            end += 1
    if not row.read(named["cells"]) or not row.actions:
        return None, at
    indent = begin.indent
    while end < len(lines) and _follows(lines, end) and LEADS.match(lines[end].text):
        inner = lines[end]
        row.conditions.append(inner.text.strip())
        end += 1
        while end < len(lines) and _follows(lines, end) and lines[end].indent > max(indent, inner.indent):
            row.conditions.append(lines[end].text.strip())
            end += 1
    return (row, end) if row.resources or row.principal or row.conditions else (None, at)


def _name_of(element: re.Match[str]) -> str:
    name = re.sub(r"[^a-z]", "", element["name"].lower()).removeprefix("not").removeprefix("request")
    return "cond" if name.startswith("cond") else name.rstrip("s")


def _follows(lines: Sequence[Line], at: int) -> bool:
    """Return whether a line continues the text of the line before it."""
    return bool(lines[at].text.strip()) and lines[at].start == lines[at - 1].end + 1


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and all(not each or _COLUMN.fullmatch(each) for each in cells)


def _header(line: Line) -> bool | None:
    """Return True if a line names the columns of a table of statements, False for other columns, else None."""
    cells = [each for each in line.cells if each]
    if not any(map(_OF_A_STATEMENT.fullmatch, cells)):
        return None
    return _is_header(cells) if len(cells) > 1 else None


def _above(lines: Sequence[Line], at: int) -> int | None:
    """Return the number of the nearest line with words above a line.

    Ruled lines do not count, and at most one empty line may be between.
    """
    empty = 0
    for number in range(at - 1, -1, -1):
        if lines[number].end + 1 != lines[number + 1].start:
            return None
        if lines[number].is_rule:
            continue
        if lines[number].text.strip():
            return number
        empty += 1
        if empty > 1:
            return None
    return None


def _owner(words: str, text: str) -> str:
    """Return the role, user or group that has the rows, according to the words above; "" if they name none."""
    known = {name for pair in _ENTITY.findall(text) for name in pair if name}
    named = {each for form in _NAMED for each in form.findall(words)}
    found = {each for each in named if each in known or re.search(r"[-_\d]", each)}
    found |= {each for each in _WORD.findall(words) if each in known}
    return found.pop() if len(found) == 1 else ""
