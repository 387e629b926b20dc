"""Where a long text breaks: between the parts of an ARN, never inside an account ID where that can be helped."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as some
from rich.cells import cell_len

from screens.text import fit_end
from screens.widgets.strips import broken, wrap
from screens.widgets.styles import PLAIN

ARN = "arn:aws:dynamodb:us-east-1:111122223333:table/orders/index/by-customer"


def test_an_account_id_stays_whole() -> None:
    for width, before in product((34, 40, 46, 58), ("", "on ")):
        lines = list(wrap(before + ARN, width, "  "))
        assert sum("111122223333" in line for line in lines) == 1, lines
        rows = ["".join(text for text, _ in row) for row in broken([('"Resource": ', PLAIN), (ARN, PLAIN)], width, 4)]
        assert sum("111122223333" in row for row in rows) == 1, rows


def test_a_name_is_not_broken_where_a_line_of_its_own_has_room_for_it() -> None:
    pieces = [('      "Service": ', PLAIN), ('"lambda.amazonaws.com"', PLAIN)]
    rows = ["".join(text for text, _ in row) for row in broken(pieces, 36, 8)]
    assert rows == ['      "Service": ', '        "lambda.amazonaws.com"']
    rows = ["".join(text for text, _ in row) for row in broken(pieces, 26, 8)]
    assert rows == ['      "Service": "lambda.', '        amazonaws.com"']


def test_of_a_name_that_is_too_long_the_end_stays() -> None:
    assert fit_end("policy/orders", 20) == "policy/orders       "
    assert fit_end("policy/orders", 7) == "…orders"
    assert cell_len(fit_end("漢" * 9, 8)) == 8


@settings(deadline=None, max_examples=150)
@given(some.text(alphabet="ab:/ 漢e\u0301", max_size=60), some.integers(6, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    rows = ["".join(part for part, _ in row) for row in broken([(text, PLAIN)], width)]
    assert "".join(rows) == text
    lines = list(wrap(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(cell_len(line) <= width for line in (*rows, *lines))
