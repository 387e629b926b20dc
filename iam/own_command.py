"""Build the rolescope commands that the program suggests. They open the same account as this process does."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import pairwise

_PRIVATE = ("--snapshot", "--account", "--profile", "--endpoint-url")

_account_options: tuple[str, ...] = ()
_one_of_several: ContextVar[str] = ContextVar("_one_of_several", default="")


def use_account_options(*words: str) -> None:
    """Set the options that this process was started with to select the account, such as ``--profile prod``."""
    global _account_options
    _account_options = words


def account_options() -> tuple[str, ...]:
    """Return the options with which another process opens the same account."""
    return _account_options


@contextmanager
def in_account(account: str) -> Iterator[None]:
    """Context manager: commands suggested in this thread select ``account``, for use if several accounts are open."""
    token = _one_of_several.set(account)
    try:
        yield
    finally:
        _one_of_several.reset(token)


def own_command(*words: str) -> str:
    """Return a rolescope command line, quoted for a shell, with the options that select the account."""
    account = _one_of_several.get()
    one = ("--account", account) if account and "--account" not in _account_options else ()
    return shlex.join(("rolescope", *_account_options, *one, *words))


def private_options() -> Iterator[tuple[str, str]]:
    """Yield pairs of option and value for options whose values are private, quoted as in `own_command`.

    They are paths, profiles, accounts and endpoints: masked output must not contain them.
    """
    for option, value in pairwise(_account_options):
        if option in _PRIVATE:
            yield option, shlex.quote(value)
