"""Store tens of thousands of short texts compactly. A string for each would take four times the memory."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import overload


class TextWords(Sequence[str]):
    """A sequence of words that are stored as a few texts, separated by blanks or another ``sign``.

    A text is split when one of its words is accessed. ``starts`` contains the index of each text's first word, followed
    by the total number of words.
    """

    def __init__(self, texts: Iterable[str], starts: Sequence[int], sign: str = " ") -> None:
        self._texts, self._starts, self._sign = tuple(texts), starts, sign
        self._apart: tuple[int, list[str]] = -1, []  # the text that was split last

    def __len__(self) -> int:
        return self._starts[-1]

    def __iter__(self) -> Iterator[str]:
        return (word for text in self._texts for word in text.split(self._sign))

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(map(self.__getitem__, range(*index.indices(len(self)))))
        index = range(len(self))[index]
        which = bisect_right(self._starts, index) - 1
        asked, words = self._apart
        if asked != which:
            words = self._texts[which].split(self._sign)
            self._apart = which, words
        return words[index - self._starts[which]]

    def at(self, places: Iterable[int]) -> Iterator[str]:
        """Yield the words at these indexes, which must be in ascending order; each text is split once."""
        first = end = 0
        words: list[str] = []
        for place in places:
            if not first <= place < end:
                which = bisect_right(self._starts, place) - 1
                first, end = self._starts[which], self._starts[which + 1]
                words = self._texts[which].split(self._sign)
            yield words[place - first]
