"""What is said of every way into every role of the demo, against what the demo's STS answers when it is tried.

``python -m tests.support.demo.use_table`` prints the counts, and each case that was said wrongly. A case is right where
"works" was answered with a session, "refused" with a refusal, and "hangs on" is neither.
"""

from __future__ import annotations

import base64
import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from botocore.exceptions import ClientError

from diagnostics.use.side import CallingSide, calling_side, side_of
from diagnostics.use.way import Method, SessionValues, Way
from diagnostics.use.ways import role_ways
from iam.account import Account, Role
from iam.credentials.assume_request import AssumeRequest
from iam.credentials.role_session import assume
from iam.demo.account.facts import NOW
from iam.demo.aws.world import World
from iam.demo.build import build
from iam.demo.open import reader, session

USERS: tuple[str | None, ...] = ("alice", "ben", "carla", "dora", None)
TOLD = {
    "nothing told": SessionValues(),
    "right external ID": SessionValues(external_id="hl-7Q2-audit"),
    "wrong external ID": SessionValues(external_id="wrong"),
    "MFA code": SessionValues(mfa_code="123456"),
    "tag project": SessionValues(tags=(("project", "ferry"),)),
    "source identity": SessionValues(source_identity="somebody"),
    "15 minutes": SessionValues(seconds=900),
    "2 hours": SessionValues(seconds=7200),
    "12 hours": SessionValues(seconds=43200),
    "tag and name": SessionValues(tags=(("team", "x"),), session_name="other-name"),
}


BEN, ROOT = "arn:aws:iam::111122223333:user/ben", "arn:aws:iam::111122223333:root"
_ALLOW = {"Effect": "Allow", "Principal": {"AWS": BEN}, "Action": "sts:AssumeRole"}
_EVERYTHING_PASSED = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]
PLANTED: dict[str, list[dict[str, Any]]] = {
    "needs-external-id": [_ALLOW | {"Condition": {"StringEquals": {"sts:ExternalId": ["hl-7Q2-audit", "other"]}}}],
    "needs-own-name": [_ALLOW | {"Condition": {"StringLike": {"sts:RoleSessionName": "${aws:username}"}}}],
    "needs-a-tag": [
        _ALLOW | {"Action": _EVERYTHING_PASSED, "Condition": {"StringEquals": {"aws:RequestTag/project": "ferry"}}}
    ],
    "needs-a-tag-cannot-take": [_ALLOW | {"Condition": {"StringEquals": {"aws:RequestTag/project": "ferry"}}}],
    "needs-source-identity": [
        _ALLOW | {"Action": _EVERYTHING_PASSED, "Condition": {"StringLike": {"sts:SourceIdentity": "some*"}}}
    ],
    "only-these-tags": [
        _ALLOW
        | {
            "Action": _EVERYTHING_PASSED,
            "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["project"]}, "Null": {"aws:TagKeys": "false"}},
        }
    ],
    "denied-without-mfa": [
        _ALLOW,
        _ALLOW | {"Effect": "Deny", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}},
    ],
    "denied-unless-mfa": [
        _ALLOW,
        _ALLOW | {"Effect": "Deny", "Condition": {"Null": {"aws:MultiFactorAuthPresent": "true"}}},
    ],
    "recent-mfa": [_ALLOW | {"Condition": {"NumericLessThan": {"aws:MultiFactorAuthAge": "600"}}}],
    "no-external-id": [_ALLOW, _ALLOW | {"Effect": "Deny", "Condition": {"Null": {"sts:ExternalId": "true"}}}],
    "not-this-external-id": [_ALLOW | {"Condition": {"StringNotEquals": {"sts:ExternalId": "wrong"}}}],
    "from-the-office": [_ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}],
    "from-elsewhere": [_ALLOW | {"Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}],
    "in-europe": [_ALLOW | {"Condition": {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}}],
    "of-our-organization": [
        _ALLOW | {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorgid"}}}
    ],
    "everyone-but-ben": [
        {"Effect": "Allow", "Principal": {"AWS": ROOT}, "Action": "sts:AssumeRole"},
        {"Effect": "Deny", "NotPrincipal": {"AWS": [ROOT, BEN]}, "Action": "sts:AssumeRole"},
    ],
    "two-doors": [
        _ALLOW | {"Condition": {"StringEquals": {"sts:ExternalId": "hl-7Q2-audit"}}},
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::111122223333:role/human/platform-operator"},
            "Action": "sts:AssumeRole",
        },
    ],
    "ended": [_ALLOW | {"Condition": {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}}],
}
"""Roles that are planted beside the demo's own, for what its trusts do not ask for."""


def plant(world: World) -> None:
    iam = session(world).client("iam")
    for name, statements in PLANTED.items():
        trust = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, MaxSessionDuration=7200)


@dataclass(frozen=True, slots=True)
class Case:
    """``said`` is None where it hangs on something; ``answer`` is AWS's code, or ``session``."""

    role: str
    caller: str
    entered: str
    method: Method
    said: bool | None
    answer: str

    @property
    def right(self) -> bool:
        return self.said is None or self.said is (self.answer == "session")


