"""The facts of a role, where not all could be read."""

from __future__ import annotations

from iam.sources.reader import Reading
from screens.role.facts import owner
from screens.widgets.styles import PLAIN, WARN
from tests.support.accounts.fake_reader import role


def test_an_owner_by_tag_is_not_the_whole_answer_where_the_stacks_could_not_be_read() -> None:
    tagged = role("r", tags={"team": "ferry"})
    assert owner(tagged, Reading("", ())) == ("ferry (tag team)", PLAIN)
    text, style = owner(tagged, Reading("", why="Denied."))
    assert (text, style) == ("ferry (tag team), stacks could not be read", WARN)
