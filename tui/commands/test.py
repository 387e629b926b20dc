"""``rolescope test FILE…``: run policy tests against a snapshot, the account, the demo, or a plan applied in memory.

With ``--json`` (or ``--format json``), one document::

    {"counts": {"passed", "failed", "unknown"},
     "tests": [{"file", "test": number from 1, "line", "name", "expect", "outcome": "passed" | "failed" | "unknown",
                "checked": how many answers were compared, "problem": one sentence or null,
                "differing": [{"principal", "action", "resource", "found": "allowed" | "denied" | "unknown", "why",
                               "depends_on": [key or sentence]}]}]}

Exit status: 0 all tests pass; 1 a test fails or depends on an unknown value; 2 a file is invalid; 3 the account cannot
be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from diagnostics.json_versions import versioned
from diagnostics.plan_review.apply import applied
from diagnostics.plan_review.files.read import read_planned
from diagnostics.plan_review.files.rolescope import plan_in
from diagnostics.plan_review.planned import PlanFileError
from diagnostics.policy_tests.policy_test import Outcome, PolicyTest
from diagnostics.policy_tests.read import PolicyTestError, read_tests
from diagnostics.policy_tests.report import to_json, to_junit, to_text
from diagnostics.policy_tests.run import run_tests, run_tests_across
from diagnostics.policy_tests.write import file_text, proposals
from iam.account import Account
from iam.changes.account_after import account_after
from iam.foreign_text import json_text, visible
from iam.questions.index import AccountIndex
from iam.sources.reader.account_reader import AccountReader
from tui.commands.given import given_text
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account, open_accounts


def run(options: argparse.Namespace) -> int:
    if options.init:
        return _init(options)
    if not options.files:
        raise UsageError("Name a test file, or use --init to propose one.")
    tests = read_files(options.files)
    if options.check:
        return ANSWERED
    accounts = open_accounts(options)
    if accounts is not None and not options.account:
        if options.after is not None:
            raise UsageError("--after is for one account: choose it with --account.")
        with options.status.telling("policy tests") as progress:
            results = tuple(run_tests_across(tests, accounts, skip_unread=options.skip_unread, tell=progress.count))
    else:
        account, reader = open_account(options)
        if options.after is not None:
            account, reader = _after(Path(options.after), account, reader, options.region)
        with options.status.telling("policy tests") as progress:
            index, skip = AccountIndex(account, reader), options.skip_unread
            results = tuple(run_tests(tests, index, skip_unread=skip, tell=progress.count, accounts=accounts))
    form = "json" if options.json else options.format
    if form == "json":
        print(json_text(versioned("test", to_json(results))))
    elif form == "junit":
        print(to_junit(results), end="")
    else:
        print("\n".join(to_text(results)))
    return ANSWERED if all(each.outcome is Outcome.PASSED for each in results) else CANNOT_TELL


def read_files(names: list[str]) -> tuple[PolicyTest, ...]:
    """Return the tests in all files. Raises a `UsageError` that names every invalid file."""
    tests: list[PolicyTest] = []
    problems: list[str] = []
    for name in names:
        try:
            tests += read_tests(given_text(name, "test file"), "standard input" if name == "-" else name)
        except (PolicyTestError, UsageError) as error:
            problems += map(str, error.args)
    if problems:
        raise UsageError(*problems)
    return tuple(tests)


def _after(path: Path, account: Account, reader: AccountReader, region: str | None) -> tuple[Account, AccountReader]:
    """Return the account after a change, in memory. Raises `UsageError`."""
    try:
        plan = plan_in(path)
        if plan is not None:
            return account_after(plan, account), reader
        changes = read_planned(path, account, account.region or region)
    except PlanFileError as error:
        raise UsageError(str(error)) from error
    after = applied(changes.resources, account, reader)
    for note in (*changes.notes, *after.notes):
        print(visible(f"? {note}"), file=sys.stderr)
    return after.account, after.reader


def _init(options: argparse.Namespace) -> int:
    """Propose tests: write them to the named file, unless it exists, or to standard output."""
    if len(options.files) > 1:
        raise UsageError("--init writes one file.")
    file = Path(options.files[0]) if options.files and options.files[0] != "-" else None
    if file is not None and file.exists():
        raise UsageError(f"{file} exists already; --init does not overwrite it.")
    account, reader = open_account(options)
    with options.status.telling("what the roles used"):
        proposed = list(proposals(AccountIndex(account, reader)))
    if not proposed:
        print("There is nothing to propose: IAM reports no used actions for the account's roles.", file=sys.stderr)
        return CANNOT_TELL
    text = file_text(proposed, f"Policy tests of account {account.id}, proposed from what its roles used.")
    if file is None:
        print(text, end="")
        return ANSWERED
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}.") from error
    print(f"{file}: {len(proposed)} policy tests.", file=sys.stderr)
    return ANSWERED
