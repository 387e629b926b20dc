"""Print messages on standard error, apart from a command's output."""

from __future__ import annotations

import argparse
import sys

from iam.foreign_text import visible


def print_aside(options: argparse.Namespace, sentence: str) -> None:
    """Print a sentence on standard error, masked if the output is masked."""
    masks = getattr(options, "masks", None)
    text = visible(sentence)
    print(masks.text(text) if masks is not None else text, file=sys.stderr)
