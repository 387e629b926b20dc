"""Whom a change of a trust or resource policy is said to let in, against a judge of its own and random callers.

    python -m tests.support.oracles.compare_callers NUMBER [SEED]

NUMBER random pairs of policies (a statement added, removed or edited), each with `CALLERS` random callers: roles, users
of our account, of named and of any other accounts, services, holders of a provider's token, callers without
credentials, each with random values of the condition keys. `allowed` decides by AWS's rules and shares nothing with
`iam.policy`. A caller who is decided otherwise before and after, and whom no effect is about, was missed, where the
effects are complete; an effect whose own request is not decided as it says is wrong. Each is printed. Exit status 1
when there is one, or where fewer than nine in ten pairs are complete.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from iam.account import Account, Role
from iam.organization.levels import Organization
from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.statements import ConditionBlock
from iam.questions.change.callers_of_resource import let_in
from iam.questions.change.effects import ANOTHER_ACCOUNT, ANYBODY, GAINS, AccessEffect, Effects
from tests.support.oracles.judged_conditions import Context, holds, like
from tests.support.oracles.tally import Tally

CALLERS = 200
ID, OTHER, THIRD, UNNAMED = "111122223333", "444455556666", "444499990000", "777788889999"
ORGANIZATIONS = {ID: "o-own/r-1/ou-a/", OTHER: "o-own/r-1/ou-b/", THIRD: "o-far/r-2/ou-c/", UNNAMED: "o-far/r-2/"}
GITHUB = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ID}:oidc-provider/{GITHUB}"
NAMES = ("deploy", "deploy-eu", "team/deploy", "web", "ops-1")
SERVICES = ("lambda.amazonaws.com", "ec2.amazonaws.com", "s3.amazonaws.com")
TARGET = f"arn:aws:iam::{ID}:role/target"
QUEUE = f"arn:aws:sqs:us-east-1:{ID}:orders"
TRUST, RESOURCE = "trust", "resource"

Statement = dict[str, Any]

_CONDITIONS: list[tuple[str, str, list[Any]]] = [
    ("ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/deploy", "arn:aws:iam::*:*/web", "arn:aws:iam::*:role/d*"]),
    ("ArnLike", "aws:PrincipalArn", [f"arn:aws:iam::{OTHER}:role/*", f"arn:aws:iam::{ID}:role/ops-?"]),
    ("ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/ops-*", f"arn:aws:iam::{ID}:role/web"]),
    ("StringLike", "aws:PrincipalArn", ["*:role/team/*", "arn:aws:iam::4444*:role/web", "*deploy"]),
    ("StringNotLike", "aws:PrincipalArn", ["*:user/*", "*:role/deploy"]),
    ("StringLike", "aws:PrincipalArn", ["arn:*4444*:role/*", "*:user/w?b", "arn:aws:iam::????5555*"]),
    ("StringNotEquals", "aws:PrincipalArn", [f"arn:aws:iam::{ID}:role/web", f"arn:aws:iam::{UNNAMED}:user/web"]),
    ("StringEquals", "aws:PrincipalAccount", [OTHER, THIRD, [ID, OTHER]]),
    ("StringNotEquals", "aws:PrincipalAccount", [OTHER, ID]),
    ("StringLike", "aws:PrincipalAccount", ["4444*", "1111*", ["4444*", "44445*"], "*0000"]),
    ("StringNotLike", "aws:PrincipalAccount", ["4444*", "7*"]),
    ("StringEquals", "aws:PrincipalTag/team", ["${aws:username}", "${aws:username, 'a'}"]),
    ("StringNotEquals", "aws:username", ["${aws:PrincipalTag/team}", "${aws:PrincipalTag/team, 'web'}"]),
    ("StringEquals", "sts:ExternalId", ["${aws:PrincipalAccount}", "${aws:PrincipalTag/team, 'x'}"]),
    ("StringEquals", "aws:PrincipalServiceName", ["s3.amazonaws.com"]),
    ("StringEquals", "aws:PrincipalOrgID", ["o-own", "o-far", ["o-own", "o-far"]]),
    ("StringNotEquals", "aws:PrincipalOrgID", ["o-own"]),
    ("StringNotEqualsIfExists", "aws:PrincipalOrgID", ["o-far"]),
    ("StringLike", "aws:PrincipalOrgID", ["o-*", "o-own"]),
    ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", ["o-own/*", "o-own/r-1/ou-b/*", "o-far/r-2/*"]),
    ("ForAllValues:StringLike", "aws:PrincipalOrgPaths", ["o-own/*"]),
    ("StringEquals", "aws:PrincipalTag/team", ["a", "b", ["a", "b"]]),
    ("StringLike", "aws:PrincipalTag/team", ["a*", "?"]),
    ("StringNotEquals", "aws:PrincipalTag/team", ["a"]),
    ("StringEquals", "aws:username", ["web", "deploy"]),
    ("Bool", "aws:PrincipalIsAWSService", ["true", "false"]),
    ("StringEquals", "sts:ExternalId", ["x", ["x", "y"]]),
    ("StringLike", "sts:ExternalId", ["x*", "*y"]),
    ("Null", "sts:ExternalId", ["true", "false"]),
    ("IpAddress", "aws:SourceIp", ["10.0.0.0/8", "10.1.0.0/16", "198.51.100.0/24"]),
    ("NotIpAddress", "aws:SourceIp", ["10.0.0.0/8", ["10.1.0.0/16", "198.51.100.0/24"]]),
    ("StringEquals", "aws:SourceVpce", ["vpce-1", ["vpce-1", "vpce-2"]]),
    ("StringNotEqualsIfExists", "aws:SourceVpce", ["vpce-1"]),
    ("DateGreaterThan", "aws:CurrentTime", ["2027-01-01T00:00:00Z", "2020-01-01T00:00:00Z"]),
    ("DateLessThan", "aws:CurrentTime", ["2027-06-01T00:00:00Z", "2020-01-01T00:00:00Z"]),
    ("Bool", "aws:MultiFactorAuthPresent", ["true"]),
    ("BoolIfExists", "aws:MultiFactorAuthPresent", ["false", "true"]),
    ("Bool", "aws:SecureTransport", ["true", "false"]),
    ("StringEquals", "aws:SourceAccount", [ID, OTHER]),
    ("ArnLike", "aws:SourceArn", ["arn:aws:s3:::b*", "arn:aws:s3:::bucket"]),
    ("StringLike", f"{GITHUB}:sub", ["repo:a/b:*", "repo:a/*", "repo:a/b:ref:refs/heads/main"]),
    ("StringEquals", f"{GITHUB}:sub", ["repo:a/b:ref:refs/heads/main"]),
    ("StringEquals", f"{GITHUB}:aud", ["sts.amazonaws.com"]),
    ("ForAnyValue:StringEquals", "aws:TagKeys", ["a", ["a", "b"]]),
    ("ForAllValues:StringEquals", "aws:TagKeys", ["a", ["a", "b"]]),
]  # fmt: skip
_PRINCIPALS: list[Any] = [
    "*", "*", "*", {"AWS": "*"}, {"AWS": ID}, {"AWS": f"arn:aws:iam::{OTHER}:root"}, {"AWS": [OTHER, THIRD]},
    {"AWS": f"arn:aws:iam::{ID}:role/web"}, {"AWS": f"arn:aws:iam::{OTHER}:role/deploy"},
    {"AWS": f"arn:aws:iam::{ID}:user/web"}, {"Service": "lambda.amazonaws.com"},
    {"Service": ["s3.amazonaws.com", "ec2.amazonaws.com"]}, {"Federated": PROVIDER}, {"Federated": PROVIDER},
]  # fmt: skip
_ACTIONS = {
    TRUST: ["sts:AssumeRole", "sts:AssumeRole", "sts:*", ["sts:AssumeRole", "sts:TagSession"],
            "sts:AssumeRoleWithWebIdentity", "sts:AssumeRole*"],
    RESOURCE: ["sqs:SendMessage", "sqs:*", ["sqs:SendMessage", "sqs:ReceiveMessage"], "sqs:Receive*"],
}  # fmt: skip
_ASKED = {
    TRUST: ("sts:AssumeRole", "sts:AssumeRoleWithWebIdentity", "sts:TagSession"),
    RESOURCE: ("sqs:SendMessage", "sqs:ReceiveMessage"),
}


@dataclass(frozen=True, slots=True)
class Pair:
    number: int
    kind: str
    before: tuple[Statement, ...]
    after: tuple[Statement, ...]

    @property
    def resource(self) -> str:
        return TARGET if self.kind == TRUST else QUEUE


@dataclass(frozen=True, slots=True)
class Caller:
    principal: str | None
    context: Context


class Maker:
    """Makes pairs and callers from a seed, the same ones each time."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def pair(self, number: int) -> Pair:
        self._chosen = chosen = random.Random(f"{self._seed} {number}")
        kind = chosen.choice([TRUST, TRUST, RESOURCE])
        before = [self._statement(kind) for _ in range(chosen.randint(1, 3))]
        after = [dict(one) for one in before]
        match chosen.choice(["add", "add", "remove", "conditions", "conditions", "principal", "effect"]):
            case "remove" if len(after) > 1:
                after.remove(chosen.choice(after))
            case "conditions":
                one = chosen.choice(after)
                one.pop("Condition", None)
                one |= self._conditions()
            case "principal":
                chosen.choice(after)["Principal"] = chosen.choice(_PRINCIPALS)
            case "effect":
                one = chosen.choice(after)
                one["Effect"] = "Deny" if one["Effect"] == "Allow" else "Allow"
            case _:
                after.append(self._statement(kind))
        return Pair(number, kind, tuple(before), tuple(after))

    def _statement(self, kind: str) -> Statement:
        chosen = self._chosen
        made: Statement = {"Effect": chosen.choice(["Allow", "Allow", "Allow", "Deny"])}
        made |= {"Principal": chosen.choice(_PRINCIPALS), "Action": chosen.choice(_ACTIONS[kind])}
        if kind == RESOURCE:
            made["Resource"] = chosen.choice(["*", QUEUE])
        return made | self._conditions()

    def _conditions(self) -> Statement:
        found: dict[str, dict[str, Any]] = {}
        for _ in range(self._chosen.choice([0, 0, 1, 1, 1, 2, 2, 3])):
            operator, key, values = self._chosen.choice(_CONDITIONS)
            found.setdefault(operator, {})[key] = self._chosen.choice(values)
        return {"Condition": found} if found else {}

    def callers(self, number: int) -> Iterable[Caller]:
        chosen = random.Random(f"callers {self._seed} {number}")
        return [self._caller(chosen) for _ in range(CALLERS)]

    def _caller(self, chosen: random.Random) -> Caller:
        context: dict[str, tuple[str, ...]] = {}

        def often(part: float, key: str, *values: str) -> None:
            if chosen.random() < part:
                context[key.lower()] = (chosen.choice(values),)

        moments = "2026-12-01T00:00:00Z", "2027-03-01T00:00:00Z", "2028-01-01T00:00:00Z"
        often(1, "aws:CurrentTime", *moments)
        often(1, "aws:SecureTransport", "true", "true", "true", "false")
        often(0.8, "aws:SourceIp", "10.1.2.3", "10.9.9.9", "198.51.100.7", "203.0.113.5")
        often(0.3, "aws:SourceVpce", "vpce-1", "vpce-2", "vpce-3")
        often(0.5, "sts:ExternalId", "x", "y", "xy", "z", "a", OTHER)
        if chosen.random() < 0.4:
            context["aws:tagkeys"] = tuple(chosen.sample(["a", "b", "c"], chosen.randint(1, 3)))
        kind = chosen.choice(["role"] * 6 + ["user", "user", "service", "token", "token", "nobody"])
        if kind in ("role", "user"):
            account = chosen.choice([ID, ID, OTHER, OTHER, THIRD, UNNAMED])
            name = chosen.choice(NAMES)
            arn = f"arn:aws:iam::{account}:{kind}/{name}"
            organization = ORGANIZATIONS[account]
            context |= {"aws:principalarn": (arn,), "aws:principalaccount": (account,)}
            if account in (ID, OTHER) or chosen.random() < 0.7:
                context |= {"aws:principalorgid": (organization.partition("/")[0],)}
                context |= {"aws:principalorgpaths": (organization,)}
            context["aws:principalisawsservice"] = ("false",)
            if kind == "user":
                context["aws:username"] = (name.rpartition("/")[2],)
            if not (account == ID and name == "ops-1" and kind == "role"):  # an existing role: its tags are known
                often(0.6, "aws:PrincipalTag/team", "a", "b", "ab", "c", "web", "deploy")
            else:
                context["aws:principaltag/team"] = ("a",)
            often(0.5, "aws:MultiFactorAuthPresent", "true", "false")
            return Caller(arn, context)
        if kind == "service":
            service = chosen.choice(SERVICES)
            context |= {"aws:principalisawsservice": ("true",), "aws:principalservicename": (service,)}
            often(0.7, "aws:SourceAccount", ID, OTHER, UNNAMED)
            often(0.5, "aws:SourceArn", "arn:aws:s3:::bucket", "arn:aws:s3:::b2", "arn:aws:s3:::other")
            return Caller(service, context)
        if kind == "token":
            often(
                1, f"{GITHUB}:sub", "repo:a/b:ref:refs/heads/main", "repo:a/b:pull_request", "repo:a/c:x", "repo:z/b:x"
            )
            often(1, f"{GITHUB}:aud", "sts.amazonaws.com", "other")
            return Caller(PROVIDER, context)
        return Caller(None, context)


