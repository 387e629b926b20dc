"""The MFA device of a call is compared with the list of the user's devices."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

MFA = "arn:aws:iam::111122223333:mfa"
FAILED = (
    "An error occurred (AccessDenied) when calling the {} operation: MultiFactorAuthentication failed, unable to "
    "validate MFA code.  Please verify your MFA serial number is valid and associated with this user.\n"
)
SESSION = (
    f"$ aws sts get-session-token --serial-number {MFA}/ana --token-code 123456\n{FAILED.format('GetSessionToken')}"
)
PROFILE = f"{FAILED.format('AssumeRole')}[profile prod]\nmfa_serial = {MFA}/ana\n"
LIST = "$ aws iam list-mfa-devices --user-name ana"


@pytest.mark.parametrize(
    "text",
    [
        f"{SESSION}{LIST} --query 'MFADevices[].SerialNumber'\n[ \"{MFA}/ana-phone\" ]\n",
        f'{PROFILE}{{"MFADevices": [{{"UserName": "ana", "SerialNumber": "{MFA}/ana-phone"}}]}}\n',
        f"{PROFILE}{LIST} --output text\nMFADEVICES\t2026-01-01T00:00:00Z\t{MFA}/ana-phone\tana\n",
    ],
)
def test_the_device_that_is_listed_is_named(text: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "credentials.invalid"
    assert f"The call has the MFA device mfa/ana, but the list of devices has {MFA}/ana-phone" in verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f'{SESSION}{LIST} --query \'MFADevices[].SerialNumber\'\n[ "{MFA}/ana-phone", "{MFA}/ana" ]\n',
        f"{SESSION}{LIST} --query 'MFADevices[].SerialNumber'\n[ ]\n",
        f"{PROFILE}{LIST} --output text\nMFADEVICES\t{MFA.replace('111122223333', '444455556666')}/ana-phone\tana\n",
    ],
)
def test_a_device_that_is_listed_or_of_another_account_is_not(text: str) -> None:
    assert "the list of devices has" not in collect_offline(read_text(text)[0]).verdict.summary
