"""Block Public Access that the text says is off for the bucket is on for the account or the organization."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = (
    "An error occurred (AccessDenied) when calling the PutBucketPolicy operation: User: "
    'arn:aws:iam::206638417750:user/site is not authorized to perform: s3:PutBucketPolicy on resource: "arn:aws:s3:::'
    'docs-x" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.\n'
)


@pytest.mark.parametrize(
    ("said", "off"),
    [
        ("Block all public access: Off", True),
        ("Block public access is disabled on the bucket already", True),
        ("Bloquear acesso público (configurações do bucket): desativado", True),
        ("Bloquer l'accès public : désactivé", True),
        ("Block public access (bucket settings): On", False),
        ("for the account, block public access is off", False),
        ("Block public access of the account is off, the bucket's is on", False),
        ("do I have to turn block public access off?", False),
        ("block public access should be off", False),
    ],
)
def test_the_account_is_looked_at_if_the_bucket_s_setting_is_off(said: str, off: bool) -> None:
    look = collect_offline(read_text(REFUSED + said)[0]).first_look[0]
    assert ("the bucket's own setting is off, so most likely the account's" in look.cause) is off
    assert ("s3control" in str(look.check)) is off
