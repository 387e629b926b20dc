"""Messages about the bucket of a load balancer's logs: who writes the logs."""

from __future__ import annotations

import pytest

from diagnostics.text.read.messages.service_sentences import sentence_in


def logs_of(balancer: str) -> str:
    return (
        f"modifying ELBv2 Load Balancer (arn:aws:elasticloadbalancing:eu-west-1:444455556666:loadbalancer/{balancer}): "
        "Access Denied for bucket: my-logs. Please check S3bucket permission"
    )


@pytest.mark.parametrize(
    ("text", "writer"),
    [
        (logs_of("net/web/0123456789abcdef"), "let delivery.logs.amazonaws.com perform s3:GetBucketAcl"),
        (logs_of("net/api/fedcba9876543210").replace("aws:", "aws-cn:"), "let delivery.logs.amazonaws.com perform"),
        (logs_of("app/web/0123456789abcdef"), "let logdelivery.elasticloadbalancing.amazonaws.com"),
        (logs_of("web"), "For a Network Load Balancer it is delivery.logs.amazonaws.com"),
    ],
)
def test_the_type_of_the_load_balancer_decides_who_writes_its_logs(text: str, writer: str) -> None:
    found = sentence_in(text)
    assert found is not None
    assert writer in found.row.causes[0].sentence
