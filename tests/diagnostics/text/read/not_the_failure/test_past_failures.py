"""A quoted failure, of a ticket or of documentation, is not the one to explain."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline
from diagnostics.failure import Denial, OtherFailure, Trouble
from diagnostics.text.read.not_the_failure.past_failures import without_the_past
from diagnostics.text.read.parse import parse

MIA = "arn:aws:sts::222233334444:assumed-role/loader/mia"


KEY = "arn:aws:kms:eu-west-1:222233334444:key/0a1b"


def refused(action: str, caller: str = MIA) -> str:
    return (
        f"User: {caller} is not authorized to perform: {action} because no identity-based policy allows the {action} "
        "action"
    )


TODAY = [
    f"{refused('kms:Decrypt')}  <- fixed by hana at 12:20\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}   # already fixed\n{refused('glue:GetTable')}",
    f"{refused('glue:GetTable')}\nhistory 12:10 (older): AccessDeniedException ... kms:Decrypt",
    f"[09:11] mia: {refused('kms:Decrypt')}\n[09:12] mia: ^ that was the ticket from march, closed\n"
    f"[09:13] mia: today:\n[09:13] mia: {refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nthat was last week\n{refused('glue:GetTable')}",
    f"2026-12-01 07:28:11 (yesterday's build) {refused('kms:Decrypt')}\n{refused('glue:GetTable')}",
    f'The docs page says you\'d see\n  "{refused("kms:Decrypt")}"\nWhat I see is\n  {refused("glue:GetTable")}',
    f"{refused('glue:GetTable')}\nprevious run: AccessDenied kms:Decrypt (fixed)",
    f"our AI bot said:\n« {refused('kms:Decrypt')} »\nno help. The real thing:\n\n{refused('glue:GetTable')}",
    f'Gemini answered: "{refused("kms:Decrypt")}"\n\nwhat the job prints:\n{refused("glue:GetTable")}',
    f"DATA-77 was closed last week:\n> {refused('kms:Decrypt')}\nand now it is\n{refused('glue:GetTable')}\nwhy?",
    f'Comment by Ida: "{refused("kms:Decrypt")}" and we allowed it\n\nToday, same job:\n{refused("glue:GetTable")}',
    f"Runbook 7, if you see:\n  {refused('kms:Decrypt')}\n  -> ask the owner of the key\nWhat we see:\n"
    f"  {refused('glue:GetTable')}",
    f'the docs say:\n\n  "{refused("kms:Decrypt", "arn:aws:iam::123456789012:user/JohnDoe")}"\n\nmine says:\n\n'
    f"  {refused('glue:GetTable')}",
    f'RUNBOOK RB-7 "deploys"\n  4. If you see: "{refused("kms:Decrypt")}" -> ask the owner of the key\n'
    f"  5. If it says: AccessDenied -> retry\n\nstep 4 does not help, output:\n{refused('glue:GetTable')}",
    f'The AWS docs give this example: "{refused("kms:Decrypt", "arn:aws:iam::123456789012:user/mateojackson")}". '
    f"Ours is:\n{refused('glue:GetTable')}",
    "The docs say https://docs.aws.amazon.com/IAM/\n\n   User: arn:aws:iam::123456789012:user/mateojackson is not "
    "authorized to perform: my-example-widget:GetWidget on resource ... because no permissions boundary allows\n\n"
    f"What I get:\n\n   {refused('glue:GetTable')}",
    f'I followed the AWS page which says:\n\n  "{refused("kms:Decrypt")}"\n\nand what I get is\n\n'
    f"{refused('glue:GetTable')}",
    f"# ops/kms.md\n## Known errors\n```\n{refused('kms:Decrypt')}\n```\n-> ask the owner\n\n---- tonight ----\n"
    f"{refused('glue:GetTable')}",
    f'found this on stackoverflow which says ask the owner:\n\n   "{refused("kms:Decrypt")}"\n\nwhat I get tonight:\n\n'
    f"{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\n\nhmm no wait that was from the other customer. this one:\n\n"
    f"{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\n\nno wait, wrong paste, what the job says:\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\n\nhm, ignore that, it is from another cluster. Mine is:\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nsorry, wrong terminal. the real one:\n{refused('glue:GetTable')}",
    f"An error occurred (AccessDenied) when calling the Decrypt operation: never mind that one, this one:\n"
    f"{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nach nein, das war das falsche Fenster. Das hier:\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nperdón, eso era del otro cliente. Este:\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nnon, attends, mauvais terminal. Voici le bon:\n{refused('glue:GetTable')}",
    f"{refused('glue:GetTable')}\n\n{refused('kms:Decrypt')}\n(sorry, ignore the second one, that was me testing)",
    f"{refused('kms:Decrypt')}\n{refused('glue:GetTable')}\nplease ignore the first error",
    f"The docs list this under troubleshooting:\n   {refused('kms:Decrypt')}\nand mine is:\n{refused('glue:GetTable')}",
    f"yesterday 18:00 (fixed by Ana):\n  AccessDenied: s3:ListBucket on arn:aws:s3:::m by arn:aws:sts::111122223333:"
    f"assumed-role/g/x\ntoday 09:12:\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nthat one was on purpose. the real problem:\n{refused('glue:GetTable')}",
    f"(older paste, ignore)\n{refused('kms:Decrypt')}\n\n(now)\n{refused('glue:GetTable')}",
    f"{refused('kms:Decrypt')}\nignore the above, here is the right one:\n{refused('glue:GetTable')}",
]


@pytest.mark.parametrize("text", TODAY)
def test_only_the_failure_of_today_is_read(text: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    assert failure.action == "glue:GetTable"


def test_a_withdrawn_refusal_leaves_an_error_of_which_nothing_more_is_known() -> None:
    said = 'An error occurred (404) when calling the HeadObject operation: Key "x.csv" does not exist'
    (failure,) = parse(f"{refused('kms:Decrypt')}\nthat one was on purpose. the real problem:\nfatal error: {said}")
    assert not isinstance(failure, Denial) and "kms" not in failure.text


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('no session policy ... NO wait it says "no permissions boundary allows the kms:Decrypt action"', "boundary"),
        ("no identity-based policy, sorry: no service control policy allows the kms:Decrypt action", "scp"),
        ("no session policy allows the kms:Decrypt action\nsorry, no permissions boundary is set", "session"),
    ],
)
def test_a_reason_that_its_author_corrects_is_the_corrected_one(said: str, reason: str) -> None:
    (failure,) = parse(
        f"not authorized to perform: kms:Decrypt on resource: {KEY} because {said}\nit is the same on all"
    )
    assert isinstance(failure, Denial)
    assert failure.stated_reason == f"implicit:{reason}"


def test_a_quoted_reason_is_not_joined_with_the_refusal_of_today() -> None:
    (failure,) = parse(
        "The wiki says of this error:\n    An error occurred (AccessDenied) when calling the AssumeRole operation: "
        "MultiFactorAuthentication failed with invalid MFA one time pass code\nWhat I get:\n"
        "    An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
        "arn:aws:iam::222233334444:user/bo is not authorized to perform: sts:AssumeRole on resource: "
        "arn:aws:iam::222233334444:role/night"
    )
    assert isinstance(failure, Denial)
    assert failure.stated_reason is None
    assert "one time pass code" not in failure.text


WHOLE = [
    f"It worked yesterday. {refused('glue:GetTable')}\nno change since",
    f"> {refused('glue:GetTable')}\n> exit 1",
    f"the only thing I have is from a ticket closed in 2024:\n> {refused('glue:GetTable')}\nwhat does it mean?",
    f"> npx cdk deploy\n{refused('glue:GetTable')}",
    f"{refused('glue:GetTable')}\nno wait, this one:\nthe job is green",
    f"{refused('glue:GetTable')}\nignore the second one",
    f"{refused('glue:GetTable')}\nnever mind the typo in the name",
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_failure_that_is_the_only_one_stays(text: str) -> None:
    (failure,) = parse(text)
    assert isinstance(failure, Denial)
    assert failure.action == "glue:GetTable"


def test_a_text_without_words_of_the_past_is_not_changed() -> None:
    text = f"$ aws glue get-table\n{refused('glue:GetTable')}\n$ aws kms decrypt\n{refused('kms:Decrypt')}"
    assert without_the_past(text) == text
    assert len(parse(text)) == 2


OWN = f"An error occurred (AccessDenied) when calling the GetTable operation: {refused('glue:GetTable')}"
OTHER = refused("kms:Decrypt")


@pytest.mark.parametrize(
    "before",
    [
        "ansible-playbook site.yml failed: {}",
        "Playbook run failed: {}",
        "aborting due to previous error: {}",
        "error, in case the pipe was closed: {}",
        "the host of us-east-1 could not be resolved, error: {}",
        "{} while reading arn:aws:s3:::company-wiki/a",
        "{} See the documentation for more examples",
        "$ ./load.sh --since 2 days ago # {}",
        "2026-11-30T10:00:00Z {} (created 3 days ago)",
        "It started yesterday: {}",
    ],
)
def test_words_that_are_no_past_drop_nothing(before: str) -> None:
    found = parse(f"{before.format(OWN)}\n{OTHER}")
    assert {each.action for each in found if isinstance(each, Denial)} == {"glue:GetTable", "kms:Decrypt"}


@pytest.mark.parametrize(
    "around",
    [
        "The role loader may not read the table any more, we get access denied:\n> {}\nWhat is missing?",
        "AccessDenied in CI:\n\n> {}\n\nthe tool says: Error: reading table: AccessDenied",
    ],
)
def test_words_about_the_quoted_failure_are_not_explained_in_its_place(around: str) -> None:
    failure = parse(around.format(OWN))[0]
    assert isinstance(failure, Denial)
    assert failure.principal == MIA


def test_a_vendors_example_does_not_hide_what_is_logged_now() -> None:
    (failure,) = parse(
        f'From the supplier\'s manual: "A typical error is {refused("s3:PutObjectAcl")}"\n'
        "We allowed it. Their job now logs:\nAccessControlListNotSupported: The bucket does not allow ACLs"
    )
    assert isinstance(failure, OtherFailure)
    assert (failure.trouble, failure.detail) == (Trouble.NOT_IAM, "S3's object ownership")


def test_an_unknown_error_of_today_is_not_that_of_the_runbook() -> None:
    (failure,) = parse(
        'runbook: if you see "AccessDenied ... sts:AssumeRole" check the trust policy\ntoday:\nAn error occurred '
        "(InvalidParameterException) when calling the RunTask operation: No Container Instances were found."
    )
    assert isinstance(failure, OtherFailure)
    assert "runbook" not in failure.text
    summary = collect_offline(failure).verdict.summary
    assert summary.startswith("RunTask failed with InvalidParameterException: “No Container Instances were found”.")


@pytest.mark.parametrize(
    "said",
    ["^ same as in ticket OPS-3, closed", "^ that was fine until last week", "^ is this the ticket from last week?"],
)
def test_a_line_about_the_failure_above_that_is_not_past_keeps_it(said: str) -> None:
    failures = parse(f"{refused('glue:GetTable')}\n{said}\n{refused('kms:Decrypt')}")
    assert {each.action for each in failures if isinstance(each, Denial)} == {"glue:GetTable", "kms:Decrypt"}


def test_sentences_before_the_quoted_one_stay() -> None:
    own = "I enabled access to the model in us-west-2. "
    text = f"{refused('bedrock:InvokeModel')}\n\n{own}The docs say ValidationException means AccessDenied?"
    assert own.strip() in without_the_past(text)
    assert "The docs say" not in without_the_past(text)
