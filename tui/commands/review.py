"""``rolescope review``: list the account's findings about least privilege."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from diagnostics.graph_svg import GRAPH_FORMS
from diagnostics.json_versions import versioned
from diagnostics.review.accepted import Accepted, AcceptedError, read_accepted
from diagnostics.review.across import (
    Around,
    HowReviewed,
    Reviewed,
    around,
    around_lines,
    located_json,
    of_one,
    review_account,
    with_own,
)
from diagnostics.review.beside import Beside, beside
from diagnostics.review.escalation.elsewhere import Neighbours
from diagnostics.review.finding import Finding, Progress
from diagnostics.review.joined import JoinedReview, in_order
from diagnostics.review.limits import Limits
from diagnostics.review.processes import reviews
from diagnostics.review.reach import ours
from diagnostics.review.records import add_records
from diagnostics.review.report.csv_table import to_csv
from diagnostics.review.report.json_document import to_json
from diagnostics.review.report.paths import path_edges
from diagnostics.review.report.sarif import ACCEPTED_FILE, to_sarif
from diagnostics.review.report.text import to_markdown, to_text
from diagnostics.review.rules.table import RULES
from diagnostics.review.run import Review, concluded, matches, review
from diagnostics.review.smallest import found_set, worth_asking
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account
from iam.foreign_text import json_line, json_pieces, json_text
from iam.organization.accounts import Accounts
from iam.own_command import account_options
from iam.risks.risk import Severity
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.opened import OpenedAccount
from tui import __version__
from tui.asides import print_aside
from tui.commands.shards import in_shard, needs_accounts
from tui.configuration import read_configuration
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import not_found, open_account, open_accounts, selected_accounts
from tui.paths import accepted_path, configuration_path
from tui.status_line import StatusLine


def run(options: argparse.Namespace) -> int:
    unknown = [one for one in options.rule if not any(matches(id, (one,)) for id in RULES)]
    if unknown:
        raise UsageError(f"There is no rule {unknown[0]!r}. The rules are {', '.join(RULES)}.")
    configuration = read_configuration(configuration_path())
    accepted = _accepted(options.accept)
    if (accounts := open_accounts(options)) is not None and not options.account:
        return _run_across(options, accounts, configuration.review or Limits(), accepted)
    needs_accounts(options)
    account, reader = open_account(options)
    for warning in accepted.warnings:
        print(warning, file=sys.stderr)
    role = getattr(options, "role", None) or ""
    limits = configuration.review or Limits()
    if accounts is not None:
        limits = replace(limits, own_accounts=(*limits.own_accounts, *sorted(ours(accounts, account.id))))
    subject = ReviewedAccount(
        account,
        reader,
        limits,
        whole=not role,
        skip_workloads=options.no_workloads,
        every_region=options.every_region,
    )
    files = tuple(map(Path, options.trail))
    if missing := [str(path) for path in files if not path.exists()]:
        raise UsageError(f"{missing[0]} does not exist.")
    if role and not any(role in (one.entity.name, one.entity.arn) for one in subject.index.principals):
        raise not_found(f"role or user {role!r}", account)
    with options.status.telling("reading changes"):
        add_records(subject, files)
    found = _found(subject, options.rule, role, options.status)
    done = concluded(subject, found, accepted.acceptances, rules=options.rule)
    surroundings = Around()
    if accounts is not None:
        done = with_own(done, accounts)
        if not (options.rule or role):
            surroundings = around(OpenedAccount(account, reader, accounts), accounts, limits)
    form = "json" if options.json else options.format
    if form in ("text", "json", "markdown") and not role and worth_asking(subject, done.findings):
        with options.status.telling("finding the fewest changes that close all paths"):
            done = replace(done, smallest=found_set(subject, done.findings))
    if not options.rule:
        try:
            done = replace(done, beside=beside(account, subject.analyzers, done.findings, role))
        except KeyboardInterrupt:
            done = replace(done, beside=Beside("The review was stopped before it was read."))
    if form == "jsonl":
        sys.stdout.write("".join(json_line(located_json(one, account.id)) for one in done.findings))
    elif form == "json" and accounts is not None:
        print(json_text(versioned("review", of_one(done, surroundings))))
    else:
        sys.stdout.write(_written(done, form, _file_of(options)))
        if form == "text" and (lines := list(around_lines(surroundings.json()))):
            print("\n".join(lines))
    return _status(done, options.fail_on)


def _run_across(options: argparse.Namespace, accounts: Accounts, limits: Limits, accepted: Accepted) -> int:
    """Review every account of a folder."""
    form = "json" if options.json else options.format
    if form not in ("text", "json", "jsonl"):
        raise UsageError(f"--format {form} is for one account: choose it with --account.")
    if options.trail:
        raise UsageError("--trail is for one account: choose it with --account.")
    for warning in accepted.warnings:
        print(warning, file=sys.stderr)
    within = selected_accounts(options, accounts)
    asked = in_shard(within if within is not None else [*accounts.ids, *(each.id for each in accounts.missing)],
                     options.shard)  # fmt: skip
    role = getattr(options, "role", None) or ""
    how = HowReviewed(
        limits,
        accepted.acceptances,
        tuple(options.rule),
        role,
        options.no_workloads,
        options.every_region,
        account_options(),
    )
    joined, grave = JoinedReview(), False
    for number, (id, one) in enumerate(zip(asked, _reviews(options, accounts, asked, how), strict=True), start=1):
        options.status.count(number, len(asked))
        if one is None:
            why = accounts.standing(id).why or "The account is not in the folder."
            joined.add_missing(id, f"The account was not read: {why}")
            if form == "jsonl":  # a stream of lines has no place for it
                print_aside(options, f"Not read: {accounts.standing(id).words}: {why}")
            continue
        grave = grave or _grave(one, options.fail_on)
        if form == "jsonl":
            sys.stdout.write("".join(map(json_line, in_order(one.findings))))
        else:
            joined.add(one)
    if form == "json":
        mark = {"shard": f"{options.shard[0]}/{options.shard[1]}"} if options.shard is not None else {}
        for piece in json_pieces(versioned("review", joined.document() | mark)):
            sys.stdout.write(piece)
        print()
    elif form == "text":
        sys.stdout.writelines(f"{line}\n" for line in joined.lines())
    return CANNOT_TELL if grave else ANSWERED


def _grave(one: Reviewed, fail_on: str | None) -> bool:
    """Whether an account has a finding at least as severe as ``fail_on``."""
    if fail_on is None:
        return False
    worst = Severity(fail_on).rank
    return any(Severity(each["severity"]).rank <= worst for each in one.findings if "accepted" not in each)


def _reviews(
    options: argparse.Namespace, accounts: Accounts, asked: Sequence[str], how: HowReviewed
) -> Iterator[Reviewed | None]:
    """Yield the review of each account. With masking, this process opens the accounts itself, to learn what to mask."""
    if options.jobs > 1 and len(asked) > 1 and options.snapshot and getattr(options, "masks", None) is None:
        yield from reviews(options.snapshot, asked, how, min(options.jobs, len(asked)))
        return
    neighbours = Neighbours(accounts, how.limits)
    with options.status.telling("reviewing"):
        for id in asked:
            yield review_account(
                neighbours, id, how, lambda one: options.status.tell(f"reviewing: {one.what}", one.done, one.of)
            )


def found_by_subject(account: Account, reader: AccountReader, status: StatusLine) -> dict[str, tuple[Finding, ...]]:
    """Return the findings of a full review, by the ARN that they are about. Raises `UsageError`."""
    limits = read_configuration(configuration_path()).review or Limits()
    reviewed = ReviewedAccount(account, reader, limits)
    done = concluded(reviewed, _found(reviewed, [], "", status), _accepted(None).acceptances)
    by_subject: dict[str, tuple[Finding, ...]] = {}
    for one in done.findings:
        by_subject[one.subject] = (*by_subject.get(one.subject, ()), one)
    return by_subject


def _accepted(path: str | None) -> Accepted:
    """Return the named file of accepted findings, or else that of the configuration's folder, if it exists.

    Raises `UsageError`.
    """
    file = Path(path) if path is not None else accepted_path()
    try:
        return read_accepted(file) if path is not None or file.exists() else Accepted(())
    except AcceptedError as error:
        raise UsageError(str(error)) from error


def _found(reviewed: ReviewedAccount, rules: list[str], role: str, status: StatusLine) -> list[Finding]:
    found = []
    with status.telling("reviewing"):
        for one in review(reviewed, rules=rules, role=role):
            if isinstance(one, Progress):
                status.tell(f"reviewing: {one.what}", one.done, one.of)
            else:
                found.append(one)
    return found


def _file_of(options: argparse.Namespace) -> str:
    """Return the file at which SARIF shows the findings.

    It is the saved account, or the file of accepted findings, which exist in the repository; or else a name that
    represents the account.
    """
    file = options.snapshot or options.accept
    if file is None:
        return ACCEPTED_FILE
    with suppress(ValueError):
        return Path(file).resolve().relative_to(Path.cwd()).as_posix()
    return Path(file).name


def _written(done: Review, form: str, file: str) -> str:
    if form == "json":
        return json_text(versioned("review", to_json(done))) + "\n"
    if form == "sarif":
        return json_text(to_sarif(done, __version__, file)) + "\n"
    if form == "markdown":
        return to_markdown(done)
    if form in GRAPH_FORMS:
        return GRAPH_FORMS[form](path_edges(done.findings))
    if form == "csv":
        return to_csv(done)
    return to_text(done)


def _status(done: Review, fail_on: str | None) -> int:
    if fail_on is None:
        return ANSWERED
    worst = Severity(fail_on)
    grave = any(one.accepted is None and one.severity.rank <= worst.rank for one in done.findings)
    return CANNOT_TELL if grave else ANSWERED
