"""A host that was built from a Region which does not exist comes before the network."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to

UNREACHED = 'Could not connect to the endpoint URL: "https://{}/"'
UNRESOLVED = "dial tcp: lookup {} on 10.0.0.2:53: no such host"
NO_HOST, NO_REGION, NO_ENDPOINT = "AWS has no host", "is known here", "has no endpoint in"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (UNREACHED.format("s3.eu-wst-1.amazonaws.com"), "most likely eu-west-1 is meant"),
        (UNREACHED.format("s3.us-gov-wst-1.amazonaws.com"), "most likely us-gov-west-1 is meant"),
        (UNRESOLVED.format("sts.eu-west1.amazonaws.com"), "most likely eu-west-1 is meant"),
        (UNRESOLVED.format("ssm.us-east-1a.amazonaws.com"), "most likely us-east-1 is meant"),
        (UNRESOLVED.format("sts.minio.amazonaws.com"), NO_HOST),
        (UNRESOLVED.format("sts.minio.amazonaws.com") + "\nWebIdentityErr: failed", "pod's web identity"),
        (UNREACHED.format("dynamodb.local.amazonaws.com"), NO_HOST),
    ],
)
def test_a_region_that_does_not_exist_comes_before_the_network(text: str, said: str) -> None:
    assert said in answer_to(text)


@pytest.mark.parametrize(
    "host",
    [
        "s3.eu-west-1.amazonaws.com",
        "b.s3.eu-central-1.amazonaws.com",
        "logs.s3.amazonaws.com",
        "s3.amazonaws.com",
        "sts.amazonaws.com",
        "a1b2c3.execute-api.eu-west-1.amazonaws.com",
        "vpce-1-x.sts.eu-west-1.vpce.amazonaws.com",
        "x.dkr.ecr.us-east-1.amazonaws.com",
        "api.ecr.ca-central-1.amazonaws.com",
        "api.ecr-public.us-west-2.amazonaws.com",
        "globalaccelerator.us-west-2.amazonaws.com",
    ],
)
def test_a_host_of_aws_is_a_question_of_the_network(host: str) -> None:
    answer = answer_to(UNRESOLVED.format(host))
    assert NO_HOST not in answer
    assert NO_REGION not in answer
    assert NO_ENDPOINT not in answer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (UNREACHED.format("api.ecr-public.ca-central-1.amazonaws.com"), "Make the call in us-east-1"),
        (UNRESOLVED.format("ecr-public.ap-south-1.amazonaws.com"), "Make the call in us-east-1"),
        (UNREACHED.format("globalaccelerator.eu-north-1.amazonaws.com"), "Make the call in us-west-2"),
        (UNRESOLVED.format("route53domains.sa-east-1.amazonaws.com"), "Make the call in us-east-1"),
    ],
)
def test_a_service_with_few_endpoints_is_called_in_its_region(text: str, said: str) -> None:
    answer = answer_to(text)
    assert said in answer
    assert NO_ENDPOINT in answer
    assert "NAT gateway" not in answer
