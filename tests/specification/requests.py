"""Random requests with policies, as decoded lines of ``rolescope evaluate``, for the comparison with the specification.

The values are few and near each other, so that matches, near matches and conflicts between layers are frequent.
"""

from __future__ import annotations

import random
from typing import Any

HOME, AWAY = "111122223333", "444455556666"
USER = f"arn:aws:iam::{HOME}:user/team/ada"
ROLES = (f"arn:aws:iam::{HOME}:role/loader", f"arn:aws:iam::{HOME}:role/ops/report")
SESSIONS = (f"arn:aws:sts::{HOME}:assumed-role/loader/run", f"arn:aws:sts::{HOME}:assumed-role/report/run")
FEDERATED = f"arn:aws:sts::{HOME}:federated-user/guest"
ROOT = f"arn:aws:iam::{HOME}:root"
PROVIDER = f"arn:aws:iam::{HOME}:oidc-provider/id.example.com"
LINKED = f"arn:aws:sts::{HOME}:assumed-role/AWSServiceRoleForECS/run"
SERVICES = ("lambda.amazonaws.com", "events.amazonaws.com")
CALLERS: tuple[Any, ...] = (
    *(USER,) * 5,
    *ROLES,
    *SESSIONS * 3,
    *(FEDERATED,) * 2,
    ROOT,
    PROVIDER,
    LINKED,
    *SERVICES,
    {"type": "Anonymous"},
)

# The actions and resources of each service, with the account of a resource whose ARN has none.
WORLD: dict[str, tuple[tuple[str, ...], tuple[tuple[str, str | None], ...]]] = {
    "s3": (
        ("s3:GetObject", "s3:PutObject"),
        (("arn:aws:s3:::lake/raw/a.csv", HOME), ("arn:aws:s3:::lake/raw/ada/B", AWAY), ("arn:aws:s3:::drop/x", HOME)),
    ),
    "sqs": (
        ("sqs:SendMessage", "sqs:ReceiveMessage"),
        ((f"arn:aws:sqs:us-east-1:{HOME}:orders", None), (f"arn:aws:sqs:eu-west-1:{AWAY}:orders", None)),
    ),
    "lambda": (
        ("lambda:InvokeFunction", "lambda:GetFunction"),
        ((f"arn:aws:lambda:us-east-1:{HOME}:function:bill:7", None),),
    ),
    "dynamodb": (("dynamodb:GetItem", "dynamodb:Query"), ((f"arn:aws:dynamodb:us-east-1:{HOME}:table/Carts", None),)),
    "kms": (("kms:Decrypt", "kms:Encrypt"), ((f"arn:aws:kms:us-east-1:{HOME}:key/0000-11", None),)),
    "sts": (
        ("sts:AssumeRole", "sts:TagSession"),
        ((f"arn:aws:iam::{HOME}:role/target", None), (f"arn:aws:iam::{AWAY}:role/target", None)),
    ),
}

VALUES: dict[str, tuple[str, ...]] = {
    "aws:PrincipalTag/team": ("blue", "green", "Blue", "raw", "*", "a.csv", ""),
    "aws:RequestedRegion": ("us-east-1", "eu-west-1"),
    "sts:ExternalId": ("abc", "a*c", "abbc"),
    "aws:MultiFactorAuthAge": ("30", "900", "3600.5", "9007199254740993"),
    "aws:CurrentTime": ("2026-01-01T00:00:00Z", "2026-06-15T12:30:00Z", "2026-06-15T14:30:00+02:00"),
    "aws:SecureTransport": ("true", "false"),
    "aws:MultiFactorAuthPresent": ("true", "false"),
    "aws:SourceIp": ("10.1.2.3", "203.0.113.9", "2001:db8::5"),
    "aws:SourceArn": ("arn:aws:s3:::lake", f"arn:aws:events:us-east-1:{HOME}:rule/nightly", f"arn:aws:sns:::{AWAY}:x"),
    "x:Blob": ("QQ==", "QUI="),
}
TAG_KEYS = ("team", "env", "owner")
TEXTS = (
    "blue",
    "green",
    "gr*",
    "*",
    "?lue",
    "BLUE",
    "us-east-1",
    "us-*",
    "abc",
    "a${*}c",
    "a*c",
    "",
    "a?c",
    "a**bc",
    "gr*e",
    "b*n",
)
VARIABLES = ("${aws:PrincipalTag/team}", "${aws:RequestedRegion}", "${aws:username, 'nobody'}", "x${aws:userid}")
ALWAYS_SET = ("aws:PrincipalArn", "aws:PrincipalType", "aws:username", "aws:PrincipalIsAWSService", "aws:userid")
INCOMPLETE = ("arn:aws:sqs", "arn:aws:s3", "arn:aws", "arn:aws:lambda:us-east-1", f"arn:aws:dynamodb:us-east-1:{HOME}")


