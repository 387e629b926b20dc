"""200 texts with two Regions, accounts or identifiers, drawn by seed: a difference is named where there is one."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from diagnostics.diagnose import collect_offline, read_text
from iam.facts.elb_accounts import ELB_ACCOUNTS

REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1")
NAMES = ("orders", "invoices", "audit-trail", "carts", "shipments")
THINGS = (
    ("dynamodb:GetItem", "dynamodb", "table/{}"),
    ("lambda:InvokeFunction", "lambda", "function:{}"),
    ("kinesis:PutRecord", "kinesis", "stream/{}"),
    ("sqs:SendMessage", "sqs", "{}"),
    ("ecr:BatchGetImage", "ecr", "repository/{}"),
)
DIFFERENCES = (
    "differ",
    "but the policy names",
    "both have",
    "is listed there",
    "is the same",
    "most likely one of them is",
)
"""Words of answers that compare two values."""


@dataclass(frozen=True)
class Drawn:
    """A text, and the two values that its answer has to name; none if they agree. ``unsaid`` is not to be said then."""

    text: str
    named: tuple[str, ...]
    unsaid: tuple[str, ...] = DIFFERENCES


def _account(rng: Random) -> str:
    return "".join(rng.choice("23456789") for _ in range(12))


def _two(rng: Random, first: str, draw: Callable[[], str]) -> tuple[str, bool]:
    """The first value again, or another one; and whether it is another."""
    if rng.random() < 0.5:
        return first, False
    other = draw()
    while other == first:
        other = draw()
    return other, True


def _refused(action: str, arn: str, account: str, reason: str = "identity-based") -> str:
    return (
        f"User: arn:aws:sts::{account}:assumed-role/app/i-0c4d is not authorized to perform: {action} on resource: "
        f"{arn} because no {reason} policy allows the {action} action"
    )


def _policy(rng: Random, action: str, arn: str) -> str:
    statement = {"Effect": "Allow", "Action": action, "Resource": arn}
    return rng.choice(
        (
            json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
            json.dumps(statement, indent=2),
            f"the role's policy: Allow {action} on {arn}",
            f"Statement:\n  - Effect: Allow\n    Action: {action}\n    Resource: {arn}",
        )
    )


def _of_a_policy(rng: Random) -> Drawn:
    """A denied ARN, and that of a policy, in two Regions or two accounts."""
    action, service, kind = rng.choice(THINGS)
    region, account, name = rng.choice(REGIONS), _account(rng), rng.choice(NAMES)
    arn = f"arn:aws:{service}:{region}:{account}:{kind.format(name)}"
    if rng.random() < 0.6:
        value = region
        other, apart = _two(rng, region, lambda: rng.choice(REGIONS))
    else:
        value = account
        other, apart = _two(rng, account, lambda: _account(rng))
    text = f"{_refused(action, arn, account)}\n{_policy(rng, action, arn.replace(f':{value}:', f':{other}:'))}"
    return Drawn(text, (value, other) if apart else ())


def _of_a_list(rng: Random) -> Drawn:
    """A queue that is not found, and lists of queues of two Regions, one of which has it."""
    region, account, name = rng.choice(REGIONS), _account(rng), rng.choice(NAMES)
    other, apart = _two(rng, region, lambda: rng.choice(REGIONS))
    url = f"https://sqs.{region}.amazonaws.com/{account}/{name}"
    listed = url.replace(region, other)
    lists = [f"$ aws sqs list-queues --region {other}\n" + json.dumps({"QueueUrls": [listed]})]
    if apart:
        lists.insert(rng.randrange(2), f"$ aws sqs list-queues --region {region}")
    text = (
        "An error occurred (AWS.SimpleQueueService.NonExistentQueue) when calling the ReceiveMessage operation: The "
        f"specified queue does not exist or you do not have access to it.\nurl {url}\n" + "\n".join(lists)
    )
    return Drawn(text, (region, other) if apart else ())


def _of_a_secret(rng: Random) -> Drawn:
    """The ARN of a secret in a policy, and that of the secret which exists."""
    account, name = _account(rng), rng.choice(("prod/db", "app/token", "billing"))
    ends = ["".join(rng.choice("abcdefghjkmnpqrstuvwxyzABCDEFGH2345") for _ in range(6)) for _ in range(2)]
    apart = rng.random() < 0.5
    beginning = f"arn:aws:secretsmanager:eu-west-1:{account}:secret:{name}-"
    action = "secretsmanager:GetSecretValue"
    written = ends[1] if apart else rng.choice((ends[0], "??????"))
    policy = _policy(rng, action, f"{beginning}{written}")
    text = f"{_refused(action, name, account)}\n{policy}\n$ aws secretsmanager describe-secret --query ARN\n{beginning}"
    return Drawn(f"{text}{ends[0]}", tuple(f"{name}-{end}" for end in ends) if apart else ())


def _of_an_image(rng: Random) -> Drawn:
    """The account of a registry, and that of what pulls an image from it."""
    account = _account(rng)
    other, apart = _two(rng, account, lambda: _account(rng))
    words = rng.choice(("nodes are in account {}", "our cluster runs in {}", "we are in {}")).format(other)
    host = f"{account}.dkr.ecr.eu-west-1.amazonaws.com"
    text = f'Failed to pull image "{host}/shop/web:1": unexpected status from HEAD request to https://{host}/v2/: 403 '
    return Drawn(f"{text}Forbidden\n{words}", (account, other) if apart else (), ("is pulled from account",))


def _of_a_zone(rng: Random) -> Drawn:
    """The account of a hosted zone, and that of the caller."""
    account = _account(rng)
    other, apart = _two(rng, account, lambda: _account(rng))
    words = rng.choice(("the zone is in account {}", "hosted zone belongs to {}", "zone owner: {}")).format(other)
    refused = _refused("route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/Z0613904QK2V7D", account)
    return Drawn(f"{refused}\n{words}", (account, other) if apart else (), ("The hosted zone",))


def _of_a_load_balancer(rng: Random) -> Drawn:
    """The account of Elastic Load Balancing in a bucket policy, and that of the load balancer's Region."""
    region = rng.choice(REGIONS)
    other, apart = _two(rng, region, lambda: rng.choice(REGIONS))
    text = (
        f"arn:aws:elasticloadbalancing:{region}:{_account(rng)}:loadbalancer/app/front/5d0c9e8b\nInvalidConfiguration"
        "Request: Access Denied for bucket: logs-alb. Please check S3bucket permission\nbucket policy:\n"
        + json.dumps({"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ELB_ACCOUNTS[other]}:root"}})
    )
    return Drawn(text, (ELB_ACCOUNTS[region], ELB_ACCOUNTS[other]) if apart else (), (ELB_ACCOUNTS[region],))


