"""Command lines of rolescope that texts and screens offer: they open the same account as this process."""

from __future__ import annotations

import shlex

_account_options: tuple[str, ...] = ()


def use_account_options(*words: str) -> None:
    """Set the options that choose this process's account, such as ``--profile prod``."""
    global _account_options
    _account_options = words


def own_command(*words: str) -> str:
    """Return a command line of rolescope, quoted for a shell, with the options that choose the account."""
    return shlex.join(("rolescope", *_account_options, *words))
