"""The failures of a text, explained in an account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Diagnosis
from iam.sources.reader.opened import OpenedAccount


def diagnose_text(
    text: str, opened: OpenedAccount, context: Mapping[str, tuple[str, ...]] | None = None, *, role: str | None = None
) -> Iterator[Diagnosis]:
    """A diagnosis for each failure in ``text``, in the text's order."""
    return (collect(failure, opened, context or {}, role=role) for failure in read_text(text))
