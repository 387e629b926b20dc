"""Check whether the options that select the account are consistent and can be used here.

Imports very little, so that it is fast.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec

_WITH_A_NUMBER = ("tui.commands.permissions", "tui.commands.plan_review")
"""Commands that have an ``--account`` option of their own, for an account ID."""


def contradiction(options: argparse.Namespace) -> str | None:
    """Return one sentence that says what is wrong with the account options, or None."""
    chosen = [name for name in ("demo", "snapshot") if getattr(options, name, None)]
    if len(chosen) > 1 or (chosen and getattr(options, "profile", None)):
        return "Choose one account: --demo, --snapshot FILE or --profile NAME, not several."
    if chosen and getattr(options, "endpoint_url", None):
        return (
            f"Use either --endpoint-url or --{chosen[0]}, not both: --endpoint-url works only with a live AWS account."
        )
    own = options.module in _WITH_A_NUMBER if hasattr(options, "module") else False
    if getattr(options, "account", None) and not getattr(options, "snapshot", None) and not own:
        return "--account chooses an account of a folder: use it with --snapshot FOLDER."
    if getattr(options, "as_user", None) and not getattr(options, "demo", None):
        return "--as NAME makes one of the demo's users the caller: use it with --demo."
    return None


def account_words(options: argparse.Namespace) -> tuple[str, ...]:
    """Return the options for another process to open the same account, with the same caller and Region."""
    if getattr(options, "demo", None):
        words = ("--demo", *_option("--as", options, "as_user"))
    elif getattr(options, "snapshot", None):
        words = (*_option("--snapshot", options, "snapshot"), *_option("--account", options, "account"))
    else:
        words = (*_option("--profile", options, "profile"), *_option("--endpoint-url", options, "endpoint_url"))
    return (*words, *_option("--region", options, "region"))


def _option(name: str, options: argparse.Namespace, attribute: str) -> tuple[str, ...]:
    value = getattr(options, attribute, None)
    return (name, str(value)) if value else ()


def demo_missing(options: argparse.Namespace) -> str | None:
    """Return one sentence that says how to install the demo, if it is requested but not installed; else None."""
    if not getattr(options, "demo", None) or find_spec("moto") is not None:
        return None
    from tui.extras import adding

    return f"The demo account is not installed (the extra `demo`). To install it: {adding('demo')}"
