"""What people state beside a denial decides the first sentence: intended, possible as another identity, or rare."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

ALLOW_IT = ", allow the action in "


def refused(action: str, resource: str, caller: str = "clerk/kim") -> str:
    return (
        f"User: arn:aws:sts::111122223333:assumed-role/{caller} is not authorized to perform: {action} on resource: "
        f"{resource} because no identity-based policy allows the {action} action"
    )


QUEUE = refused("sqs:PurgeQueue", "arn:aws:sqs:eu-west-1:111122223333:orders")
KEY = refused("kms:ScheduleKeyDeletion", "arn:aws:kms:eu-west-1:111122223333:key/0c9f21a3-5c77-42c0-b1c6-9e0de5b7a418")
STACK = f"Queue CREATE_FAILED {QUEUE}"


def summary(text: str) -> str:
    (failure,) = read_text(text)
    return collect_offline(failure).verdict.summary


@pytest.mark.parametrize("denial", [QUEUE, KEY])
@pytest.mark.parametrize(
    ("said", "whom"),
    [
        ("clerks aren't supposed to do that, ask platform-oncall", "ask platform-oncall to make the call"),
        ("that is by design", "if you need this access, ask whoever decides on it"),
        ("10:04 <inga> interns must not do that. Talk to the data-desk", "ask data-desk to make the call"),
    ],
)
def test_a_refusal_that_is_intended_changes_nothing(denial: str, said: str, whom: str) -> None:
    (failure,) = read_text(f"{denial}\n{said}")
    found = collect_offline(failure)
    assert found.verdict.summary.startswith("According to the text, this refusal is intended (“")
    assert f"change no policy, and {whom}" in found.verdict.summary
    assert not found.fixes
    assert not found.first_look


@pytest.mark.parametrize(
    "said",
    [
        "is that by design?",
        "this isn't supposed to happen",
        "clerks are supposed to do that",
        "we must not change the policy",
    ],
)
def test_a_refusal_that_is_not_said_to_be_intended_is_explained(said: str) -> None:
    assert ALLOW_IT in summary(f"{QUEUE}\n{said}")


@pytest.mark.parametrize(
    "text",
    [
        f"interns must not purge queues, so I added a policy. Now the clerk gets\n{QUEUE}",
        f"{QUEUE}\nclerks are not supposed to delete queues but this one is only purged",
        f"{QUEUE}\nclerks are not supposed to delete queues. They need sqs:PurgeQueue",
    ],
)
def test_what_is_intended_for_others_or_for_another_call_is_not_said_of_this_one(text: str) -> None:
    assert ALLOW_IT in summary(text)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("a colleague can do it with role queue-owner", "queue-owner"),
        ("works fine as arn:aws:iam::111122223333:role/ops/queue-owner", "queue-owner"),
        ("mit der Rolle queue-owner klappt es", "queue-owner"),
        ("the new image uses role queue-owner and is ok", "queue-owner"),
    ],
)
def test_another_identity_that_works_comes_before_an_allow(said: str, name: str) -> None:
    found = summary(f"{QUEUE}\n{said}")
    assert found.startswith(f"According to the text, the call works as {name}")
    assert "Only if the call should not be made as queue-owner, allow clerk sqs:PurgeQueue" in found
    assert ALLOW_IT not in found


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("last week I could, I was logged in with role QueueOwner then", "QueueOwner"),
        ("gestern ging es noch, da war ich mit der Rolle queue-owner angemeldet", "queue-owner"),
        ("先週は QueueOwner でログインしていました。", "QueueOwner"),
    ],
)
def test_the_identity_of_an_earlier_sign_in_comes_before_an_allow(said: str, name: str) -> None:
    found = summary(f"{QUEUE}\n{said}")
    assert found.startswith(f"The author was signed in as {name} before")
    assert ALLOW_IT not in found


@pytest.mark.parametrize(
    "said", ["I was logged in with role clerk", "was I logged in with role QueueOwner?", "I was logged in yesterday"]
)
def test_the_same_identity_or_none_is_no_earlier_sign_in(said: str) -> None:
    assert ALLOW_IT in summary(f"{QUEUE}\n{said}")


@pytest.mark.parametrize(
    "said",
    [
        "it doesn't work with role queue-owner either",
        "does it work with role queue-owner?",
        "works with role clerk/kim",
    ],
)
def test_an_identity_that_is_not_known_to_work_is_not_named(said: str) -> None:
    assert "the call works as" not in summary(f"{QUEUE}\n{said}")


@pytest.mark.parametrize("said", ["this happens now and then", "1 out of 10 deployments fails", "manchmal klappt es"])
def test_a_deployment_that_fails_sometimes_came_before_its_policy(said: str) -> None:
    assert "the program sometimes makes the call before the policy takes effect" in summary(f"{STACK}\n{said}")


def test_a_program_that_fails_sometimes_has_calls_that_differ() -> None:
    found = summary(f"the worker fails intermittently\n{QUEUE}")
    assert found.startswith("The call fails only now and then (“the worker fails intermittently”)")
    assert "Compare a failed call with a successful call" in found


def test_a_denial_that_is_explicit_or_happens_always_has_nothing_to_retry() -> None:
    denied = QUEUE.replace(
        "because no identity-based policy allows the sqs:PurgeQueue action",
        "with an explicit deny in a service control policy",
    )
    assert "now and then" not in summary(f"{denied}\nthis happens now and then")
    assert "now and then" not in summary(f"{STACK}\nit always fails")


OBJECT = refused("s3:PutObject", "arn:aws:s3:::lake/sales/eu/a.csv")
READ = refused("secretsmanager:GetSecretValue", "arn:aws:secretsmanager:eu-west-1:111122223333:secret:db/prod-AbCdEf")


@pytest.mark.parametrize(
    ("denial", "said", "name"),
    [
        (OBJECT, "The job does upload to sales/us/ in the same bucket every day.", "sales/us/"),
        (OBJECT, "it works fine for s3://lake/tmp/", "tmp/"),
        (OBJECT, "writing without trouble to raw/incoming/", "raw/incoming/"),
        (QUEUE, "It works on the queue orders-old.", "orders-old"),
        (READ, "It can read from the secret db/stage just fine", "db/stage"),
    ],
)
def test_another_resource_that_works_is_compared_with_the_refused_one(denial: str, said: str, name: str) -> None:
    found = summary(f"{denial}\n{said}")
    assert found.startswith("According to the text (“")
    assert f"the same caller is allowed to do this on {name}:" in found


@pytest.mark.parametrize(
    ("denial", "said"),
    [
        (OBJECT, "The job uploads to sales/us/ and fails"),
        (OBJECT, "Does it work for sales/us/?"),
        (OBJECT, "it doesn't work for sales/us/ either"),
        (OBJECT, "it always worked for sales/us/ until yesterday"),
        (OBJECT, "it works fine for s3://other/tmp/"),
        (OBJECT, "another role can write to sales/us/"),
        (OBJECT, "it works fine for sales/eu/"),
        (QUEUE, "it works fine on the queue"),
    ],
)
def test_another_resource_that_is_not_known_to_work_is_not_named(denial: str, said: str) -> None:
    assert "same caller is allowed to do this" not in summary(f"{denial}\n{said}")


def test_a_ban_on_reading_does_not_explain_a_refused_upload() -> None:
    uploaded = (
        "upload failed: ./a.dump to s3://dumps/a.dump An error occurred (AccessDenied) when calling the UploadPart "
        f"operation: {refused('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/0c9f21a3', 'dumper/i-0a')}"
    )
    assert "is intended" not in summary(f"{uploaded}\nthe dumper must never read the dumps")
    assert "is intended" in summary(f"{uploaded}\nthe dumper must never upload to this bucket")
