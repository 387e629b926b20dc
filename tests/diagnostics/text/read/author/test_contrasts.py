"""What the author of a paste says works, beside what fails."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.causes.works_elsewhere import of_difference
from diagnostics.text.read.author.contrasts import contrasts, credentials_work, differences, works_as
from diagnostics.text.read.author.difference import Difference

FAILS = "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied"


@pytest.mark.parametrize(
    ("said", "difference", "name"),
    [
        ("Worked up to 2.7.1, since 2.8.0:", Difference.VERSION, "2.7.1"),
        ("rolled back to v3.2.0 and it works", Difference.VERSION, "v3.2.0"),
        ("with 6.56.0 these resources were read all right.", Difference.VERSION, "6.56.0"),
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
        ("Subsequent updates succeed.", Difference.AGAIN),
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


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("With the AWS CLI and the SDK the same profile and the same model ARN work.", True),
        ("The same AWS profile works with aws bedrock-runtime converse on the same machine.", True),
        ("With boto3 and the same credentials it works.", True),
        ("In the AWS CLI the same key works fine.", True),
        ("aws sts get-caller-identity with the same profile works.", False),
        ("In the console with another profile it works.", False),
        ("The AWS CLI works with the same profile as my admin user.", False),
        ("With the AWS CLI the same profile does not work.", False),
        ("The AWS CLI worked with the same key until yesterday.", False),
        ("The same profile works on my laptop.", False),
    ],
)
def test_the_same_credentials_work_in_another_program(text: str, works: bool) -> None:
    denied = "AccessDeniedException: 403 on GetObject of s3://reports/a.csv"
    (failure,) = read_text(f"{denied}\n{text}")
    causes = [look.cause for look in collect_offline(failure).first_look]
    assert bool(causes and "the same credentials work in another program" in causes[0]) == works


TAKES = (
    "error AccessDenied: User: arn:aws:iam::111122223333:user/mia is not authorized to perform: sts:AssumeRole on "
    "resource: arn:aws:iam::444455556666:role/sandbox"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("While assuming the role via CLI is successful.", "compare the two calls before you change a policy"),
        ("However, the profile works fine with the AWS cli:\n$ aws s3 ls --profile a\nEnter MFA code:", "an MFA code"),
        ("aws sts assume-role works with the same keys, in the AWS CLI", "compare the two calls"),
        ("The AWS CLI works with my admin user.", ""),
        ("login with OIDC works, then aws eks update-kubeconfig, then kubectl apply:", ""),
        ("The AWS CLI does not work either.", ""),
        ("It worked in the AWS CLI until yesterday.", ""),
    ],
)
def test_a_role_that_the_cli_can_assume_has_a_caller_to_compare(text: str, said: str) -> None:
    (failure,) = read_text(f"{TAKES}\n{text}")
    causes = [look.cause for look in collect_offline(failure).first_look]
    assert causes[0].startswith("The AWS CLI can assume the role") is bool(said)
    assert said in causes[0]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("if you re-run a `pulumi up` it is fixed", Difference.AGAIN),
        ("a second run fixes it", Difference.AGAIN),
        ("the PHP sdk works fine using the role", Difference.PROGRAM),
        ("with terraform the upload works", Difference.PROGRAM),
        ("a second run is not fixed", None),
    ],
)
def test_what_works_is_read_in_other_words(text: str, found: Difference | None) -> None:
    assert [each.difference for each in differences(text)] == ([found] if found else [])


WORKS = "AWS_PROFILE=mfa rclone lsd 'mys3:'"
FAILS = "rclone --s3-profile mfa lsd 'mys3:'"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"This works:\n\n{WORKS}\n\nThis fails:\n\n{FAILS}\n", (WORKS, FAILS)),
        (f"> {WORKS}\nit works fine.\n> {FAILS}\nit fails with:", (WORKS, FAILS)),
        (f"$ {FAILS}\nthat does not work\nThe following works:\n$ {WORKS}", (WORKS, FAILS)),
        (f"This works:\n\n{WORKS}", (WORKS, "")),
        (f"This worked:\n{WORKS}\nThis is:\n{FAILS}", ("", "")),
        ("This works:\nOnly for me.\nThis fails:\nFor everybody else.", ("", "")),
        ("it works fine.\nit fails with:", ("", "")),
    ],
)
def test_a_command_that_works_beside_one_that_fails(text: str, said: tuple[str, str]) -> None:
    assert works_as(text) == said


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (f"This works:\n{WORKS}\nThis fails:\n{FAILS}", "One command works and the other does not"),
        ("Accessing the same buckets via the CLI always works fine.", "The call works in another program"),
        ("With terraform the upload works.", "The call works in another program"),
        ("In the console it works.", ""),
        ("$ terraform init\nTerraform has been successfully initialized!", ""),
        ("The AWS CLI was successfully installed.", ""),
        ("aws ecr get-login-password and docker login works.", ""),
        ("With terraform it works.\nError: reading S3 Object: operation error S3: GetObject: Access Denied", ""),
        ("The CLI works with my admin user.", ""),
        ("aws sts get-caller-identity works.", ""),
        ("The CLI does not work either.", ""),
        (f"This works:\n{WORKS}\nThis works:\n{WORKS}", ""),
    ],
)
def test_what_works_otherwise_is_compared_before_a_policy_is_changed(text: str, begins: str) -> None:
    (failure,) = read_text(f"error: AccessDenied: Access Denied\n\tstatus code: 403, request id: A1B2\n{text}")
    first = collect_offline(failure).first_look[0].cause
    assert first.startswith(begins)
    assert ("before you change a policy" in first) is bool(begins)
    (named,) = read_text(f"{TAKES.replace('sts:AssumeRole', 's3:GetObject')}\n{text}")
    assert "before you change a policy" not in collect_offline(named).first_look[0].cause


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("InvalidAction: Could not find operation GetRole for version 1\n\nwith 6.56.0 it works.", "6.56.0"),
        ("Error: reading IAM Policy: couldn't find resource\nIt worked up to 5.0.1, since 5.1.0 it fails", "5.0.1"),
        ("Error: reading IAM Policy: couldn't find resource\nprovider 5.1.0, and with 5.0.1 it does not work", ""),
        ("Error: reading IAM Policy: couldn't find resource\nit works on my laptop", ""),
    ],
)
def test_what_works_in_an_older_version_is_the_newer_ones_fault(text: str, version: str) -> None:
    (failure,) = read_text(text)
    causes = [each.cause for each in collect_offline(failure).first_look]
    assert any(each.startswith(f"The call works with {version}, so the version") for each in causes) == bool(version)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("With boto3 1.34.2 the call works.\nsheetload v3.1.0 fails: no credentials", Difference.PROGRAM),
        ("$ aws s3 ls # aws-cli 2.15.0, works\ndatalift/0.9.4: cannot sign in", Difference.PROGRAM),
        ("With aws-cli 2.14.1 it works, aws-cli 2.15.0 fails. Docker 24.0.2", Difference.VERSION),
        ("With terraform 1.5.7 it works, with 1.6.0 it fails. provider 5.1.0", Difference.VERSION),
        ("With 1.5.7 it works. Docker 24.0.2", Difference.VERSION),
    ],
)
def test_a_version_counts_for_the_program_beside_it(text: str, kind: Difference) -> None:
    assert [each.difference for each in contrasts(text)] == [kind]


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        ("With the AWS CLI and the same keys it works (--work-group bi).", "With the same credentials, a call with"),
        ("With boto3 and the same credentials, start_query_execution(WorkGroup='bi') works.", "the workgroup primary"),
        ("With boto3 and the same credentials, start_query_execution(WorkGroup='bi') works.\nwork_group: bi", ""),
        ("With boto3 and the same credentials, start_query_execution(Catalog='bi') works.", ""),
    ],
)
def test_a_parameter_that_only_the_working_call_has_is_compared(text: str, parameter: str) -> None:
    denied = "An error occurred (AccessDeniedException) when calling the StartQueryExecution operation: Access denied"
    (failure,) = read_text(f"{denied}\n{text}")
    cause = collect_offline(failure).first_look[0].cause
    assert ("nothing else in the text sets" in cause) is bool(parameter)
    assert parameter in cause
