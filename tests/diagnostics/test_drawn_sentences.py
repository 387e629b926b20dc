"""The sentences that a person is given to judge: the same for the same seed, each a sentence of its answer."""

from __future__ import annotations

from diagnostics.report import to_text
from tests.support.oracles.sentences import cases, field_texts


def test_a_seed_draws_the_same_sentences_each_of_its_answer() -> None:
    texts = field_texts(None)
    first = [*cases(7, "1", texts)]
    again = [(case.name, part, said) for case, _, part, said in cases(7, "1", texts)]
    assert again == [(case.name, part, said) for case, _, part, said in first]
    assert len({case.name for case, *_ in first}) > 1
    for _, found, part, said in first:
        words = said.partition("] ")[2] if part == "verdict" and said.startswith("[") else ""
        assert words in to_text(found)
