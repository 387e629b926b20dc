"""The ways in which a call that works differs from one that fails."""

from __future__ import annotations

from enum import Enum


class Difference(Enum):
    """How the call that works differs from the one that fails."""

    AGAIN = "again"
    """The same call, run again without a change."""
    VERSION = "version"
    """Another version of the program."""
    NEWER = "newer"
    """An older version of the program works; the call fails since a newer version."""
    OPTION = "option"
    """The same call, once with an option and once without it."""
    BY_HAND = "by hand"
    """The same command, run by hand in the same place."""
    PROGRAM = "program"
    """Another program with the same credentials: most often the AWS CLI."""
    PLACE = "place"
    """Another machine, container, Region or account."""
