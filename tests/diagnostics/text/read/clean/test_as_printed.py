"""Refusals that were typed by hand, mangled by a tracker, or cut off are read as AWS printed them."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.clean.as_printed import as_printed
from diagnostics.text.read.parse import parse

LEO = "arn:aws:iam::222233334444:user/leo"
QUEUE = "arn:aws:sqs:eu-west-1:222233334444:orders"

WRITTEN = [
    (f"User: {LEO} is not autorized to perfom: sqs:SendMessage on resourse: {QUEUE} becuase no identity based policy "
     "alows the sqs:SendMessage acton", "sqs:SendMessage", QUEUE, "implicit:identity", LEO),
    (f"user {LEO} is not authorised to perform sqs:SendMessage on resource {QUEUE} becasue no permisions boundary "
     "allows the sqs:SendMessage action", "sqs:SendMessage", QUEUE, "implicit:boundary", LEO),
    ("User: arn:aws:iam::222\\-233\\-334\\-444:user/leo is not authorized to perform: sqs:SendMessage on resource: "
     "arn:aws:sqs:eu\\-west\\-1:222233334444:orders because no identity\\-based policy allows the sqs:SendMessage "
     "action", "sqs:SendMessage", QUEUE, "implicit:identity", LEO),
    ("Access denied. You do not have permission to: sqs : SendMessage\nUser: arn : aws : iam :: 2222 3333 4444 : user "
     "/ leo\nAction: sqs:SendMessage\nContext: a permissions boundary explicitly denies the action",
     "sqs:SendMessage", None, "explicit:boundary", LEO),
    (f"{LEO} is not authorized to perform: sqs colon send message on resource: {QUEUE} because no identity-based "
     "policy allows the sqs colon send message action", "sqs:SendMessage", QUEUE, "implicit:identity", LEO),
    (f"…ized to perform: sqs:SendMessage on resource: {QUEUE} because no identity-based policy allows the "
     "sqs:SendMessage action", "sqs:SendMessage", QUEUE, "implicit:identity", None),
    (f"rised to perform: sqs:SendMessage on resource: {QUEUE} with an explicit deny in a service control policy",
     "sqs:SendMessage", QUEUE, "explicit:scp", None),
    (f"User: {LEO}\n  Service: sqs\n  Action: SendMessage\n  On resource(s): {QUEUE}\n  Context: no identity-based "
     "policy allows the action", "sqs:SendMessage", QUEUE, "implicit:identity", LEO),
]  # fmt: skip


@pytest.mark.parametrize(("text", "action", "resource", "reason", "caller"), WRITTEN)
def test_the_sentence_is_read(text: str, action: str, resource: str | None, reason: str, caller: str | None) -> None:
    (failure,) = parse(f"from a photo:\n\n{text}\n\nhelp")
    assert isinstance(failure, Denial)
    assert (failure.action, failure.resource, failure.stated_reason, failure.principal) == (
        action, resource, reason, caller,
    )  # fmt: skip
    assert not collect_offline(failure).verdict.summary.endswith(f"{action} was refused.")


@pytest.mark.parametrize(
    ("cmdlet", "action"),
    [("Get-S3Bucket", "s3:ListAllMyBuckets"), ("Get-SECSecretValue", "secretsmanager:GetSecretValue"),
     ("Read-S3Object", "s3:GetObject")],
)  # fmt: skip
def test_a_cmdlet_of_powershell_is_its_operation(cmdlet: str, action: str) -> None:
    (failure,) = parse(
        f"PS> {cmdlet} -Region eu-west-1\n{cmdlet}: Access Denied\nPS> (Get-STSCallerIdentity).Arn\n{LEO}"
    )
    assert isinstance(failure, Denial)
    assert (failure.action, failure.principal) == (action, LEO)


def test_a_mistyped_code_is_read() -> None:
    (failure,) = parse("error occured (AccesDenied) calling the PutBucketPolicy operaton : Acces Denied")
    assert isinstance(failure, Denial)
    assert failure.action == "s3:PutBucketPolicy"


AS_IT_IS = [
    f"User: {LEO} is not authorized to perform: sqs:SendMessage on resource: {QUEUE}",
    "Access denied\nAccessDeniedException: resources and policies of this session",
    "PS> dir .\\-x\nGet-Thing: Access Denied",
    "the actions of a resource were performed by an authorizer",
    "write s3 colon slash slash, then sqs colon and the name",
    f'{{"Resource": "{QUEUE}", "Pattern": "a\\\\.b"}}',
]


@pytest.mark.parametrize("text", AS_IT_IS)
def test_what_is_written_well_stays(text: str) -> None:
    assert as_printed(text) == text


def test_an_account_number_with_a_letter_is_in_no_command() -> None:
    bad = "arn:aws:sqs:eu-west-1:22223333444O:orders"
    (failure,) = read_text(
        f"User: arn:aws:iam::22223333444O:user/leo is not autorized to perform: sqs:SendMessage on resource: {bad} "
        "because no identity-based policy allows the sqs:SendMessage action"
    )
    checks = [look.check or "" for look in collect_offline(failure).first_look]
    assert all("22223333444O" not in check for check in checks)


@pytest.mark.parametrize(
    ("text", "action", "resource", "reason"),
    [
        ("...rmission error\n...ot authorized to perform: rds:ModifyDBInst\n...source: "
         "arn:aws:rds:eu-central-1:7740193\n"
         "...:db:wr      with an explicit den\n...     a permissions boundary", "rds:ModifyDBInstance",
         "arn:aws:rds:eu-central-1:7740193\u2026", "explicit:boundary"),
        ("..t authorized to perform: lambda:UpdateFunctionConfi\n..source: arn:aws:lambda:eu-north-1:90011\n"
         "..ecause no identity-based pol", "lambda:UpdateFunctionConfiguration",
         "arn:aws:lambda:eu-north-1:90011\u2026", "implicit:identity"),
    ],
)  # fmt: skip
def test_lines_that_lost_their_beginnings_are_one_sentence(text: str, action: str, resource: str, reason: str) -> None:
    failure = parse(f"typed from a photo\n\n{text}")[0]
    assert isinstance(failure, Denial)
    assert (failure.action, failure.resource, failure.stated_reason) == (action, resource, reason)


@pytest.mark.parametrize("text", ["Service: checkout\nAction: Refund", "Service: sqs\nAction: Restart the worker"])
def test_fields_of_another_system_are_no_action(text: str) -> None:
    assert as_printed(text) == text