# The judge.


def allowed(statements: Iterable[Statement], principal: str | None, context: Context, action: str) -> bool:
    """Whether a caller is allowed whose own policies allow everything: in its own account that is enough but for a
    role's trust policy (IAM User Guide, "Policy evaluation logic")."""
    found = not action.startswith("sts:") and _is_of(ID, principal)
    for one in statements:
        if _acts(one["Action"], action) and _names(one["Principal"], principal) and _holds(one, context):
            if one["Effect"] == "Deny":
                return False
            found = True
    return found


def _acts(listed: Any, action: str) -> bool:
    return any(like(text.lower(), action.lower()) for text in ([listed] if isinstance(listed, str) else listed))


def _names(element: Any, principal: str | None) -> bool:
    if element == "*" or (isinstance(element, dict) and element.get("AWS") == "*"):
        return True
    for kind, listed in element.items():
        for value in [listed] if isinstance(listed, str) else listed:
            if principal == value:
                return True
            account = re.fullmatch(r"(?:arn:aws:iam::)?(\d{12})(?::root)?", value)
            if kind == "AWS" and account and _is_of(account[1], principal):
                return True
    return False


def _is_of(account: str, principal: str | None) -> bool:
    """Whether it is a principal of the account: an identity provider is none."""
    return re.match(rf"arn:aws:(iam|sts)::{account}:(role|user|root|federated-user)", principal or "") is not None


