"""Documents as a widget shows them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random

import pytest
from textual.app import App
from textual.geometry import Region
from textual.widget import Widget

from iam.policy.document import Document
from screens.widgets.document import AT_ONCE, DocumentView


def one_long_line(random: Random) -> Document:
    """A document without line breaks, so long that its colours come later than its text."""

    def statement() -> dict[str, object]:
        names = ["-".join(random.choices(["orders", "a", "reports", "x" * 30], k=3)) for _ in range(3)]
        return {"Effect": "Allow", "Action": "s3:GetObject", "Resource": [f"arn:aws:s3:::{name}/*" for name in names]}

    document = Document(json.dumps({"Version": "2012-10-17", "Statement": [statement() for _ in range(160)]}))
    assert len(document.text) > AT_ONCE
    return document


class Shown(App[None]):
    def compose(self) -> Iterable[Widget]:
        yield DocumentView()


@pytest.mark.parametrize("seed", range(3))
async def test_a_long_line_is_drawn_whole_before_and_after_its_colours_come(seed: int) -> None:
    """A line breaks elsewhere when it has pieces of several colours."""
    random = Random(seed)
    app = Shown()

    def empty_rows(view: DocumentView) -> int:
        drawn = view.render_lines(Region(0, 0, view.size.width, view.virtual_size.height + 3))
        return sum(not strip.text.strip() for strip in drawn)

    async with app.run_test(size=(random.randint(20, 70), 30)) as pilot:
        view = app.query_one(DocumentView)
        view.show(one_long_line(random))
        assert empty_rows(view) == 3
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert empty_rows(view) == 3
