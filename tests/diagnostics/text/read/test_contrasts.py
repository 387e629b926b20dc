"""What the author of a paste says works, beside what fails."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.causes.contrast import of_difference
from diagnostics.text.read.contrasts import contrasts, credentials_work, differences
from diagnostics.text.read.difference import Difference

FAILS = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"


@pytest.mark.parametrize(
    ("said", "difference", "name"),
    [
        ("Worked up to 2.7.1, since 2.8.0:", Difference.VERSION, "2.7.1"),
        ("rolled back to v3.2.0 and it works", Difference.VERSION, "v3.2.0"),
        ("it worked before the provider upgrade", Difference.VERSION, ""),
        ("with encryptUploads=false everything works", Difference.OPTION, "encryptUploads=false"),
        ("without --acl the upload works", Difference.OPTION, "--acl"),
        ("the same upload works on my laptop", Difference.PLACE, ""),
        ("aws s3 cp works with the same profile", Difference.PROGRAM, "aws s3 cp"),
        ("run by hand in the pod, as root and as postgres, the same line works", Difference.BY_HAND, ""),
        ("running exactly the same command manually on the server works fine", Difference.BY_HAND, ""),
        ("run by hand from my laptop it works", Difference.PLACE, ""),
        ("# works fine in the console", Difference.PROGRAM, "console"),
    ],
)
def test_what_works_differs_in_one_way(said: str, difference: Difference, name: str) -> None:
    (found,) = contrasts(f"{said}\n{FAILS}")
    assert (found.difference, found.name) == (difference, name)


@pytest.mark.parametrize(
    "said",
    [
        "it does not work in the console either",
        "nothing works since we upgraded to 2.8.0",
        "how do I make it work with the aws cli?",
        "does it work in the console?",
        "it should work with version 2.7.1",
        "2026-03-01T10:00:00Z INFO aws s3 cp works",
        "41 passed in 3.18s",
        "current credentials could not be used to assume the role, but are for the right account",
        "at run (node_modules/aws-actions/v4.0.2/dist/index.js:4:1)",
        '{"workers": "fine", "version": "1.2.3"}',
        "when I manually add the policy it works",
        "as root it works",
    ],
)
def test_nothing_is_said_to_work(said: str) -> None:
    assert contrasts(f"{said}\n{FAILS}") == ()


def test_the_narrowest_difference_is_first() -> None:
    found = contrasts("aws s3 ls works in a terminal. Going back to 9.2.4 works.")
    assert [each.difference for each in found] == [Difference.VERSION, Difference.PROGRAM]


@pytest.mark.parametrize(
    ("said", "good"),
    [
        ("the aws cli works with this profile", True),
        ("the same key works from my laptop", True),
        ("another key works from my laptop", False),
        ("it worked last week", False),
        ("the aws cli works with neither", False),
        ("the aws cli works with another profile", False),
        ("the aws cli works with another account", False),
        ("the aws cli works as my admin", False),
        ("the aws cli worked until yesterday", False),
    ],
)
def test_credentials_are_good_if_they_work_elsewhere(said: str, good: bool) -> None:
    assert (credentials_work(said) is not None) is good


def test_a_program_that_does_not_take_good_credentials_is_the_place_to_look() -> None:
    error = "The security token included in the request is invalid. Please contact the provider."
    diagnosis = collect_offline(read_text(f"desktop client: {error}\n\nThe aws cli works with the same profile.")[0])
    assert "credentials are most likely good" in diagnosis.verdict.summary
    assert str(diagnosis.verdict.confidence) == "likely"
    assert not any("mistyped" in look.cause or "deleted" in look.cause for look in diagnosis.first_look)


@pytest.mark.parametrize(
    "said",
    [
        "the aws cli works with the same profile",
        "the same upload works on my laptop",
        "works from my admin shell, fails in the job",
        "the nightly copy worked all year",
        "Before starting it we probe the index until a query succeeds",
        "with encryptUploads=false everything works",
        "this worked until we moved the bucket to the data account",
        "rolled back to v3.2.0 and it works",
    ],
)
def test_where_else_it_works_is_no_cause(said: str) -> None:
    assert of_difference(f"{said}\n{FAILS}") is None


@pytest.mark.parametrize(
    ("said", "difference"),
    [
        ("red since the image was bumped", Difference.NEWER),
        ("New version prints a lot of", Difference.NEWER),
        ("since the upgrade of the chart to 3.0 it fails", Difference.NEWER),
        ('Pressing "Re-run failed jobs" ten minutes later is green', Difference.AGAIN),
        ("a retry after the policy exists succeeds", Difference.AGAIN),
        ("The second apply goes through", Difference.AGAIN),
        ("erneut gestartet klappt es", Difference.AGAIN),
    ],
)
def test_a_difference_may_be_said_without_what_works(said: str, difference: Difference) -> None:
    (found,) = differences(f"{said}\n{FAILS}")
    assert found.difference is difference


@pytest.mark.parametrize(
    "said",
    [
        "re-running it does not work either",
        "does a retry work?",
        "we added a bucket since 2024",
        "after a re-run it works, but only if I use my own profile",
        "a retry works sometimes",
    ],
)
def test_a_run_again_that_fails_is_no_difference(said: str) -> None:
    assert differences(f"{said}\n{FAILS}") == ()
