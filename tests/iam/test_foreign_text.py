"""Foreign text can do nothing: to a terminal, to a sentence, to a Markdown page."""

from __future__ import annotations

from iam.foreign_text import csv_cell, markdown_block, markdown_code, markdown_text, shortened, visible


def test_control_and_direction_characters_are_escapes() -> None:
    assert visible("a\x1b[2Jb\u202ec\nd\te") == "a\\u001b[2Jb\\u202ec d e"


def test_a_long_text_is_cut_for_a_sentence() -> None:
    assert shortened("x" * 70) == "x" * 60 + "…"


def test_nothing_in_markdown_is_taken_for_marks() -> None:
    assert markdown_text("*a* [b](c) | <d>") == "\\*a\\* \\[b\\](c) \\| \\<d\\>"


def test_code_keeps_its_bars_but_in_a_table() -> None:
    assert markdown_code("a|b") == "`a|b`"
    assert markdown_code("a|b", in_table=True) == "`a\\|b`"
    assert markdown_code("a`b``c") == "``` a`b``c ```"


def test_the_fence_of_a_block_is_longer_than_any_in_it() -> None:
    assert markdown_block('{"a": "````"}', "json") == ["`````json", '{"a": "````"}', "`````"]


def test_no_cell_of_a_table_is_a_formula() -> None:
    for text in ("=1+1", "+1", "-1", "@sum", "\t=1", " =1", "\uff1d1"):
        assert csv_cell(text).startswith("'")
    assert csv_cell("role=a") == "role=a"