def _holds(one: Statement, context: Context) -> bool:
    return all(
        holds(operator, key, (value,) if isinstance(value, str) else tuple(value), context)
        for operator, block in one.get("Condition", {}).items()
        for key, value in block.items()
    )


# The comparison.


def account() -> Account:
    """An account whose organization was read, with one role."""
    role = Role("ops-1", f"arn:aws:iam::{ID}:role/ops-1", "/", None, tags={"team": "a"})
    own = Organization("o-own", path=("r-1", "ou-a"))
    now = datetime(2026, 11, 1, tzinfo=UTC)
    return Account(ID, "random", now, roles=(role,), organization=own, in_organization=True)


def compare(pair: Pair, callers: Iterable[Caller], whose: Account, tally: Tally) -> None:
    sides = [Policies(resource=_policy(side)) for side in (pair.before, pair.after)]
    asked = Request(None, _ASKED[pair.kind][0], pair.resource, ID)
    with tally.timed():
        found = let_in(sides[0], sides[1], asked, whose)
    tally.complete += found.complete
    tally.effects += len(found.found)
    tally.unconfirmed += sum(one.request is None for one in found.found)
    tally.wrong += [
        f"pair {pair.number}: {one}" for one in found.found if one.request and not _is_so(pair, one.request, one)
    ]
    if found.complete:
        for caller in callers:
            _look(pair, caller, found, tally)


