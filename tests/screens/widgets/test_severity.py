"""Severities are told apart by a shape, a colour and a weight."""

from __future__ import annotations

from itertools import pairwise

import pytest
from rich.cells import cell_len

from diagnostics import severity_marks
from diagnostics.marks import ASCII_MARKS, Marks
from iam.risks.risk import Severity
from screens.widgets.severity import severity_mark, severity_style, severity_words


@pytest.mark.parametrize("signs", [Marks(), ASCII_MARKS])
def test_each_severity_has_a_shape_of_its_own_in_one_cell(signs: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(severity_marks, "marks", lambda: signs)
    shapes = [severity_mark(each) for each in Severity]
    assert len(set(shapes)) == len(shapes) and all(cell_len(shape) == 1 for shape in shapes)
    assert not {signs.passed, signs.failed, signs.unknown, signs.marked} & set(shapes)
    assert severity_words(Severity.HIGH) == f"{signs.high} high"


def test_the_three_gravest_differ_without_colour() -> None:
    looks = [severity_style(each) for each in (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)]
    weights = [(bool(look.reverse), bool(look.bold)) for look in looks]
    assert all(graver > lesser for graver, lesser in pairwise(weights))
    assert len({look.color for look in looks} | {severity_style(Severity.LOW).color}) == 4
