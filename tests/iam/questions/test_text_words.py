"""The words of texts as a sequence."""

from __future__ import annotations

import pytest

from iam.questions.text_words import TextWords


def test_it_is_the_tuple_of_its_words() -> None:
    given = ("ec2:RunInstances", "s3:GetObject", "s3:PutObject", "sts:AssumeRole")
    words = TextWords((given[0], " ".join(given[1:3]), given[3]), (0, 1, 3, 4))
    assert (tuple(words), len(words), words[-1]) == (given, 4, given[-1])
    assert (words[1:3], words[2:], words[::-1]) == (given[1:3], given[2:], given[::-1])
    assert [words[at] for at in (0, 2, 1, 3, 0)] == [given[at] for at in (0, 2, 1, 3, 0)]
    for places in ((), (0, 1, 2, 3), (1, 3), (0, 2)):
        assert list(words.at(places)) == [given[at] for at in places]
    for beyond in (4, -5):
        with pytest.raises(IndexError):
            words[beyond]
    assert len(TextWords((), (0,))) == 0 and not list(TextWords((), (0,)))