def _policy(statements: Iterable[Statement]) -> NamedPolicy:
    return NamedPolicy(Document(json.dumps({"Version": "2012-10-17", "Statement": list(statements)})))


def _look(pair: Pair, caller: Caller, found: Effects, tally: Tally) -> None:
    for action in _ASKED[pair.kind]:
        if not _can_ask(pair, caller, action):
            continue
        was, now = (allowed(side, caller.principal, caller.context, action) for side in (pair.before, pair.after))
        if was is now:
            continue
        tally.changed += 1
        if not any(_is_about(one, caller, action, gain=now) for one in found.found):
            tally.missed.append(f"pair {pair.number}: {action} by {caller}, {'gained' if now else 'lost'}")


def _can_ask(pair: Pair, caller: Caller, action: str) -> bool:
    """Who has a token calls AssumeRoleWithWebIdentity, whoever has credentials the others of STS; nobody else can."""
    if pair.kind == RESOURCE:
        return caller.principal != PROVIDER
    if caller.principal is None:
        return False
    return (caller.principal == PROVIDER) is (action == "sts:AssumeRoleWithWebIdentity") or action == "sts:TagSession"


def _is_about(one: AccessEffect, caller: Caller, action: str, *, gain: bool) -> bool:
    return (
        (one.kind in GAINS) is gain
        and one.action == action
        and any(_stands_for(label, caller) for label in one.principals)
        and all(_met(block, caller.context) for block in one.conditions)
        and not any(_met(block, caller.context) for block in one.unless)
    )


