"""A text that sets its only known failure apart: what happens now comes first, without a cause or a fix."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

LISTS = "An error occurred (AccessDenied) when calling the ListBuckets operation: Access Denied"
QUEUE = (
    "User: arn:aws:iam::205541987730:user/ci is not authorized to perform: sqs:SendMessage on resource: "
    "arn:aws:sqs:eu-west-1:205541987730:jobs because no identity-based policy allows the sqs:SendMessage action"
)
NOW = "Start with the text's words about"


@pytest.mark.parametrize(
    ("text", "words", "now"),
    [
        (f"old one from Dec, ignore: {LISTS}\nNOW:\n  the page stays white", "old one from Dec, ignore", "stays white"),
        (
            f"{QUEUE}   <- not ours, from the vendor\n\nours:\nthe job hangs",
            "not ours, from the vendor",
            "the job hangs",
        ),
        (f"{LISTS}  # google result\nnow the import ends with code 7", "google result", "ends with code 7"),
    ],
)
def test_a_failure_that_is_set_apart_is_not_explained(text: str, words: str, now: str) -> None:
    answer = collect_offline(read_text(text)[0])
    assert f"The author says that this is not the current failure (“{words}" in answer.verdict.summary
    assert now in answer.verdict.summary
    assert not answer.fixes


@pytest.mark.parametrize(
    "text",
    [
        f"{LISTS}\nnow what? ignore the logs below",
        f"old one from Dec, ignore: {LISTS}\nsame today",
        f"old one from Dec, ignore: {LISTS}\nNOW:\n{QUEUE}",
        f"this is not mine to fix?\n{QUEUE}\nnow it is",
    ],
)
def test_a_failure_of_now_is_explained(text: str) -> None:
    assert all(NOW not in collect_offline(each).verdict.summary for each in read_text(text))
