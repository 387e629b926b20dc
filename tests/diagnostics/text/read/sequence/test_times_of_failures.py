"""When each failure of a text happened: one of an earlier day does not come first."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text
from diagnostics.failure import Denial, Failure, OtherFailure
from diagnostics.text.read.sequence.times_of_failures import newest_part

DENIED = (
    "User: arn:aws:iam::111122223333:user/loader is not authorized to perform: dynamodb:PutItem on resource: "
    "arn:aws:dynamodb:eu-west-1:111122223333:table/orders because no identity-based policy allows the dynamodb:PutItem "
    "action"
)
EXPIRED = "An error occurred (ExpiredToken) when calling the ListBuckets operation: The provided token has expired."
PUT_EXPIRED = (
    "An error occurred (ExpiredTokenException) when calling the PutItem operation: The security token is expired"
)
UNREACHED = 'ConnectTimeoutError: Connect timeout on endpoint URL: "https://dynamodb.eu-west-1.amazonaws.com/"'
UNSIGNED = "The request signature we calculated does not match the signature you provided."
NO_LOGIN = "Error when retrieving token from sso: Token has expired and refresh failed"


def _order(found: tuple[Failure, ...]) -> list[tuple[str, bool]]:
    return [(type(each).__name__, each.sequel is not None and each.sequel.earlier) for each in found]


@pytest.mark.parametrize(
    "text",
    [
        f"mon 16:55 bot: {DENIED}\nmon 17:20 ines: added it\nwed 08:40 bot: {EXPIRED}",
        f"[Thu 11:02] kai: {DENIED}\n[Thu 11:30] kai: ok, policy is there\n[Fri 07:15] kai: \u2716 {UNSIGNED}",
        f"ana, Monday at 3:10 PM\n{DENIED}\nana, Tuesday at 9:02 AM\n{NO_LOGIN}",
        f"hier 16:10 : {DENIED}\naujourd'hui 09:00 : {EXPIRED}",
        f"Tuesday:\n{DENIED}\n\nOn Wednesday:\n{EXPIRED}",
        f"[Mon 14:10] ops: {DENIED}\n[Tue 09:02] ops: rerun gives: Error: BucketAlreadyExists: not available",
        f"30 Nov 18:04 {DENIED}\n1 Dec 09:11 {EXPIRED}",
        f"2026-11-09 18:02:31 ERROR {DENIED}\n2026-11-10 11:20:00 deploy v212\n2026-11-12 09:14:55 ERROR {EXPIRED}",
        # A program's log: the same call fails for another reason on another day, or hours later.
        f"[worker-2] 2026-11-11 17:58:31 ERROR put: {DENIED}\n[worker-2] 2026-11-12 06:06:02 ERROR put: {PUT_EXPIRED}",
        f"2026-11-11T17:58:31Z {DENIED}\n2026-11-11T23:10:00Z Throttling: Rate exceeded",
        f"2026-11-11T09:00:00Z {DENIED}\n2026-11-12T09:00:00Z {UNSIGNED}",
        # A deployment between them, without a time of its own.
        f"2026-10-20T18:02:10Z {DENIED}\n--- deploy 214: added policy, moved into the VPC ---\n"
        f"2026-10-21T07:30:41Z {UNREACHED}",
    ],
)
def test_the_failure_of_the_later_day_comes_first(text: str) -> None:
    assert _order(read_text(text)) == [("OtherFailure", False), ("Denial", True)]


@pytest.mark.parametrize(
    "text",
    [
        f"mon 16:55 bot: {EXPIRED}\nmon 17:40 bot: {DENIED}",
        f"tue 16:55 bot: {DENIED}\nmon 08:40 bot: {EXPIRED}",
        f"2026-11-09 18:02:31 ERROR {DENIED}\n2026-11-12 09:14:55 ERROR {EXPIRED}",
        f"so 12:10 it fails: {DENIED}\nand do 13:00 later {EXPIRED}",
        f"mon 16:55 bot: {EXPIRED}\ntue 08:40 bot: {DENIED}",
        f"2026-11-11T17:58:31Z {DENIED}\n2026-11-11T18:20:00Z {PUT_EXPIRED}",
        f"2026-10-20T18:02:10Z {DENIED}\n2026-10-21T07:30:41Z {UNREACHED}",
        f"2026-11-11T17:58:31Z {DENIED}\n2026-11-12T09:00:00Z {PUT_EXPIRED}\n2026-11-12T09:10:00Z {DENIED}",
    ],
)
def test_a_denial_of_the_same_or_the_later_day_is_present(text: str) -> None:
    denial = next(each for each in read_text(text) if isinstance(each, Denial))
    assert denial.sequel is None or not denial.sequel.earlier


def test_credentials_found_hours_later_make_their_absence_past() -> None:
    lacks = 'level=error time=2026-12-01T04:40:12Z error="NoCredentialProviders: no valid providers in chain"'
    denied = f'level=error time=2026-12-01T08:55:32Z error="{DENIED}"'
    started = 'level=info  time=2026-12-01T08:55:31Z msg="start"'
    first, second = read_text(f"{lacks}\n\n{started}\n{denied}")
    assert isinstance(first, Denial) and first.sequel is None
    assert second.sequel is not None and second.sequel.earlier


def test_the_same_line_of_input_fails_for_another_reason_now() -> None:
    put = 'table.put_item(Item={"id": 1})'
    found = read_text(
        f"In [4]: {put}\nClientError: {DENIED}\n# waited a bit\nIn [5]: {put}\nClientError: {PUT_EXPIRED}"
    )
    assert isinstance(found[0], OtherFailure) and found[1].sequel is not None and found[1].sequel.fails_otherwise
    other = read_text(f"In [4]: {put}\nClientError: {DENIED}\nIn [5]: other()\nClientError: {PUT_EXPIRED}")
    assert isinstance(other[0], Denial)


def test_the_newest_part_begins_with_the_last_day() -> None:
    assert newest_part("mon 10:00 a\nmon 11:00 b\ntue 09:00 c\ntue 09:30 d") == "tue 09:00 c\ntue 09:30 d"
    assert newest_part("mon 10:00 a\nmon 11:00 b") == ""
