"""A service, a setting or a token that does not serve the call, whatever the policies allow."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.messages.service_sentences import sentence_in

CALLED = "An error occurred (AccessDeniedException) when calling the {} operation: {}"
CLOSED = "AWS has closed this service or feature to new customers"
UNREGISTERED = "The account is not registered with the service"
TURNED_OFF = "Access to the directory's data is turned off"
SAID = (
    (CALLED.format("CreateRepository", "AWS CodeCommit is no longer available to new customers."), CLOSED),
    (CALLED.format("CreateEnvironmentEC2", "This service is closed to new customers as of July 25, 2024"), CLOSED),
    ("api error AccessDeniedException: Amazon Forecast is not accepting new customers", CLOSED),
    (CALLED.format("GetSettings", "Your account is not registered with AWS Audit Manager."), UNREGISTERED),
    (CALLED.format("ListControls", "Please complete AWS Audit Manager setup from home page"), UNREGISTERED),
    (CALLED.format("GetMembers", "Account 444455556666 isn't registered with Audit Manager"), UNREGISTERED),
    (CALLED.format("DescribeUser", "You don't have permission") + "\nReason: DATA_DISABLED", TURNED_OFF),
    ('{"__type":"AccessDeniedException","Message":"no permission","Reason":"DATA_DISABLED"}', TURNED_OFF),
    ("ListGroups refused: AccessDeniedException, e.response['Reason'] == 'DATA_DISABLED'", TURNED_OFF),
    (
        "$ Get-GDDetectorList\nGet-GDDetectorList : GuardDuty is not enabled.\n",
        "GuardDuty is not enabled for this account in the",
    ),
)


@pytest.mark.parametrize(("text", "said"), SAID)
def test_no_permission_is_missing(text: str, said: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "not-iam"
    assert verdict.summary.startswith(said)


@pytest.mark.parametrize(
    "text",
    [
        CALLED.format("CreateCustomer", "no permission to add new customers to the list"),
        "The image is no longer available to the account",
        "The device's account is not registered with the broker",
        "Reason: IAM_AUTH",
        '"InaccessibleEncryptionDateTime": null',
        "The access token was previously issued to another client",
    ],
)
def test_similar_words_are_not_read(text: str) -> None:
    assert sentence_in(text) is None
