"""``rolescope diagnose``: explain the failures in a text, without the terminal UI."""

from __future__ import annotations

import argparse
import json
import logging
import shlex
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.failure import Failure, OtherFailure
from diagnostics.json_versions import versioned
from diagnostics.report import to_json, to_json_all, to_markdown, to_text
from iam.arn import account_of
from iam.history.trail import NO_TRAIL, Trail
from iam.words import plural
from tui.commands.given import read_context, wants_query
from tui.exit_status import ANSWERED, CANNOT_TELL, UsageError

if TYPE_CHECKING:
    from diagnostics.fix import FixPlans
    from diagnostics.stream import Tally
    from iam.organization.accounts import Accounts
    from iam.sources.reader.opened import OpenedAccount
    from tui.commands.diagnose.input import Input

STOPPED = 130
READ_WHOLE = 1_000_000
"""The maximum number of characters to read at once. A longer text is read in windows."""
MOST_PLANNED = 20
"""The maximum number of failures in a text for which fixes get plans. Each plan reads the account again."""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains failures with the data of an account, or only from the text of the failure."""

    context: Mapping[str, tuple[str, ...]]
    opened: OpenedAccount | None = None
    role: str | None = None
    trail: Trail = NO_TRAIL
    accounts: Accounts | None = None

    def explained(self, failure: Failure) -> Diagnosis:
        opened = self._view(failure)
        if opened is None:
            alone = collect_offline(failure, self.context)
            if self.accounts is None:
                return alone
            from diagnostics.view import with_unread_accounts

            return with_unread_accounts(alone, self.accounts)
        return collect(failure, opened, self.context, role=self.role, trail=self.trail)

    def plans(self, diagnosis: Diagnosis) -> FixPlans | None:
        """Return the plans for the fixes of a diagnosis; None without an account."""
        from diagnostics.plans.fix import plans_of

        opened = self._view(diagnosis.failure)
        return None if opened is None else plans_of(diagnosis.fixes, opened)

    def _view(self, failure: Failure) -> OpenedAccount | None:
        """Return the account in which the explanation starts.

        It is the account of the caller named in the text, or else the selected account.
        """
        if self.accounts is None:
            return self.opened
        from diagnostics.view import view_of

        if self.opened is None and self.role and account_of(self.role) is None:
            holders = self.accounts.holders_of(self.role.rpartition("/")[2])
            named = view_of(failure, self.accounts)
            if len(holders) > 1 and (named is None or named.account.id not in holders):
                raise UsageError(f"{len(holders)} accounts have the role {self.role}: choose with --account.")
            if len(holders) == 1:
                return self.accounts.opened(holders[0])
        return view_of(failure, self.accounts, self.opened)


def run(arguments: argparse.Namespace) -> int:
    if arguments.recent is not None:
        from tui.commands.diagnose.recent import run as run_recent

        return run_recent(arguments)
    context = read_context(arguments.context)
    if arguments.case and (arguments.follow or arguments.offline):
        raise UsageError("--case saves the evaluated policies: it cannot be used with --follow or --offline.")
    if not logging.getLogger().hasHandlers():
        from tui.log import start_log

        start_log()
    if arguments.follow:
        return _follow(arguments, context)
    failures, whole = read_failures(arguments.text)
    explainer = _explainer(arguments, context, several=len(failures) > 1)
    done: list[tuple[Diagnosis, FixPlans | None]] = []
    cases: list[str] = []
    found_answer = False
    answered = 0
    try:
        for diagnosis in _explained(failures, explainer):
            answered += 1
            found_answer = found_answer or diagnosis.verdict.confidence is not Confidence.UNKNOWN
            if arguments.case and diagnosis.case_file:
                cases += diagnosis.case_file.lines
            if arguments.json:
                done.append((diagnosis, explainer.plans(diagnosis) if answered <= MOST_PLANNED else None))
            else:
                _print_page(arguments, diagnosis, first=answered == 1)
    except KeyboardInterrupt:
        # Completed diagnoses are kept: among hundreds, the wanted one may be there already.
        print(f"\nstopped after {answered} of {len(failures)}", file=sys.stderr)
    if not arguments.json and answered > 1:
        from diagnostics.text.answer.grouped_by_cause import causes_text

        if summary := causes_text(failures[:answered]):
            print(f"\n{summary}", end="", flush=True)
    if done:
        for shown, _ in done:
            _learn(arguments, shown)
        document = to_json(*done[0]) if len(failures) == 1 else to_json_all(*zip(*done, strict=True))
        print(json.dumps(versioned("diagnose", document), indent=2))
    if arguments.case and not _saved(Path(arguments.case), cases):
        return CANNOT_TELL
    if answered < len(failures) or not whole:
        return STOPPED
    return ANSWERED if found_answer else CANNOT_TELL


def _explainer(arguments: argparse.Namespace, context: Mapping[str, tuple[str, ...]], *, several: bool) -> Explainer:
    """Return an `Explainer` that uses only the text, or the data of the account.

    If ``several`` failures are explained at the same time, the same question is sent to the account only once. Raises
    `SourceError` if the account cannot be opened.
    """
    if arguments.offline:
        return Explainer(context)
    from iam.sources.cached import cached
    from iam.sources.reader.opened import OpenedAccount
    from tui.open_account import chosen_account, open_account, open_accounts

    files = tuple(map(Path, arguments.trail))
    if missing := [str(path) for path in files if not path.exists()]:
        raise UsageError(f"{missing[0]} does not exist.")
    if (accounts := open_accounts(arguments)) is not None:
        if wants_query(arguments):
            raise UsageError("--athena and --lake query the trail of one account: leave out the folder.")
        chosen = chosen_account(arguments, accounts) if arguments.account else None
        return Explainer(context, chosen, arguments.role, Trail(files), accounts)
    account, reader = open_account(arguments)
    trail = Trail(files)
    if wants_query(arguments):
        from tui.trail_query import changes_by_query

        with arguments.status.telling("querying the trail") as progress:
            trail = Trail(files, changes_by_query(arguments, reader, account.id, progress.say))
    opened = OpenedAccount(account, cached(reader) if several else reader)
    return Explainer(context, opened, arguments.role, trail)


def _saved(path: Path, lines: list[str]) -> bool:
    """Save a case file, and print the command that evaluates it."""
    if not lines:
        print("There is no case to save: no policy was evaluated.", file=sys.stderr)
        return False
    from iam.sources.atomic_file import replacing

    try:
        with replacing(path) as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        print(f"{path} could not be written: {error.strerror}.", file=sys.stderr)
        return False
    print(f"Saved: rolescope evaluate {shlex.quote(str(path))}", file=sys.stderr)
    return True


def _follow(arguments: argparse.Namespace, context: Mapping[str, tuple[str, ...]]) -> int:
    """Explain each new failure on standard input as it arrives, until the input ends or is stopped.

    With ``--json``, print one explanation on each line.
    """
    if arguments.text != "-":
        raise UsageError("--follow reads standard input instead of a text: tail -f FILE | rolescope diagnose --follow")
    from diagnostics.stream import Tally, read_stream
    from tui.commands.diagnose.input import standard_input

    explainer = _explainer(arguments, context, several=False)
    tally = Tally()
    found_answer, stopped = False, False
    given = standard_input(follow=True)
    try:
        for failure in read_stream(given.pieces()):
            first = not tally.count
            if not tally.add(failure):
                continue
            diagnosis = explainer.explained(failure)
            found_answer = found_answer or diagnosis.verdict.confidence is not Confidence.UNKNOWN
            if arguments.json:
                _learn(arguments, diagnosis)
                print(json.dumps(versioned("diagnose", to_json(diagnosis, explainer.plans(diagnosis)))), flush=True)
            else:
                _print_page(arguments, diagnosis, first=first)
    except KeyboardInterrupt:
        stopped = True
    print(f"{given.broken} {_counted(tally)}".strip(), file=sys.stderr)
    if stopped:
        return STOPPED
    return ANSWERED if found_answer else CANNOT_TELL


def _counted(tally: Tally) -> str:
    beyond = (
        f"; {tally.beyond} of these are of different kinds from the first {len(tally.failures)}" if tally.beyond else ""
    )
    return f"{plural(len(tally.failures), 'failure', 'different failures')}, {tally.count} in all{beyond}"


def read_failures(argument: str) -> tuple[tuple[Failure, ...], bool]:
    """Return the failures in a text, a file or standard input (``-``), and whether everything was read.

    Raises `UsageError` for empty, binary or unreadable input.
    """
    with _opened(argument) as given:
        if given is None:
            return _checked(argument, read_text(argument)), True
        coming = given.pieces()
        head = ""
        for piece in coming:
            head += piece
            if len(head) > READ_WHOLE:
                break
        else:
            if given.broken and not head:
                raise UsageError(given.broken)
            print(given.broken, end="\n" * bool(given.broken), file=sys.stderr)
            return _checked(head, read_text(head)), True
        return _read_long(given, head, coming)


def _read_long(given: Input, head: str, coming: Iterator[str]) -> tuple[tuple[Failure, ...], bool]:
    from diagnostics.stream import Tally, read_stream

    tally = Tally()
    whole = True
    try:
        for failure in read_stream(chain([head], coming)):
            tally.add(failure)
    except KeyboardInterrupt:
        whole = False
    wipe = "\r\x1b[K" if sys.stderr.isatty() else ""
    print(wipe + f"{given.broken} {_counted(tally)}".strip(), file=sys.stderr)
    return tally.failures or _checked(head, read_text(head[:READ_WHOLE])), whole


def _checked(text: str, failures: tuple[Failure, ...]) -> tuple[Failure, ...]:
    if not text.strip():
        raise UsageError("There is nothing to explain: give the error's text as an argument or on standard input.")
    if any(isinstance(failure, OtherFailure) and failure.detail == "binary" for failure in failures):
        raise UsageError("This is binary data, not an error's text: give what the failing program printed.")
    return failures


@contextmanager
def _opened(argument: str) -> Iterator[Input | None]:
    """Return standard input, or the file that the argument names; None if the argument is the text itself."""
    if argument == "-":
        from tui.commands.diagnose.input import standard_input

        if sys.stdin.isatty():
            print("Paste the error, then press ctrl+d:", file=sys.stderr)
        yield standard_input()
        return
    if len(argument.split()) != 1 or len(argument) > 1000 or "\0" in argument or not Path(argument).is_file():
        yield None
        return
    from tui.commands.diagnose.input import Input

    try:
        stream = Path(argument).open("rb")  # noqa: SIM115  # closed below
    except OSError as error:
        raise UsageError(f"{argument} cannot be read: {error.strerror}.") from error
    with stream:
        yield Input(stream)


def _explained(failures: tuple[Failure, ...], explainer: Explainer) -> Iterator[Diagnosis]:
    """Yield each failure's diagnosis when it is ready."""
    progress = len(failures) > 1 and sys.stderr.isatty()
    # If the answers are printed on the same terminal, the counter's line is cleared before each of them.
    wipe = "\r\x1b[K" if progress else ""
    for number, failure in enumerate(failures, start=1):
        if progress:
            print(f"\r{number} of {len(failures)} …", end="", file=sys.stderr, flush=True)
        diagnosis = explainer.explained(failure)
        print(wipe, end="", file=sys.stderr, flush=True)
        yield diagnosis


def _learn(arguments: argparse.Namespace, diagnosis: Diagnosis) -> None:
    if arguments.masks:
        arguments.masks.learn(diagnosis)


def _print_page(arguments: argparse.Namespace, diagnosis: Diagnosis, *, first: bool) -> None:
    """Print one diagnosis when it is ready."""
    _learn(arguments, diagnosis)
    if arguments.markdown:
        page = to_markdown(diagnosis)
    else:
        encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
        page = to_text(diagnosis, ascii_only=not encoding.startswith("utf"))
    print(page if first else f"\n{page}", end="", flush=True)
