"""Messages of Greengrass about the role alias of a device: what the text decides."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in

TES = "com.aws.greengrass.tes.CredentialRequestHandler: Error in retrieving AwsCredentials from TES"


EXCHANGE = (
    f"{TES}. {{{{iotCredentialsPath=/role-aliases/{{}}/credentials, credentialData=TES responded with status code: 403."
    '}}}}\n"Action": "iot:AssumeRoleWithCertificate", "Resource": "arn:aws:iot:eu-west-1:111122223333:rolealias/{}"'
)


@pytest.mark.parametrize(
    ("used", "allowed", "differs"),
    [
        ("CoreAlias", "OldAlias", True),
        ("Alias-2", "Alias", True),
        ("Alias", "Alias-2", True),
        ("Alias", "Alias", False),
    ],
)
def test_the_role_alias_of_the_device_is_compared_with_the_policy(used: str, allowed: str, differs: bool) -> None:
    found = sentence_in(EXCHANGE.format(used, allowed))
    assert found is not None
    assert (f"on the role alias {allowed}, and the device uses the role alias {used}" in found.row.summary) is differs
