"""Ten thousands of short texts in the room of their letters: a string of each takes four times as much."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import overload


class TextLines(Sequence[str]):
    """The lines of a text, each made when it is asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Without the line ends, which are as many as the lines before.
        self._starts = array("I", accumulate(map(len, text.split("\n")), initial=0))

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __iter__(self) -> Iterator[str]:
        return iter(self._text.split("\n"))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(map(self.__getitem__, range(*index.indices(len(self)))))
        if index < 0:
            return self[range(len(self))[index]]
        return self._text[self._starts[index] + index : self._starts[index + 1] + index]
