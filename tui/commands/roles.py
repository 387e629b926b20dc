"""``rolescope roles [WORD …]``: the list of roles, narrowed by the words of the screen's filter.

``--json`` is a list of roles as ``rolescope role NAME --json`` prints one. Exit status: 0 answered, also where no role
is left; 1 where roles were not read that the words ask about; 2 a word that means nothing; 3 the account could not be
read.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence

from screens.roles.action_filter import ActionSearch
from screens.roles.export import roles_export
from screens.roles.filter import RoleFilter, parse_filter
from screens.roles.rows import RoleRow, fitting_columns, make_rows, sort_rows, with_findings
from screens.session import Session
from screens.text import fit, plural
from screens.widgets.table import GAP, fit_columns
from tui.configuration import configuration_path, read_configuration
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account, say_unread
from tui.status_line import StatusLine

UNFITTED = 10_000


def run(options: argparse.Namespace) -> int:
    limits = read_configuration(configuration_path()).review
    account, reader = open_account(options)
    session = Session(account, reader, review_limits=limits)
    parsed = parse_filter(" ".join(options.words), session.now)
    if parsed.problem:
        raise UsageError(parsed.problem)
    rows = sort_rows(_rows(session, options.words, options.status), 0, False)
    shown = parsed.apply(rows)
    unread = sum(not row.known for row in rows) if parsed.needs_details else 0
    if parsed.actions:
        shown, unread = _naming(session, shown, parsed, options.status)
    sys.stdout.write(_written(session, shown, "json" if options.json else options.format))
    say_unread(account)
    if unread:
        print(f"{plural(unread, 'role')} could not be read, so not counted.", file=sys.stderr)
    return CANNOT_TELL if unread else ANSWERED


def _rows(session: Session, words: Sequence[str], status: StatusLine) -> list[RoleRow]:
    account, reader = session.account, session.reader
    assert account is not None and reader is not None
    rows = make_rows(account, session.now, {}, session.break_glass).values()
    if not any(word.lower().startswith(("rule:", "severity:")) for word in words):
        return list(rows)
    from tui.commands.review import found_by_subject  # the review is asked only where a word asks for it

    found = found_by_subject(account, reader, status)
    return [with_findings(row, found.get(row.role.arn, ())) for row in rows]


def _naming(
    session: Session, rows: Sequence[RoleRow], parsed: RoleFilter, status: StatusLine
) -> tuple[list[RoleRow], int]:
    """The rows whose policies name the filter's actions, and how many could not be looked through."""
    account, reader = session.account, session.reader
    assert account is not None and reader is not None
    search = ActionSearch(account, reader, {}, {}, session.roles_read.__setitem__, session.policies_read.__setitem__)
    found: set[str] = set()
    unread = 0
    with status.telling("looking through the policies"):
        for done, answer in enumerate(search.search([row.role for row in rows], parsed.actions), 1):
            status.count(done, len(rows))
            unread += not answer.names and not answer.complete
            if answer.names:
                found.add(answer.role)
    return [row for row in rows if row.role.name in found], unread


def _written(session: Session, rows: Sequence[RoleRow], form: str) -> str:
    if form != "text":
        return roles_export(session, rows).texts["md" if form == "markdown" else form]
    columns = fitting_columns([row.row for row in rows])
    titles = [column.title for column in columns]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else UNFITTED
    layout = fit_columns(columns, width)
    lines = [titles, *(row.row.cells for row in rows)]
    return "".join((" " * GAP).join(fit(line[index], room) for index, room in layout).rstrip() + "\n" for line in lines)
