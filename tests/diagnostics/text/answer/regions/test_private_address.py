"""A connection to a private address that timed out is answered with the way to its network."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.regions.private_address import private_address

EKS = "https://0A1B.gr7.eu-west-3.eks.amazonaws.com"


@pytest.mark.parametrize(
    ("text", "ip"),
    (
        (f'Get "{EKS}/api?timeout=32s": dial tcp 10.20.31.8:443: i/o timeout', "10.20.31.8"),
        (f'Get "{EKS}/version": dial tcp 192.168.1.4:51000->172.31.5.9:443: i/o timeout', "172.31.5.9"),
        (
            'connection to server at "shop.abc.eu-west-1.rds.amazonaws.com" (10.8.14.6), port 5432 failed: '
            "Connection timed out",
            "10.8.14.6",
        ),
    ),
)
def test_the_address_that_did_not_answer_is_named(text: str, ip: str) -> None:
    fault = private_address(text)
    assert fault is not None
    assert f"the private address {ip}, which did not answer" in fault.sentence


@pytest.mark.parametrize(
    "text",
    (
        f'Get "{EKS}/api": dial tcp 3.120.4.5:443: i/o timeout',
        f'Get "{EKS}/api": dial tcp 10.20.31.8:443: connect: connection refused',
        f'Get "{EKS}/api": dial tcp: lookup 0A1B.gr7.eu-west-3.eks.amazonaws.com on 10.0.0.2:53: i/o timeout',
        'Get "https://10.100.0.1:443/api": dial tcp 10.100.0.1:443: i/o timeout',
        'Get "http://metadata.internal/": dial tcp 169.254.170.23:80: i/o timeout',
    ),
)
def test_other_failures_are_none(text: str) -> None:
    assert private_address(text) is None


def test_the_answer_begins_with_it() -> None:
    text = f'E1201 memcache.go:265] Get "{EKS}/api?timeout=32s": dial tcp 10.20.31.8:443: i/o timeout'
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "not-iam"
    assert verdict.summary.startswith("The endpoint of the cluster resolves to the private address 10.20.31.8")


@pytest.mark.parametrize(
    ("text", "said"),
    (
        (
            "Connect to sqs.eu-west-1.amazonaws.com:443 [sqs.eu-west-1.amazonaws.com/10.1.2.3] failed: "
            "connect timed out",
            "sqs.eu-west-1.amazonaws.com (10.1.2.3) did not answer: most likely its security group does not accept",
        ),
        (
            'failed to do request: Head "https://444455556666.dkr.ecr.eu-west-3.amazonaws.com/v2/shop/manifests/2": '
            "dial tcp 10.8.3.201:443: i/o timeout\nservice in private subnets, vpce ecr.dkr has sg-0aa1bb22",
            "its security group sg-0aa1bb22 does not accept port 443",
        ),
        (
            'Post "https://secretsmanager.us-east-2.amazonaws.com/": dial tcp 172.20.4.9:443: i/o timeout\n'
            "the task has sg-0aa1bb22",
            "its security group does not accept port 443",
        ),
    ),
)
def test_a_services_private_address_is_an_interface_endpoint(text: str, said: str) -> None:
    fault = private_address(text)
    assert fault is not None
    assert said in fault.sentence


@pytest.mark.parametrize(
    "text",
    (
        'Post "https://sts.sa-east-1.amazonaws.com/": dial tcp 52.94.4.9:443: i/o timeout',
        'connection to server at "shop.abc.eu-west-1.rds.amazonaws.com" (10.8.14.6), port 5432 failed: timeout expired',
    ),
)
def test_other_hosts_are_no_interface_endpoint(text: str) -> None:
    fault = private_address(text)
    assert fault is None or "interface endpoint" not in fault.sentence