def _of_an_organization(rng: Random) -> Drawn:
    """The organization of a condition, and the caller's own: the same, or with two characters swapped."""
    own = "o-" + "".join(rng.sample("abcdefghjkmnpqrstuvwxyz23456789", 10))
    at = rng.randrange(3, 10)
    apart = rng.random() < 0.5
    written = own[:at] + own[at + 1] + own[at] + own[at + 2 :] if apart else own
    arn = "arn:aws:sns:eu-west-1:444455556666:alerts"
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "sns:Publish",
        "Resource": arn,
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": written}},
    }
    text = (
        f"{_refused('sns:Publish', arn, _account(rng), 'resource-based')}\n{json.dumps(statement)}\n"
        f'$ aws organizations describe-organization --query Organization.Id\n"{own}"'
    )
    return Drawn(text, (own, written) if apart else ())


MAKERS = (
    _of_a_policy,
    _of_a_policy,
    _of_a_list,
    _of_a_secret,
    _of_an_image,
    _of_a_zone,
    _of_a_load_balancer,
    _of_an_organization,
)


@pytest.mark.parametrize("seed", range(15 * len(MAKERS)))
def test_a_difference_is_named_exactly_where_there_is_one(seed: int) -> None:
    rng = Random(seed)
    drawn = MAKERS[seed % len(MAKERS)](rng)
    summary = collect_offline(read_text(drawn.text)[0]).verdict.summary
    if drawn.named:
        assert [value for value in drawn.named if value not in summary] == [], (drawn.text, summary)
    else:
        assert [words for words in drawn.unsaid if words in summary] == [], (drawn.text, summary)
