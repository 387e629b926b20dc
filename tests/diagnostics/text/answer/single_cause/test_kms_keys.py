"""S3 refuses CloudFront although the bucket's policy in the text lets the distribution read."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = "CloudFront with OAC answers <Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>\n{}\n"
POLICY = (
    '{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"Service":"cloudfront.amazonaws.com"}},'
    '"Action":[{}],"Resource":["arn:aws:s3:::site/*","arn:aws:s3:::site"],"Condition":{{"StringEquals":{{"AWS:SourceArn":'
    '"arn:aws:cloudfront::111122223333:distribution/E1ABCDEF2GHIJK"}}}}}}]}}'
)
READ = POLICY.format('"s3:GetObject"')


@pytest.mark.parametrize(
    ("around", "policy", "words"),
    [
        ("The bucket has SSE-KMS.", READ, "does not let cloudfront.amazonaws.com decrypt"),
        ("", READ, "First check whether the object exists"),
        ("The distribution is E9ZYXWVU8TSRQP.", READ, "The call has the distribution E9ZYXWVU8TSRQP"),
        ("", POLICY.format('"s3:GetObject","s3:ListBucket"'), "AWS:SourceArn"),
    ],
)
def test_what_is_left_is_named_first(around: str, policy: str, words: str) -> None:
    assert words in collect_offline(read_text(REFUSED.format(around) + policy)[0]).verdict.summary


OF_IDENTITY = "CloudFront with an origin access identity answers 403: <Code>AccessDenied</Code>.\n{}\n"


@pytest.mark.parametrize(
    ("around", "by_identity"),
    [
        ("The objects are encrypted with aws:kms.", True),
        (
            'origin-access-identity/cloudfront/E2ABCDEFGHIJKL, "OriginAccessControlId": ""; bucket default: SSE-KMS',
            True,
        ),
        ("The bucket uses SSE-S3.", False),
        ("We moved to OAC, the objects are encrypted with aws:kms.", False),
        ("The bucket has no SSE-KMS.", False),
    ],
)
def test_an_identity_cannot_read_what_a_key_encrypts(around: str, by_identity: bool) -> None:
    answer = collect_offline(read_text(OF_IDENTITY.format(around))[0])
    assert answer.verdict.summary.startswith("Use an origin access control: the distribution") is by_identity