class Requests:
    """Random cases, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._pick = self._random.choice

    def _chance(self, part: float) -> bool:
        return self._random.random() < part

    def _some(self, values: Any, most: int = 3) -> Any:
        """One value, or a list of some."""
        if self._chance(0.5):
            return self._pick(values)
        return [self._pick(values) for _ in range(self._random.randint(1, most))]

    def case(self) -> dict[str, Any]:
        service = self._pick(tuple(WORLD))
        actions, resources = WORLD[service]
        resource, account = self._pick(resources)
        case: dict[str, Any] = {"principal": self._pick(CALLERS), "action": self._pick(actions), "resource": resource}
        if account is not None:
            case["resourceAccount"] = account
        self._service, self._action, self._resource = service, case["action"], resource
        self._principal = case["principal"]
        case["contextVariables"] = self._context()
        case["identityPolicies"] = [self._document() for _ in range(self._pick((0, 1, 1, 2)))]
        if self._chance(0.6) or service in ("kms", "sts"):
            case["resourcePolicy"] = self._document("resource")
        if self._chance(0.25):
            case["boundaryPolicies"] = [self._document(likely=True)]
        if self._chance(0.25) or (self._principal == FEDERATED and self._chance(0.6)):
            documents = [self._document(likely=True) for _ in range(self._pick((1, 1, 2)))]
            case["sessionPolicy"] = documents if len(documents) > 1 else documents[0]
        if self._chance(0.3):
            case["scps"] = [[self._document(likely=True)] for _ in range(self._pick((1, 2)))]
        if self._chance(0.3):
            case["rcps"] = [[self._document("rcp")] for _ in range(self._pick((1, 2)))]
        if self._chance(0.2):
            case["vpcEndpointPolicies"] = [self._document("vpcEndpoint", likely=True)]
            if self._chance(0.5):
                case["vpcEndpointType"] = self._pick(("Gateway", "Interface"))
        return case

    def _context(self) -> dict[str, Any]:
        context: dict[str, Any] = {}
        for key, values in VALUES.items():
            if self._chance(0.35):
                context[key.upper() if self._chance(0.1) else key] = self._pick(values)
        if self._chance(0.4):
            keys = [self._pick(TAG_KEYS) for _ in range(self._random.randint(0, 3))]
            context["aws:TagKeys"] = [""] if self._chance(0.1) else keys
        if self._principal in SESSIONS and self._chance(0.5):
            context["aws:PrincipalArn"] = ROLES[SESSIONS.index(self._principal)]
        return context

    def _document(self, layer: str = "", likely: bool = False) -> dict[str, Any]:
        self._old = self._chance(0.15)
        statements = [self._statement(layer) for _ in range(self._pick((1, 1, 2)))]
        if likely and self._chance(0.5):
            everything: dict[str, Any] = {"Effect": "Allow", "Action": "*", "Resource": "*"}
            statements.append({**everything, "Principal": "*"} if layer else everything)
        if self._old:  # a document without a Version is of the older one
            version = {"Version": "2008-10-17"} if self._chance(0.6) else {}
            return {**version, "Statement": statements}
        return {"Version": "2012-10-17", "Statement": statements}

    def _statement(self, layer: str) -> dict[str, Any]:
        deny = self._chance(0.3)
        one: dict[str, Any] = {"Effect": "Deny" if deny else "Allow"}
        one["NotAction" if self._chance(0.1) else "Action"] = self._some(self._action_patterns())
        one["NotResource" if self._chance(0.12) else "Resource"] = self._some(self._resource_patterns())
        if layer == "rcp" and self._chance(0.7):
            one["Principal"] = "*"
        elif layer:
            negated = deny and layer == "resource" and self._chance(0.25)
            one["NotPrincipal" if negated else "Principal"] = self._principals(negated)
        if self._old and self._chance(0.4):
            # Of each key: equal where variables work, and equal to the variable's own text where they do not.
            key = self._pick(("aws:PrincipalTag/team", "aws:RequestedRegion", "sts:ExternalId", "aws:username"))
            operator = self._pick(("StringEquals", "StringLike", "StringNotEquals", "StringEqualsIfExists"))
            one["Condition"] = {operator: {key: self._some((f"${{{key}}}", f"${{{key}, 'blue'}}", "blue"))}}
        elif self._chance(0.55):
            one["Condition"] = self._conditions()
        return one

    def _action_patterns(self) -> tuple[str, ...]:
        action, (service, name) = self._action, self._action.split(":")
        other = self._pick(WORLD[service][0])
        return (action, action, "*", f"{service}:*", f"{service}:{name[:3]}*", action.upper(), f"{service}:?{name[1:]}",
                f"{service}:*{name[-3:]}", other, "iam:*", "*:*")  # fmt: skip

    def _resource_patterns(self) -> tuple[str, ...]:
        arn = self._resource
        head, _, name = arn.rpartition(":")
        parts = arn.split(":", 5)
        return (arn, arn, arn, "*", "*", f"{head}:*", f"{arn[:-2]}*", f"{arn[:-1]}?", f"{head}:{name.upper()}",
                f"{head.upper()}:{name}", f"arn:aws:{parts[2]}:*:*:{parts[5]}", f"arn:aws:{parts[2]}:*:{parts[5]}",
                f"arn:aws:{parts[2]}:*", f"arn:*:{parts[2]}:{parts[3]}:{parts[4]}:*",
                f"arn:aws:{parts[2]}:*{name[-2:]}",
                "arn:aws:s3:::lake/${aws:PrincipalTag/team}/*", "arn:aws:s3:::lake/raw/${aws:username}*",
                "arn:aws:s3:::*/${aws:PrincipalTag/team, 'raw'}/*", "arn:aws:s3:::lake/raw/${*}", f"{arn}*", f"{arn}?",
                f"{head.upper()}:*",
                f"{head}:zz*{name[-2:]}",
                f"{arn[:-4]}*{arn[-4:-2]}*{arn[-2:]}", f"{head}:?*{name[2:]}?*", f"{arn}/x",
                f"arn:aws:{parts[2]}", f"arn:aws:{parts[2]}:{parts[3]}", self._pick(INCOMPLETE),
                f"arn:aws:{parts[2]}:??-*-1:{parts[4]}:{parts[5]}", f"arn:aws:*:{parts[3]}:{parts[4]}:{parts[5]}",
        )  # fmt: skip

    def _principals(self, negated: bool) -> Any:
        named: tuple[tuple[str, str], ...] = (
            ("AWS", USER), ("AWS", HOME), ("AWS", ROOT), ("AWS", AWAY), ("AWS", ROLES[0]), ("AWS", ROLES[1]),
            ("AWS", f"arn:aws:iam::{HOME}:role/other/loader"),
            ("AWS", SESSIONS[0]), ("AWS", SESSIONS[1]), ("AWS", FEDERATED), ("Service", SERVICES[0]),
            ("Service", SERVICES[1]), ("Federated", PROVIDER),
        )  # fmt: skip
        if not negated and self._chance(0.25):
            return self._pick(("*", {"AWS": "*"}))
        found: dict[str, list[str]] = {}
        for _ in range(self._random.randint(1, 3)):
            kind, text = self._pick(named)
            found.setdefault(kind, []).append(text)
        own = self._principal
        if isinstance(own, str) and own.startswith("arn:") and own != PROVIDER and self._chance(0.3):
            found.setdefault("AWS", []).append(own)
        return found

    def _conditions(self) -> dict[str, Any]:
        conditions: dict[str, dict[str, Any]] = {}
        for _ in range(self._pick((1, 1, 2))):
            operator, key, wanted = self._condition()
            conditions.setdefault(operator, {})[key.lower() if self._chance(0.1) else key] = wanted
        return conditions

    def _condition(self) -> tuple[str, str, Any]:
        kind = self._random.random()
        suffix = "IfExists" if self._chance(0.2) else ""
        orders = ("Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals")
        if kind < 0.3:
            name = self._pick(("Equals", "NotEquals", "Like", "NotLike", "EqualsIgnoreCase", "NotEqualsIgnoreCase"))
            keys = ("aws:PrincipalTag/team", "aws:RequestedRegion", "sts:ExternalId", *ALWAYS_SET)
            wanted = (*TEXTS, *VARIABLES, USER, "User", "AssumedRole", "ada", "true", f"{HOME}:guest")
            return f"String{name}{suffix}", self._pick(keys), self._some(wanted)
        if kind < 0.4:
            wanted = (*VALUES["aws:MultiFactorAuthAge"], "3600.50", "9007199254740992", "1e3")
            return f"Numeric{self._pick(orders)}{suffix}", "aws:MultiFactorAuthAge", self._some(wanted)
        if kind < 0.5:
            wanted = (*VALUES["aws:CurrentTime"], "2026-03-01T00:00:00+02:00", "1781526600", "2026-06-15")
            return f"Date{self._pick(orders)}{suffix}", "aws:CurrentTime", self._some(wanted)
        if kind < 0.57:
            keys = ("aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:PrincipalIsAWSService")
            return f"Bool{suffix}", self._pick(keys), self._some(("true", "false", "TRUE"), 2)
        if kind < 0.66:
            blocks = (
                "10.0.0.0/8",
                "203.0.113.9",
                "203.0.113.0/24",
                "2001:db8::/32",
                "0.0.0.0/0",
                "::/0",
                "10.1.2.4/30",
            )
            return f"{self._pick(('Ip', 'NotIp'))}Address{suffix}", "aws:SourceIp", self._some(blocks)
        if kind < 0.76:
            name = self._pick(("Equals", "NotEquals", "Like", "NotLike"))
            arns = ("arn:aws:s3:::*", "arn:aws:s3:::lake", f"arn:aws:events:*:{HOME}:rule/*", "arn:aws:*:*:*:*ly",
                    f"arn:aws:sns:*:{AWAY}:x", "arn:aws:s3:::la?e", "arn:aws:s3:::${x:Blob}")  # fmt: skip
            return f"Arn{name}{suffix}", "aws:SourceArn", self._some(arns)
        if kind < 0.8:
            return f"BinaryEquals{suffix}", "x:Blob", self._some(VALUES["x:Blob"])
        if kind < 0.87:
            keys = (*VALUES, *ALWAYS_SET, "aws:TagKeys", "aws:PrincipalServiceName", "aws:ResourceAccount")
            return "Null", self._pick(keys), self._some(("true", "false"), 2)
        prefix = self._pick(("ForAllValues:", "ForAnyValue:"))
        name = self._pick(("Equals", "NotEquals", "Like", "NotLike", "EqualsIgnoreCase", "NotEqualsIgnoreCase"))
        wanted = (*TAG_KEYS, "t*", "TEAM", "*", "*e*", "", "${aws:PrincipalTag/team}")
        return f"{prefix}String{name}{suffix}", "aws:TagKeys", self._some(wanted)
