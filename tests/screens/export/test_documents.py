"""An export that is older than a change of the run says so first."""

from __future__ import annotations

import json

from screens.export.documents import noted

NOTE = "Read before your change “tag deploy”: ask again."


def test_each_format_says_it_in_its_own_way_and_stays_what_it_is() -> None:
    for ending, text in (
        ("md", "> NOTE\n\n# Role\n"),
        ("tf", "# NOTE\n# Role\n"),
        ("dot", "// NOTE\n# Role\n"),
        ("csv", "# Role\n"),
    ):
        assert noted("# Role\n", ending, NOTE) == text.replace("NOTE", NOTE), ending
        assert noted("# Role\n", ending, "") == "# Role\n"
    document = json.loads(noted('{"schema": "who-can/1", "roles": []}', "json", NOTE))
    assert list(document.items()) == [("schema", "who-can/1"), ("stale", NOTE), ("roles", [])]
    assert noted("[1]", "json", NOTE) == "[1]"
