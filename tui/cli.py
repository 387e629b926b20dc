"""The command line. Only what the given command needs is imported: ``--help`` loads neither Textual nor boto3."""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from iam.own_command import use_account_options
from tui.account_choice import account_words, contradiction
from tui.arguments.parser import build_parser
from tui.exit_status import ANSWERED, WRONG_USAGE, UsageError, end_at_once, ended_by
from tui.status_line import StatusLine

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in ``argv`` and return its exit status.

    Without ``argv``, run the command in the process's arguments and end the process with the exit status.
    """
    if argv is not None:
        return _main(argv)
    status = _main(sys.argv[1:])
    end_at_once(status)
    return status


def _main(argv: Sequence[str]) -> int:
    # If the caller closed these streams, output is discarded.
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # as long as the process
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a character that the terminal's encoding lacks is not an error
        sys.stdout.reconfigure(errors="backslashreplace")
    given, to_run = _apart(argv)
    asked_by_shell = "_ARGCOMPLETE" in os.environ  # the shell asks for completions
    parser = build_parser(None if asked_by_shell else given)
    if asked_by_shell:
        import argcomplete

        from tui.role_names import complete_names

        complete_names(parser)
        argcomplete.autocomplete(parser)
    arguments = parser.parse_args(given)
    if to_run is not None:
        if not to_run:
            parser.error("--exec takes a command: --exec -- aws s3 ls")
        arguments.to_run = to_run
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The program that reads the output (head, less) has ended, which is not an error.
        sys.stderr.close()
        return ANSWERED
    except OSError as error:
        if error.errno not in DISK_FULL:
            return ended_by(error)
        print(f"The output cannot be written: {error.strerror}.", file=sys.stderr)
        # Otherwise Python would try to write the rest of the output again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return WRONG_USAGE
    except Exception as error:
        return ended_by(error)


def _run(arguments: argparse.Namespace) -> int:
    if trouble := contradiction(arguments):
        raise UsageError(trouble)
    use_account_options(*account_words(arguments))
    if arguments.log is not None:
        from tui.log import log_to_file

        try:
            log_to_file(Path(arguments.log))
        except OSError as error:
            raise UsageError(f"{arguments.log} cannot be written: {error.strerror or error}.") from error
    command = importlib.import_module(arguments.module)
    if arguments.module == "tui.start":
        return int(command.run(arguments))
    with _masking(arguments), StatusLine(sys.stderr, quiet=arguments.quiet) as arguments.status:
        status = int(command.run(arguments))
    sys.stdout.flush()
    return status


def _masking(arguments: argparse.Namespace) -> AbstractContextManager[None]:
    """Mask standard output if requested. Sets in ``arguments.masks`` what to mask."""
    if not (getattr(arguments, "mask_accounts", False) or getattr(arguments, "mask_names", False)):
        return nullcontext()
    from diagnostics.masking.masks import Masks
    from tui.masked_output import masked_output

    arguments.masks = Masks(names=arguments.mask_names)
    return masked_output(arguments.masks)


def _apart(given: Sequence[str]) -> tuple[Sequence[str], list[str] | None]:
    """Return the arguments, and separately the command after ``--exec``.

    Argparse would parse that command's options too.
    """
    if "use" not in given or "--exec" not in given:
        return given, None
    at = given.index("--exec")
    words = list(given[at + 1 :])
    return given[: at + 1], words[1:] if words[:1] == ["--"] else words


if __name__ == "__main__":
    sys.exit(main())
