"""Mask a command's output before it is printed: ``--mask-accounts`` and ``--mask-names``."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from diagnostics.masking.masks import Masks


class _MaskedOutput(io.TextIOBase):
    """Collects output until it is flushed, because a secret may be written in pieces."""

    def __init__(self, out: TextIO, masks: Masks) -> None:
        self._out, self._masks = out, masks
        self._parts: list[str] = []

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has a plain attribute
        return self._out.encoding

    def isatty(self) -> bool:
        return self._out.isatty()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._parts.append(text)
        return len(text)

    def flush(self) -> None:
        text = "".join(self._parts)
        self._parts.clear()
        if text:
            self._out.write(self._masks.document(text))
        self._out.flush()


@contextmanager
def masked_output(masks: Masks) -> Iterator[None]:
    """Context manager that masks standard output, and says on standard error what was masked."""
    plain = sys.stdout
    sys.stdout = masked = _MaskedOutput(plain, masks)
    try:
        yield
    finally:
        sys.stdout = plain
        masked.flush()
    print(masks.sentence(), file=sys.stderr)
