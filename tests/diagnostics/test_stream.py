"""Texts of any length, in pieces of any size: the same failures as in one, with no more memory than a window."""

from __future__ import annotations

import gc
import itertools
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.diagnose import read_text
from diagnostics.failure import Conflict, Denial, Failure
from diagnostics.stream import MOST_DIFFERENT, Tally, read_stream
from diagnostics.text.read.clean.windows import windows

WINDOW = 30_000
"""Characters of a window here: a fifth of the program's, and so are the texts."""
CHATTER = "2026-11-01T10:00:{0:02d}Z INFO served request {0} in 3 ms, user=u{0}\n"
BOX = """╷
│ Error: creating IAM Role (web-{0}): operation error IAM: CreateRole, https response error StatusCode: 409,
│ RequestID: 11111111-2222-3333-4444-555555555555, EntityAlreadyExists: Role with name web-{0} already
│ exists.
│
│   with aws_iam_role.web,
│   on main.tf line 1, in resource "aws_iam_role" "web":
╵
"""


@pytest.fixture(scope="module", autouse=True)
def _small_windows() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diagnostics.text.read.clean.windows.LONGEST_WINDOW", WINDOW)
        patch.setattr("diagnostics.stream.LONGEST_WINDOW", WINDOW)
        yield


def denied(number: int) -> str:
    return (
        f"User: arn:aws:sts::111122223333:assumed-role/web-{number}/i-0 is not authorized to perform: s3:GetObject on "
        f'resource: "arn:aws:s3:::b/{number}" because no identity-based policy allows the s3:GetObject action'
    )


def event(number: int, *, refused: bool = True) -> dict[str, object]:
    outcome = {"errorCode": "AccessDenied", "errorMessage": denied(number)} if refused else {"readOnly": True}
    return {
        "eventVersion": "1.08",
        "userIdentity": {"type": "AssumedRole", "arn": f"arn:aws:sts::111122223333:assumed-role/web-{number}/i-0"},
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "requestParameters": {"list": [{"a": 1}, {"b": [{"c": "}, {"}]}]},
        **outcome,
    }


def cut(text: str, size: int) -> Iterator[str]:
    for at in range(0, len(text), size):
        yield text[at : at + size]


def resources(failures: Iterable[Failure]) -> Counter[str | None]:
    found: Counter[str | None] = Counter()
    for failure in failures:
        name = failure.resource if isinstance(failure, Denial) else failure.name
        found[name] += failure.count
    return found


def log(lines: int, every: int) -> tuple[str, int]:
    parts, wrote = [], 0
    for number in range(lines):
        parts.append(CHATTER.format(number % 60))
        if number % every == 0:
            parts.append(BOX.format(number) if number % 2 else f"2026-11-01T10:00:00Z ERROR {denied(number)}\n")
            wrote += 1
    return "".join(parts), wrote


def test_a_long_log_has_as_many_failures_as_were_written() -> None:
    text, wrote = log(2_000, 67)
    assert len(text) > 4 * WINDOW
    found = list(read_stream(cut(text, 65_536)))
    assert sum(failure.count for failure in found) == wrote
    assert {type(failure) for failure in found} == {Denial, Conflict}


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(alphabet="ab \n│{}[]", max_size=9), max_size=60), st.integers(1, 60_000))
def test_windows_joined_again_are_the_text(words: list[str], size: int) -> None:
    text = "".join(words) * 400
    found = list(windows(cut(text, size)))
    assert "".join(found) == text
    assert all(0 < len(window) <= WINDOW for window in found)


LISTS = {
    "a log file of CloudTrail": lambda events: json.dumps({"Records": events}),
    "with other keys before": lambda events: json.dumps({"version": 1, "of": "x", "Records": events}),
    "indented": lambda events: json.dumps({"Records": events}, indent=4),
    "one an event a line": lambda events: "\n".join(map(json.dumps, events)),
    "a list": json.dumps,
    "the command line's": lambda events: json.dumps(
        {"Events": [{"EventId": "x", "CloudTrailEvent": json.dumps(each)} for each in events], "NextToken": "x"}
    ),
    "in a log": lambda events: "\n".join(f"[INFO] 2026-11-01 got {json.dumps(each)}" for each in events),
    "followed by words": lambda events: json.dumps(events) + "\n" + denied(9),
}


@pytest.mark.parametrize("form", LISTS)
@pytest.mark.parametrize("size", [777, 65_536])
def test_every_event_of_a_long_list_is_read(form: str, size: int) -> None:
    events = [event(number, refused=number % 3 == 0) for number in range(180)]
    text = LISTS[form](events)
    assert len(text) > 2 * WINDOW
    wanted = Counter(f"arn:aws:s3:::b/{number}" for number in range(0, 180, 3))
    wanted["arn:aws:s3:::b/9"] += form == "followed by words"
    assert resources(read_stream(cut(text, size))) == wanted


def test_a_list_that_is_cut_off_gives_the_events_before_the_cut() -> None:
    text = json.dumps({"Records": [event(number) for number in range(300)]})
    found = resources(read_stream(cut(text[: len(text) // 2], 10_000)))
    assert 148 <= len(found) <= 150
    assert resources(read_text(text[:60_000])) == resources(read_stream([text[:60_000]])) - Counter([None])


def test_words_beside_an_event_are_read_too() -> None:
    found = resources(read_text(f"{denied(1)}\n{json.dumps(event(2))}\nthe rest: {denied(3)}"))
    assert found == Counter({f"arn:aws:s3:::b/{number}": 1 for number in (1, 2, 3)})


def test_what_has_arrived_is_read_when_nothing_more_comes() -> None:
    seen: list[int] = []

    def coming() -> Iterator[str]:
        for number in range(3):
            yield denied(number) + "\n"
            yield ""
            seen.append(len(found))

    found: list[Failure] = []
    for failure in read_stream(coming()):
        found.append(failure)
    assert seen == [1, 2, 3]


@pytest.fixture
def garbage_goes() -> Iterator[None]:
    """As Python has it: the program's own command, where one ran before, looks for garbage more rarely."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()  # what the process has from other tests is not looked through each time
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


@pytest.mark.usefixtures("garbage_goes")
def test_a_longer_text_takes_no_more_memory() -> None:
    line = "".join(CHATTER.format(number) for number in range(60)) + denied(1) + "\n"

    def peak(lines: int) -> int:
        tally = Tally()
        tracemalloc.start()
        for failure in read_stream(itertools.repeat(line, lines)):
            tally.add(failure)
        reached = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert (len(tally.failures), tally.count) == (1, lines)
        return reached

    peak(16)  # what is loaded only once, some of it for a second window
    assert peak(16) < 1.3 * peak(9)  # both more than a window


def test_a_tally_keeps_so_many_and_counts_the_rest() -> None:
    tally = Tally()
    new = [tally.add(Denial("x", action="s3:GetObject", resource=str(number))) for number in range(MOST_DIFFERENT + 5)]
    assert (sum(new), len(tally.failures), tally.beyond, tally.count) == (
        MOST_DIFFERENT,
        MOST_DIFFERENT,
        5,
        MOST_DIFFERENT + 5,
    )


def test_an_encoded_message_makes_no_new_denial_of_a_known_one() -> None:
    tally = Tally()
    known = Denial("x", principal="p", action="ec2:RunInstances", resource="r", encoded_message="a" * 20)
    assert [tally.add(known), tally.add(Denial("x", "c", "p", known.action, "r", encoded_message="b" * 20))] == [
        True,
        False,
    ]
