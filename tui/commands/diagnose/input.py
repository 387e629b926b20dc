"""The input of ``rolescope diagnose``: text of any length and encoding, or gzip data, read in pieces."""

from __future__ import annotations

import codecs
import io
import os
import select
import sys
from collections.abc import Iterator
from stat import S_ISREG

_PIECE = 65_536
_QUIET_SECONDS = 0.4
_GZIP = b"\x1f\x8b"


class Input:
    """A stream of bytes that is read as text.

    If not everything could be read, ``broken`` is one sentence that says why.
    """

    def __init__(self, stream: io.BufferedReader, *, follow: bool = False) -> None:
        self.broken = ""
        self._stream = stream
        self._follow = follow
        self._shows_progress = sys.stderr.isatty() and not follow and not stream.isatty()

    def pieces(self) -> Iterator[str]:
        """Yield the text as it arrives. With ``follow``, yield an empty piece during each pause."""
        packed = self._stream.peek(2)[:2] == _GZIP
        read = self._unpacked() if packed else self._raw()
        decoder: codecs.IncrementalDecoder | None = None
        for raw in self._with_progress(read, packed=packed) if self._shows_progress else read:
            decoder = decoder or _decoder(raw)
            yield decoder.decode(raw)
        if decoder and (rest := decoder.decode(b"", final=True)):
            yield rest

    def _raw(self) -> Iterator[bytes]:
        # `select` does not see bytes that `peek` has already buffered.
        while raw := self._stream.read1(_PIECE):
            yield raw
            if self._follow and not select.select([self._stream], [], [], _QUIET_SECONDS)[0]:
                yield b""

    def _unpacked(self) -> Iterator[bytes]:
        import gzip
        import zlib

        with gzip.GzipFile(fileobj=self._stream) as unpacking:
            try:
                while raw := unpacking.read1(_PIECE):
                    yield raw
            except (OSError, EOFError, zlib.error) as error:
                self.broken = f"The compressed input is cut off or damaged: {error}."

    def _with_progress(self, read: Iterator[bytes], *, packed: bool) -> Iterator[bytes]:
        """Yield the pieces of ``read``, and show the progress on standard error if that is a terminal."""
        status = os.fstat(self._stream.fileno())
        whole = f" of {status.st_size >> 20}" if S_ISREG(status.st_mode) and not packed else ""
        done = shown = 0
        for raw in read:
            yield raw
            done += len(raw)
            if done >> 20 > shown:
                shown = done >> 20
                print(f"\r{shown}{whole} MB read …", end="", file=sys.stderr, flush=True)
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _decoder(first: bytes) -> codecs.IncrementalDecoder:
    """Return the decoder: UTF-8, or UTF-16 as written by PowerShell."""
    encoding = "utf-16" if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    return codecs.getincrementaldecoder(encoding)(errors="replace")


def standard_input(*, follow: bool = False) -> Input:
    return Input(sys.stdin.buffer, follow=follow)  # type: ignore[arg-type]  # a `BufferedReader`, whatever it reads
