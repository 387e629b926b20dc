"""``rolescope roles [WORD …]``: list the roles that match the words, which mean the same as in the screen's filter.

``--json`` prints a list of roles in the form of ``rolescope role NAME --json``. Exit status: 0 answered, even if no
role matches; 1 if roles to which the words apply were not read; 2 an unknown word; 3 the account cannot be read.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence

from diagnostics.assumptions import Assumptions
from diagnostics.columns import GAP, fit_columns
from diagnostics.roles.able import AbleRoles, QuestionError, filtered_roles
from diagnostics.roles.export import list_texts, role_values
from diagnostics.roles.filter import RoleFilter, parse_filter
from diagnostics.roles.named_actions import ActionSearch
from diagnostics.roles.read import RolesRead
from diagnostics.roles.rows import RoleRow, fitting_columns, make_rows, sort_rows, with_findings
from iam.account import Account
from iam.break_glass import USUAL
from iam.foreign_text import json_line, json_text
from iam.organization.accounts import Accounts
from iam.sources.reader.account_reader import AccountReader
from iam.words import plural
from screens.text import fit
from tui.asides import print_aside
from tui.configuration import read_configuration
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account, open_accounts, say_unread, selected_accounts
from tui.paths import configuration_path
from tui.status_line import StatusLine

UNFITTED = 10_000


def run(options: argparse.Namespace) -> int:
    if (accounts := open_accounts(options)) is not None and not options.account:
        return _run_across(options, accounts)
    account, reader = open_account(options)
    read, shown, unread = _listed(options, options.words, account, reader)
    form = "json" if options.json else options.format
    if form == "jsonl":
        sys.stdout.write("".join(json_line({**value, "Account": account.id}) for value in role_values(read, shown)))
    else:
        sys.stdout.write(_written(read, shown, form))
    say_unread(account)
    if unread:
        print(f"Not counted, because they could not be read: {plural(unread, 'role')}.", file=sys.stderr)
    return CANNOT_TELL if unread else ANSWERED


def _run_across(options: argparse.Namespace, accounts: Accounts) -> int:
    """List the roles of every account of a folder; the word ``account:NAME`` limits the accounts."""
    form = "json" if options.json else options.format
    if form in ("markdown", "csv"):
        raise UsageError(f"--format {form} is for one account: choose it with --account.")
    options.accounts += [word[8:] for word in options.words if word.startswith("account:")]
    words = [word for word in options.words if not word.startswith("account:")]
    within = selected_accounts(options, accounts)
    values: list[dict[str, object]] = []
    rows: list[RoleRow] = []
    names: list[str] = []
    unread = 0
    missing = {each.id: each for each in accounts.missing if within is None or each.id in within}
    for id in within if within is not None else accounts.ids:
        opened = accounts.opened(id)
        if opened is None:
            missing[id] = accounts.standing(id)
            continue
        say_unread(opened.account, of=accounts.standing(id).words)
        read, shown, missed = _listed(options, words, opened.account, opened.reader)
        unread += missed
        if form == "text":
            rows += shown
            names += [accounts.name_of(id) or id] * len(shown)
        else:
            values += [{**value, "Account": id} for value in role_values(read, shown)]
    if form == "json":
        print(json_text(values))
    else:
        sys.stdout.write("".join(map(json_line, values)) if form == "jsonl" else _table(rows, names))
    for each in missing.values():
        print_aside(options, f"Not read: {each.words}: {each.why}")
    if unread:
        print(f"Not counted, because they could not be read: {plural(unread, 'role')}.", file=sys.stderr)
    return CANNOT_TELL if unread else ANSWERED


def _listed(
    options: argparse.Namespace, words: Sequence[str], account: Account, reader: AccountReader
) -> tuple[RolesRead, Sequence[RoleRow], int]:
    """Return the roles of one account that match the words, and how many could not be searched. Raises `UsageError`."""
    limits = read_configuration(configuration_path()).review
    now = reader.clock()
    parsed = parse_filter(" ".join(words), now)
    if parsed.problem:
        raise UsageError(parsed.problem)
    made = make_rows(account, now, {}, limits.break_glass if limits is not None else USUAL)
    rows = sort_rows(_reviewed(list(made.values()), account, reader, options), 0, False)
    read = RolesRead(account)
    shown = parsed.apply(rows)
    unread = sum(not row.known for row in rows) if parsed.needs_details else 0
    if parsed.searches:
        shown, unread = _naming(read, reader, shown, parsed, options.status)
    return read, shown, unread


def _reviewed(
    rows: list[RoleRow], account: Account, reader: AccountReader, options: argparse.Namespace
) -> list[RoleRow]:
    """Return the rows with their findings, if a word of the filter requires them."""
    if not any(word.lower().startswith(("rule:", "severity:")) for word in options.words):
        return rows
    from tui.commands.review import found_by_subject

    found = found_by_subject(account, reader, options.status)
    return [with_findings(row, found.get(row.role.arn, ())) for row in rows]


def _naming(
    read: RolesRead, reader: AccountReader, rows: Sequence[RoleRow], parsed: RoleFilter, status: StatusLine
) -> tuple[list[RoleRow], int]:
    """Return the rows that pass the filter's searches of policies, and how many roles could not be searched.

    The searches are for what roles may do, and for actions that their policies name.
    """
    assert read.account is not None
    able: list[AbleRoles] = []
    try:
        with status.telling("evaluating who may"):
            able = filtered_roles(read.account, reader, parsed, Assumptions(read.account.region or ""))
    except QuestionError as error:
        raise UsageError(str(error)) from error
    unread = sum(any(row.role.name in each.unknown for each in able) for row in rows)
    rows = [row for row in rows if all(row.role.name in each.may for each in able)]
    if not parsed.actions:
        return list(rows), unread
    search = ActionSearch(read.account, reader, {}, {}, read.roles_read.__setitem__, read.policies_read.__setitem__)
    found: set[str] = set()
    with status.telling("searching the policies"):
        for done, answer in enumerate(search.search([row.role for row in rows], parsed.actions), 1):
            status.count(done, len(rows))
            unread += not answer.names and not answer.complete
            if answer.names:
                found.add(answer.role)
    return [row for row in rows if row.role.arn in found], unread


def _written(read: RolesRead, rows: Sequence[RoleRow], form: str) -> str:
    if form != "text":
        return list_texts(read, rows)["md" if form == "markdown" else form]
    return _table(rows)


def _table(rows: Sequence[RoleRow], accounts: Sequence[str] = ()) -> str:
    """Return the rows as text; with ``accounts``, each starts with its account."""
    columns = fitting_columns(rows)
    titles = [column.title for column in columns]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else UNFITTED
    layout = fit_columns(columns, width)
    lines = [titles, *(row.cells for row in rows)]
    texts = [(" " * GAP).join(fit(line[index], room) for index, room in layout).rstrip() for line in lines]
    if accounts:
        first = ["ACCOUNT", *accounts]
        wide = max(map(len, first)) + GAP
        texts = [f"{name:<{wide}}{text}" for name, text in zip(first, texts, strict=True)]
    return "".join(f"{text}\n" for text in texts)
