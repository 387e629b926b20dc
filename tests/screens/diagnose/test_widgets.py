"""What the widgets are made of: wrapping, comparing, the lit document, the box."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from diagnostics.diagnosis import PASTED, Confidence, Evidence, Status, Step, Verdict
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.policy.document import Document
from iam.questions.change.effects import GAINS, LOSSES, EffectKind, Effects
from screens.diagnose.evidence import document_lines
from screens.diagnose.fixes import Fixes
from screens.diagnose.results import deciding_step
from screens.diagnose.run import empty_or_binary
from screens.text import heights, visible
from screens.widgets.difference import compare, compare_parts, difference_lines
from screens.widgets.strips import plain, wrap
from tests.support.driving.scripted_diagnosis import AFTER, BEFORE

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=200)


@pytest.mark.parametrize(
    ("counts", "drawn"),
    [((0, 1, 8), "·▁█"), ((0, 0), "··"), ((), ""), ((3,), "█"), ((1, 1000), "▁█"), ((0, 1, 2, 3, 4), "·▂▄▆█")],
)
def test_counts_as_heights_show_what_is_none_and_what_is_most(counts: tuple[int, ...], drawn: str) -> None:
    assert heights(counts) == drawn


@given(TEXTS, st.integers(8, 60), st.integers(0, 6))
def test_wrapping_fits_and_loses_nothing(text: str, width: int, indent: int) -> None:
    line = visible(text)
    pieces = list(wrap(line, width, " " * indent))
    assert all(cell_len(piece) <= width for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(line.split())


def test_two_blanks_where_a_line_breaks_are_no_word_to_cut() -> None:
    assert [each.strip() for each in wrap("abcd  ef", 4)] == ["abcd", "ef"]


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.lists(st.sampled_from("abcd"), max_size=30))
def test_comparing_keeps_every_line_of_both(before: list[str], after: list[str]) -> None:
    pairs = compare("\n".join(before), "\n".join(after), context=99)
    assert [pair.before for pair in pairs if pair.before is not None] == before
    assert [pair.after for pair in pairs if pair.after is not None] == after


def test_long_unchanged_stretches_are_left_out_and_counted() -> None:
    before = [f"line {number}" for number in range(50)]
    after = [*before[:25], "new", *before[25:]]
    pairs = compare("\n".join(before), "\n".join(after))
    assert [pair.skipped for pair in pairs if pair.skipped] == [21, 21]
    assert [pair.after for pair in pairs if pair.changed] == ["new"]


def test_a_line_too_long_for_two_columns_is_shown_whole_below_each_other() -> None:
    arn = f'"Resource": "arn:aws:dynamodb:us-east-1:111122223333:table/{"orders" * 12}"'
    rows = ["".join(text for text, _ in row) for row in difference_lines(compare("{}", f"{{{arn}}}"), 120)]
    assert not any("│" in row for row in rows)
    assert "".join(arn.split()) in "".join("".join(row[6:].split()) for row in rows)


def test_only_what_is_around_the_lit_statement_stays_unless_all_is_asked_for() -> None:
    statements = [{"Sid": f"S{n}", "Effect": "Allow", "Action": "s3:Get*", "Resource": "*"} for n in range(9)]
    document = Document.from_value({"Version": "2012-10-17", "Statement": statements})
    evidence = (Evidence("x", statement=4, element="Action", document=document),)
    folded = ["".join(text for text, _ in row) for row in document_lines(document, evidence, 80, whole=False)]
    whole = ["".join(text for text, _ in row) for row in document_lines(document, evidence, 80, whole=True)]
    assert len(whole) == len(document.text.splitlines())
    assert any('"S4"' in row and row.startswith("▌") for row in folded)
    assert not any('"S1"' in row for row in folded)
    assert len([row for row in folded if "… " in row]) == 2


def test_the_nearest_statement_s_fault_stands_out_among_others() -> None:
    statements = [{"Sid": f"S{n}", "Effect": "Allow", "Action": f"s3:Get{n}", "Resource": "*"} for n in range(3)]
    document = Document.from_value({"Version": "2012-10-17", "Statement": statements})
    evidence = [Evidence("x", statement=n, element="Action", document=document) for n in (2, 0)]
    rows = list(document_lines(document, evidence, 80))
    reversed_text = "".join(text for row in rows for text, look in row if look.reverse)
    assert "s3:Get2" in reversed_text
    assert "s3:Get0" not in reversed_text
    assert any("s3:Get0" in text and look.underline for row in rows for text, look in row)


def test_the_step_that_decided_is_found() -> None:
    steps = [
        Step("text", "t", Status.PASS, ""),
        Step("identity", "t", Status.FAIL, ""),
        Step("trust", "t", Status.FAIL, ""),
        Step("resource", "t", Status.UNKNOWN, ""),
    ]
    assert deciding_step(steps, Verdict("identity.no-action", Confidence.CERTAIN, "")) == 1
    assert deciding_step(steps, Verdict("trust.no-action", Confidence.CERTAIN, "")) == 2
    assert deciding_step(steps, Verdict("name.taken", Confidence.CERTAIN, "")) == 2
    assert deciding_step(steps[:1], Verdict("allowed.now", Confidence.CERTAIN, "")) is None
    assert deciding_step([steps[0], steps[3]], None) == 1
    pasted = Step(PASTED, "The policy in the text", Status.FAIL, "")
    by_text = Verdict("identity.no-action", Confidence.LIKELY, "", by_text=True)
    assert deciding_step([pasted, *steps], by_text) == 0
    assert deciding_step(steps, Verdict("resource.no-action", Confidence.LIKELY, "")) == 3


def test_a_coloured_log_is_not_taken_for_binary_data() -> None:
    assert empty_or_binary("\x1b[31m│\x1b[0m \x1b[1mError: \x1b[0mAccessDenied") == ""
    assert empty_or_binary("Zugriff verweigert – доступ запрещён") == ""


@given(TEXTS)
def test_plain_is_one_line_that_commands_nothing(text: str) -> None:
    line = plain(text)
    assert "\n" not in line
    assert visible(line) == line


def test_the_documents_of_the_script_are_what_they_say() -> None:
    assert len(BEFORE.statements) == 1
    assert AFTER.statements[0].action == ("s3:GetObject", "s3:PutObject")


@pytest.mark.parametrize("width", [80, 120])
def test_whom_a_fix_is_for_is_never_pushed_out_by_its_title(width: int) -> None:
    fix = Fix("Add " + "a long title " * 20, Who.RESOURCE_OWNER, Note(""), True)
    text = "".join(piece for piece, _ in Fixes().pieces_of(fix, 0, width))
    assert "…  owner  ✓" in text and cell_len(text) <= width


def test_where_a_fix_goes_is_not_lost_behind_the_head_of_an_arn() -> None:
    table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders"
    fix = Fix(f"Add dynamodb:Query on {table} to orders-rw", Who.ACCOUNT_ADMIN, Note(""), True)
    narrow, wide = ("".join(piece for piece, _ in Fixes().pieces_of(fix, 0, width)) for width in (80, 160))
    assert "on …table/orders to orders-rw" in narrow
    assert table in wide


def test_a_fix_is_put_into_words_once_however_often_it_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[EffectKind, ...]] = []

    def effect_count(fix: Fix, *kinds: EffectKind) -> int:
        asked.append(kinds)
        return 1 if kinds == GAINS else 0

    monkeypatch.setattr(Fix, "effect_count", effect_count)
    fixes, fix = Fixes(), Fix("Detach the SCP", Who.ORG_ADMIN, Note(""), True, effects=Effects(fully_computed=False))
    drawn = {"".join(piece for piece, _ in fixes.pieces_of(fix, 0, 160)) for _ in range(3)}
    [line] = drawn
    assert "evaluated: allowed; 1 other thing newly allowed" in line
    assert sorted(asked) == sorted([GAINS, LOSSES] * 2)  # at length and in short


def test_a_part_is_compared_with_its_counterpart_alone() -> None:
    trusts, permissions = ("TRUST\n{\nteam\n}", "TRUST\n{\n}"), ("", "own (inline)\n{\nteam\n}")
    pairs = compare_parts([trusts, permissions])
    assert [(pair.before, pair.after) for pair in pairs if pair.changed] == [
        ("team", None),
        (None, "own (inline)"),
        (None, "{"),
        (None, "team"),
        (None, "}"),
    ]
    assert pairs[-1].numbers[1] == 7
