"""The sentences that a person is given to judge: the same for the same seed, each a sentence of its answer."""

from __future__ import annotations

from diagnostics.report import to_text
from tests.support.oracles.sentences import cases, field_texts


def test_a_seed_draws_the_same_sentences() -> None:
    texts = field_texts(None)
    first = [(case.name, part, said) for case, _, part, said in cases(6, "1", texts)]
    assert first == [(case.name, part, said) for case, _, part, said in cases(6, "1", texts)]
    assert len({name for name, _, _ in first}) > 1


def test_a_drawn_sentence_is_one_of_its_answer() -> None:
    for _, found, part, said in cases(8, "2", field_texts(None)):
        words = said.partition("] ")[2] if part == "verdict" and said.startswith("[") else ""
        assert words in to_text(found)
