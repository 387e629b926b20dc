"""Two texts side by side, or parts of them."""

from __future__ import annotations

from screens.widgets.difference import CONTEXT, DifferenceView, compare_parts

FACTS = "\n".join(f"fact {number}" for number in range(6))
TRUST = ("TRUST\nec2", "TRUST\nlambda")


def test_a_part_without_a_difference_is_left_out_unless_all_lines_are_asked_for() -> None:
    pairs = compare_parts([(FACTS, FACTS), TRUST])
    assert pairs[0].skipped == 6 and [pair.before for pair in pairs[1:]] == ["TRUST", "ec2"]
    assert pairs[1].numbers == (7, 7)  # numbers run on
    whole = compare_parts([(FACTS, FACTS), TRUST], context=1_000_000)
    assert not any(pair.skipped for pair in whole) and len(whole) == 8
    short = "\n".join(FACTS.split("\n")[:CONTEXT])
    assert not any(pair.skipped for pair in compare_parts([(short, short), TRUST]))


def test_one_document_without_a_difference_is_shown_whole() -> None:
    view = DifferenceView()
    view.show(FACTS, FACTS)
    assert [line.split(maxsplit=1)[1] for line in view.whole_lines()] == FACTS.split("\n")
    view.show_parts([(FACTS, FACTS)])
    assert len(view.whole_lines()) == 1
