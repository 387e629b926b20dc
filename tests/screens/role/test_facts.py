"""The facts of a role, where not all could be read."""

from __future__ import annotations

from diagnostics.review.finding import Finding
from iam.risks.risk import Severity
from iam.sources.reader.reading import Reading
from screens.role.facts import findings, owner
from screens.widgets.styles import PLAIN, WARN
from tests.support.accounts.fake_reader import role


def test_an_owner_by_tag_is_not_the_whole_answer_where_the_stacks_could_not_be_read() -> None:
    tagged = role("r", tags={"team": "ferry"})
    assert owner(tagged, Reading("", ())) == ("ferry (tag team)", PLAIN)
    text, style = owner(tagged, Reading("", why="Denied."))
    assert (text, style) == ("ferry (tag team), stacks could not be read", WARN)


def test_the_findings_of_a_role_are_their_titles() -> None:
    def found(title: str, severity: Severity) -> Finding:
        return Finding("rule", severity, "arn:aws:iam::111122223333:role/r", title, "")

    grave = [found("Can become administrator", Severity.CRITICAL), found("Is open to everyone", Severity.HIGH)]
    more = [found("Is open to everyone", Severity.HIGH), found("Is old", Severity.LOW), found("Is odd", Severity.INFO)]
    shown = "◆ Can become administrator · ▲ Is open to everyone · 2 more (4)"
    assert findings([*grave, *more]) == (shown, WARN)
    assert findings(()) == ("–", PLAIN)