def assume_cases(world: World, names: Collection[str] = (), users: Sequence[str | None] = USERS) -> Iterator[Case]:
    """AssumeRole by every user, and by sessions of roles, with every kind of value; of ``names`` alone where given."""
    everything = list(reader(world).accounts())[-1]
    roles = [role for role in everything.roles if not names or role.name in names]
    for user in users:
        mine = reader(world, as_user=user)
        account = list(mine.accounts())[-1]
        side = calling_side(account, mine)
        assert side is not None
        client = session(world, as_user=user).client("sts")
        yield from _assumed(roles, with_organization(side, world, everything), client, user or "org-admin")
    first = session(world, as_user="ben").client("sts")
    operator = everything.role("platform-operator")
    assert operator is not None
    made = assume(first, operator.arn, AssumeRequest("chained"))
    client = session(world).client(
        "sts",
        aws_access_key_id=made.access_key,
        aws_secret_access_key=made.secret_key,
        aws_session_token=made.token,
    )
    yield from _assumed(roles, side_of(made.arn, everything, reader(world)), client, "a session of ben's")


def with_organization(side: CallingSide, world: World, everything: Account) -> CallingSide:
    """The side with the organization's policies, which the users themselves may not read."""
    whole = side_of(side.who.text, everything, reader(world))
    return replace(side, account=everything, policies=whole.policies, readings=whole.readings, entity=whole.entity)


def _assumed(roles: list[Role], side: CallingSide, client: Any, caller: str) -> Iterator[Case]:
    for role in roles:
        for words, entered in TOLD.items():
            ways = [
                way for way in role_ways(role, side, side.account, entered).ways if way.method is Method.ASSUME_ROLE
            ]
            said = _together(ways)
            best = min(ways, key=lambda way: (way.works is False, way.works is None), default=None)
            asked = best.request if best is not None and best.request is not None else _plain(side, entered)
            yield Case(role.name, caller, words, Method.ASSUME_ROLE, said, _answer(client, role, asked))


def _plain(side: CallingSide, entered: SessionValues) -> AssumeRequest:
    serial = next(iter(side.serials or ()), "")
    code = entered.mfa_code if serial else ""
    name = entered.session_name or side.session_name
    return AssumeRequest(
        name, entered.external_id, entered.source_identity, entered.tags, entered.seconds, serial, code
    )


def _together(ways: list[Way]) -> bool | None:
    said = {way.works for way in ways}
    return True if True in said else None if None in said else False


def _answer(client: Any, role: Role, asked: AssumeRequest) -> str:
    try:
        assume(client, role.arn, asked)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "session"


CLAIMS = {
    "right claims": {},
    "wrong subject": {"sub": "repo:somebody/else:ref:refs/heads/main"},
    "wrong audience": {"aud": "https://example.com"},
}


def token_cases(world: World) -> Iterator[Case]:
    """AssumeRoleWithWebIdentity by tokens whose claims were told beforehand."""
    mine = reader(world)
    account = list(mine.accounts())[-1]
    side = calling_side(account, mine)
    client = session(world).client("sts")
    for role in account.roles:
        for way in role_ways(role, side, account).ways:
            if way.method is not Method.WEB_IDENTITY or not way.principal.startswith("arn:"):
                continue
            issuer = way.principal.partition(":oidc-provider/")[2]
            right = {n.what: (n.value or "").replace("*", "any") for n in way.needs}
            good = {"aud": right.get("audience", ""), "sub": right.get("subject", "")}
            for words, wrong in CLAIMS.items():
                claims = {**good, **wrong}
                context = {f"{issuer}:{name}": (value,) for name, value in claims.items()}
                entered = SessionValues(context=context)
                judged = [each for each in role_ways(role, side, account, entered).ways if each.method is way.method]
                answer = _token_answer(client, role, issuer, claims)
                yield Case(role.name, "a token", words, Method.WEB_IDENTITY, _together(judged), answer)


def _token_answer(client: Any, role: Role, issuer: str, claims: dict[str, str]) -> str:
    seconds = int(NOW.timestamp())
    payload = {"iss": f"https://{issuer}", "iat": seconds - 10, "exp": seconds + 600, **claims}
    parts = [{"alg": "RS256", "typ": "JWT"}, payload]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    token = ".".join((*encoded, "c2ln"))
    try:
        client.assume_role_with_web_identity(RoleArn=role.arn, RoleSessionName="tried", WebIdentityToken=token)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return "session"


def all_cases() -> list[Case]:
    world = build()
    plant(world)
    return [*assume_cases(world), *token_cases(world)]


def main() -> int:
    cases = all_cases()
    counts = Counter((case.method, {True: "works", False: "refused", None: "hangs on"}[case.said]) for case in cases)
    for (method, said), count in sorted(counts.items()):
        sessions = sum(
            case.answer == "session"
            for case in cases
            if (case.method, case.said) == (method, {"works": True, "refused": False, "hangs on": None}[said])
        )
        print(f"{method:<28} said {said:<9} {count:>5}   answered with a session {sessions:>5}")
    wrong = [case for case in cases if not case.right]
    for case in wrong:
        print(f"WRONG {case}")
    print(f"{len(cases)} cases, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