def _met(block: ConditionBlock, context: Context) -> bool:
    return holds(block.operator, block.key, block.values, context)


def _stands_for(label: str, caller: Caller) -> bool:
    if label == ANYBODY:
        return caller.principal is None
    if caller.principal is None:
        return False
    pattern = label.replace("rolescope-probe", "*").replace(ANOTHER_ACCOUNT, "*")
    if label.endswith(":root"):
        pattern = pattern.removesuffix("root") + "*"
        return ":iam::" in caller.principal and "provider" not in caller.principal and like(pattern, caller.principal)
    return like(pattern, caller.principal)


def _is_so(pair: Pair, request: Request, one: AccessEffect) -> bool:
    """Whether the request of an effect is decided as it says."""
    context = {key.lower(): values for key, values in request.context.items()}
    principal = request.principal
    arn = context.get("aws:principalarn")
    if arn and principal and ":iam::" in principal and "provider" not in principal:
        principal = arn[0]
    was, now = (allowed(side, principal, context, one.action) for side in (pair.before, pair.after))
    return (was, now) == ((False, True) if one.kind in GAINS else (True, False))


def run(numbers: Iterable[int], seed: int) -> Tally:
    maker, tally, whose = Maker(seed), Tally(), account()
    for number in tally.each(numbers):
        compare(maker.pair(number), maker.callers(number), whose, tally)
    return tally


def main(arguments: list[str]) -> int:
    number, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    return run(range(number), seed).report()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
