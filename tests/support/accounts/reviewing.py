"""Accounts in memory under review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from diagnostics.review.finding import Finding
from diagnostics.review.limits import Limits
from diagnostics.review.run import review
from diagnostics.review.subject import ReviewedAccount
from tests.support.accounts.questions import opened, snapshot


def reviewed(tmp_path: Path, content: dict[str, Any], limits: Limits | None = None) -> ReviewedAccount:
    account, reader = opened(tmp_path, content)
    return ReviewedAccount(account, reader, limits or Limits())


def findings_in(
    tmp_path: Path, content: dict[str, Any], *rules: str, limits: Limits | None = None
) -> tuple[Finding, ...]:
    """What the review finds in a snapshot's content, by the rules of these ids."""
    found = review(reviewed(tmp_path, content, limits), rules=rules)
    return tuple(one for one in found if isinstance(one, Finding))


def names(found: Sequence[Finding]) -> set[str]:
    """The names of the subjects."""
    return {one.subject.rpartition("/")[2] for one in found}


__all__ = ["findings_in", "names", "reviewed", "snapshot"]
