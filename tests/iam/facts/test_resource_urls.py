"""The resources that URLs and names of images identify."""

from __future__ import annotations

import pytest

from iam.facts.resource_urls import resources_in_urls


@pytest.mark.parametrize(
    ("text", "arns"),
    [
        (
            "--queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/orders.fifo --message-body x",
            ("arn:aws:sqs:eu-west-1:111122223333:orders.fifo",),
        ),
        (
            "https://eu-west-1.queue.amazonaws.com/111122223333/orders",
            ("arn:aws:sqs:eu-west-1:111122223333:orders",),
        ),
        (
            "https://sqs.cn-north-1.amazonaws.com.cn/111122223333/orders",
            ("arn:aws-cn:sqs:cn-north-1:111122223333:orders",),
        ),
        (
            "pulling 111122223333.dkr.ecr.us-gov-west-1.amazonaws.com/team/api:1.2 failed",
            ("arn:aws-us-gov:ecr:us-gov-west-1:111122223333:repository/team/api",),
        ),
        (
            "docker pull 111122223333.dkr.ecr.eu-west-1.amazonaws.com/api@sha256:00ff",
            ("arn:aws:ecr:eu-west-1:111122223333:repository/api",),
        ),
        (
            "https://acme-111122223333.d.codeartifact.eu-west-1.amazonaws.com/npm/web/lodash",
            ("arn:aws:codeartifact:eu-west-1:111122223333:repository/acme/web",),
        ),
        ("https://sqs.eu-west-1.amazonaws.com/", ()),
        ("https://sqs.eu-west-1.amazonaws.com/111122223333/orders/more", ()),
        ("https://example.com/111122223333/orders", ()),
    ],
)
def test_a_url_identifies_its_resource(text: str, arns: tuple[str, ...]) -> None:
    assert resources_in_urls(text) == arns
