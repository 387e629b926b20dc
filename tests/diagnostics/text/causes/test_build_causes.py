"""What the tables of usual causes ask of a text."""

from __future__ import annotations

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.causes.build_causes import matches, quoted


def test_the_denials_of_one_paste_search_its_text_once() -> None:
    line = "User: arn:aws:iam::111122223333:user/kim is not authorized to perform: sqs:SendMessage on resource: {}"
    denials = read_text("\n".join(line.format(f"arn:aws:sqs:eu-west-1:111122223333:q{number}") for number in range(5)))
    quoted.cache_clear()
    matches.cache_clear()
    assert all(collect_offline(each).first_look for each in denials)
    for search in (quoted, matches):
        asked = search.cache_info()
        assert asked.hits >= 4 * asked.misses > 0, search
