"""``rolescope diagnose``: explain the failures in a text, without a terminal UI."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping

from diagnostics.diagnose import collect, collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.failure import Failure, OtherFailure
from diagnostics.masking import Masks
from diagnostics.report import to_json, to_json_all, to_markdown, to_text
from iam.account import Account
from iam.sources.cached import cached
from iam.sources.reader import AccountReader, OpenedAccount, SourceError
from tui.cli import ACCOUNT_UNREADABLE, ANSWERED, CANNOT_TELL, WRONG_USAGE, UsageError
from tui.open_account import open_account

STOPPED = 130
LARGEST_TEXT = 64 * 1024 * 1024


def run(arguments: argparse.Namespace) -> int:
    if arguments.recent is not None:
        from tui.commands.recent import run as run_recent

        return run_recent(arguments)
    try:
        text = read_input(arguments.text)
        context = read_context(arguments.context)
    except UsageError as error:
        print(error, file=sys.stderr)
        return WRONG_USAGE
    failures = read_text(text)
    if any(isinstance(failure, OtherFailure) and failure.detail == "binary" for failure in failures):
        print("This is binary data, not an error's text: give what the failing program printed.", file=sys.stderr)
        return WRONG_USAGE
    if arguments.offline:
        diagnoses: Iterator[Diagnosis] = (collect_offline(failure, context) for failure in failures)
    else:
        try:
            account, reader = open_account(arguments)
        except SourceError as error:
            print(error, file=sys.stderr)
            return ACCOUNT_UNREADABLE
        diagnoses = _explained(failures, account, reader, context, arguments.role)
    done: list[Diagnosis] = []
    masks = Masks() if arguments.mask_accounts else None
    try:
        for diagnosis in diagnoses:
            done.append(diagnosis)
            if not arguments.json:
                _print_page(arguments, diagnosis, masks, first=len(done) == 1)
    except KeyboardInterrupt:
        # What is done stands: of hundreds it may be what was wanted.
        print(f"\nstopped after {len(done)} of {len(failures)}", file=sys.stderr)
    if arguments.json and done:
        document = to_json(done[0]) if len(failures) == 1 else to_json_all(done)
        print(json.dumps(masks.value(document) if masks else document, indent=2))
    if len(done) < len(failures):
        return STOPPED
    told = any(diagnosis.verdict.confidence is not Confidence.UNKNOWN for diagnosis in done)
    return ANSWERED if told else CANNOT_TELL


def read_input(argument: str) -> str:
    """The text itself, or standard input for ``-``. Raises `UsageError` for an empty or oversized one."""
    if argument == "-":
        if sys.stdin.isatty():
            print("Paste the error, then press ctrl+d:", file=sys.stderr)
        raw = sys.stdin.buffer.read(LARGEST_TEXT + 1)
        if len(raw) > LARGEST_TEXT:
            raise UsageError(f"The text is larger than {LARGEST_TEXT // 2**20} MB: give the part with the error.")
        text = raw.decode("utf-8", errors="replace")
    else:
        text = argument
    if not text.strip():
        raise UsageError("There is nothing to explain: give the error's text as an argument or on standard input.")
    return text


def read_context(pairs: list[str]) -> Mapping[str, tuple[str, ...]]:
    """``KEY=VALUE`` pairs; a repeated key makes a list. Raises `UsageError` for what is no pair."""
    context: dict[str, tuple[str, ...]] = {}
    for pair in pairs:
        key, separator, value = pair.partition("=")
        if not separator or not key.strip():
            raise UsageError(f"--context takes KEY=VALUE, such as aws:SourceIp=203.0.113.7; {pair!r} is not one.")
        context[key.strip()] = (*context.get(key.strip(), ()), value)
    return context


def _explained(
    failures: tuple[Failure, ...],
    account: Account,
    reader: AccountReader,
    context: Mapping[str, tuple[str, ...]],
    role: str | None,
) -> Iterator[Diagnosis]:
    """Each failure's diagnosis as it is made; of several, the account is asked every question once."""
    several = len(failures) > 1
    if several:
        reader = cached(reader)
    progress = several and sys.stderr.isatty()
    # Where the answers go to the same terminal, the counter's line is wiped before each.
    wipe = "\r\x1b[K" if progress else ""
    for number, failure in enumerate(failures, start=1):
        if progress:
            print(f"\r{number} of {len(failures)} …", end="", file=sys.stderr, flush=True)
        diagnosis = collect(failure, OpenedAccount(account, reader), context, role=role)
        print(wipe, end="", file=sys.stderr, flush=True)
        yield diagnosis


def _print_page(arguments: argparse.Namespace, diagnosis: Diagnosis, masks: Masks | None, *, first: bool) -> None:
    """Print one diagnosis as soon as it is made."""
    if arguments.markdown:
        page = to_markdown(diagnosis)
    else:
        encoding = (sys.stdout.encoding or "ascii").lower().replace("-", "")
        page = to_text(diagnosis, ascii_only=not encoding.startswith("utf"))
    page = masks.text(page) if masks else page
    print(page if first else f"\n{page}", end="", flush=True)
