"""A refusal by a broker's authorization map is not answered with IAM's policies."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

TEXTS = (
    (
        "javax.jms.JMSException: User batch is not authorized to write to: queue://orders.in",
        "User batch is not authorized to write to: queue://orders.in",
    ),
    (
        "[ActiveMQ Transport] User web is not authorized to create: temp-queue://ID:ip-10-0-0-1",
        "User web is not authorized to create: temp-queue://ID",
    ),
)


@pytest.mark.parametrize(("text", "said"), TEXTS)
def test_the_service_that_refused_is_named(text: str, said: str) -> None:
    verdict = collect_offline(read_text(text)[0]).verdict
    assert verdict.cause == "not-iam"
    assert said in verdict.summary


@pytest.mark.parametrize(
    "text",
    (
        "User: arn:aws:iam::444455556666:user/kim is not authorized to perform: mq:RebootBroker on resource: "
        "arn:aws:mq:eu-west-1:444455556666:broker:orders:b-1",
    ),
)
def test_a_refusal_to_manage_them_is_one_of_iam(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.cause != "not-iam"
