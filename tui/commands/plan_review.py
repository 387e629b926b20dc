"""``rolescope plan-review FILE``: how a change affects access, before it is merged.

FILE is the output of ``terraform show -json`` or ``pulumi preview --json``, a CloudFormation template or change set, or
a CDK assembly (``cdk.out``). With ``--json``, one document::

    {"tool", "failed", "sentence", "fail_on",
     "problems": [{"rule", "severity", "fails", "title", "summary", "subject": ARN or null,
                   "addresses": [{"address", "file": or null, "line": or null}]}],
     "principals", "assuming": as in `rolescope what-if`, with "addresses"; "assuming" also with "strangers",
     "resources": [{"resource", "gained", "lost", "strangers", "fully_computed", "addresses"}],
     "findings": {"new": [as in `rolescope review`], "gone": [{"rule", "subject"}]},
     "tests": as in `rolescope test`, "unknown": ["one sentence"]}

Exit status: 0 passed; 1 a stranger gains access, a policy test does not pass, AWS would reject a policy, or a new
finding is at least as severe as ``--fail-on``; 2 the file cannot be read; 3 the account cannot be read.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from diagnostics.json_versions import versioned
from diagnostics.plan_review.files.read import read_planned
from diagnostics.plan_review.places import declared_in
from diagnostics.plan_review.planned import PlanFileError
from diagnostics.plan_review.report import to_annotations, to_json, to_markdown, to_sarif, to_text
from diagnostics.plan_review.review import PlanReview, located, review_plan, without_owner_or_day
from diagnostics.plan_review.without_account import account_of_file
from diagnostics.review.accepted import AcceptedError, read_accepted
from diagnostics.review.finding import Acceptance
from diagnostics.review.limits import Limits
from diagnostics.review.report.sarif import ACCEPTED_FILE
from iam.account import Account
from iam.foreign_text import json_text, visible
from iam.risks.risk import Severity
from iam.sources.reader.account_reader import AccountReader
from tui import __version__
from tui.commands.test import read_files
from tui.configuration import read_configuration
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError
from tui.open_account import open_account
from tui.paths import configuration_path

REPOSITORY_ACCEPTED = Path(ACCEPTED_FILE)
"""The path of the file with accepted findings in a repository."""


def run(options: argparse.Namespace) -> int:
    path = Path(options.file)
    if not path.exists():
        raise UsageError(f"{path} does not exist.")
    tests = read_files(options.tests)
    accepted = _accepted(options.accept)
    parameters = dict(_pair(each) for each in options.parameter)
    try:
        account, reader = _opened(options, path)
        changes = read_planned(path, account, account.region or options.region, parameters)
    except PlanFileError as error:
        raise UsageError(str(error)) from error
    changes = located(changes, declared_in(Path(options.source), changes))
    limits = read_configuration(configuration_path()).review or Limits()
    with options.status.telling("comparing") as progress:
        review = review_plan(
            changes,
            account,
            reader,
            limits=limits,
            accepted=accepted,
            tests=tests,
            fail_on=Severity(options.fail_on),
            tell=progress.tell,
        )
    sys.stdout.write(_written(review, "json" if options.json else options.format, options.file))
    return CANNOT_TELL if review.failed else ANSWERED


def _opened(options: argparse.Namespace, path: Path) -> tuple[Account, AccountReader]:
    number = options.account
    alone = not options.snapshot or options.offline  # it selects one of the accounts in a folder
    if number is not None and alone and not (options.offline and len(number) == 12 and number.isdigit()):
        raise UsageError("--account takes the 12 digits of the account, and needs --offline.")
    if not options.offline:
        return open_account(options)
    if options.snapshot or options.demo or options.profile:
        raise UsageError("--offline reads no account: leave out --snapshot, --demo and --profile.")
    return account_of_file(path, number or "")


def _written(review: PlanReview, form: str, file: str) -> str:
    if form == "json":
        return json_text(versioned("plan-review", to_json(review))) + "\n"
    if form == "markdown":
        return to_markdown(review)
    if form == "sarif":
        return json_text(to_sarif(review, __version__, file)) + "\n"
    lines = to_annotations(review) if form == "github" else to_text(review)
    return "".join(f"{line}\n" for line in lines)


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise UsageError(f"--parameter takes NAME=VALUE, not {text!r}.")
    return name, value


def _accepted(file: str | None) -> tuple[Acceptance, ...]:
    """Return the accepted findings of the repository. Entries without an owner and a date are reported and ignored."""
    path = Path(file) if file is not None else REPOSITORY_ACCEPTED
    if file is None and not path.exists():
        return ()
    try:
        found = read_accepted(path)
    except AcceptedError as error:
        raise UsageError(str(error)) from error
    refused = without_owner_or_day(found.acceptances)
    said = [
        (
            f"{path}: the entry {one.rule} on {one.subject} is ignored, because an entry needs an owner (by) and a "
            "date (until)."
        )
        for one in refused
    ]
    for sentence in (*found.warnings, *said):
        print(visible(sentence), file=sys.stderr)
    return tuple(one for one in found.acceptances if one not in refused)
