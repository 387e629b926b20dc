"""``rolescope config``: write a configuration file with comments, or print the file's path."""

from __future__ import annotations

import argparse
import os
from dataclasses import fields

from diagnostics.review.limits import Limits
from iam.sources.reader.trail_queries import TrailSettings
from tui.configuration import read_configuration
from tui.exit_status import ANSWERED, UsageError
from tui.paths import configuration_path

HEAD = """\
# The configuration of rolescope. A line that begins with # does nothing; it shows the default.

# "terminal" uses the terminal's own colours; any other name is a theme of Textual, such as "textual-light".
# theme = "terminal"

# false lets the terminal handle the mouse, so that text is selected without shift.
# mouse = true

# false saves no unfinished input: forms of Create and of changes, texts in Diagnose.
# drafts = true

# Production accounts, by number or alias, * for any characters: the header marks them in red, as PROD.
# production = ["111122223333", "*-prod"]

# How long one AWS call may take, in seconds, including retries; after that its data counts as not read.
# call_seconds = 60

# Keys by command ID; ? in rolescope shows the IDs. Separate several keys by commas.
# [keymap]
# "roles.sort" = "s"

# Limits from which the review reports something as too old, too long or unusual.
# [review]
"""

TRAIL = """
# How Athena or CloudTrail Lake queries a trail: the AWS profile of the account that has it, if that is another one;
# the workgroup; where results are written, if the workgroup does not set that (s3://…); prices, which differ by Region.
# [trail]
"""


def run(options: argparse.Namespace) -> int:
    path = configuration_path()
    if path.exists():
        print(path)
        read_configuration(path)
        return ANSWERED
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(commented())
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}; nothing was written.") from error
    print(f"{path}: written; every line is a comment.")
    return ANSWERED


def commented() -> str:
    """Return the text of a configuration file with every key and its default, all commented out."""
    return HEAD + _rows(Limits) + TRAIL + _rows(TrailSettings)


def _rows(kind: type[Limits | TrailSettings]) -> str:
    return "".join(f"# {field.name} = {_toml(field.default)}\n" for field in fields(kind))


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
