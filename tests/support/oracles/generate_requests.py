"""Random requests with policies, as input lines of ``rolescope evaluate``, for comparing engines.

    python -m tests.support.oracles.generate_requests COUNT [SEED] > requests.jsonl

The values are few and near each other, so that matches, near matches and conflicts between layers are frequent.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any

HOME, AWAY = "111122223333", "444455556666"
USER = f"arn:aws:iam::{HOME}:user/team/ada"
ROLES = [
    f"arn:aws:iam::{HOME}:role/loader",
    f"arn:aws:iam::{HOME}:role/ops/loader2",
    f"arn:aws:iam::{HOME}:role/report",
]
SESSIONS = [f"arn:aws:sts::{HOME}:assumed-role/{name}/run" for name in ("loader", "loader2", "report")]
FEDERATED = f"arn:aws:sts::{HOME}:federated-user/guest"
SERVICES = ["lambda.amazonaws.com", "events.amazonaws.com"]
PROVIDER = f"arn:aws:iam::{HOME}:oidc-provider/id.example.com"

# service → actions and resources (an ARN, and the account when the ARN has none)
WORLD: dict[str, tuple[list[str], list[tuple[str, str | None]]]] = {
    "s3": (
        ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging"],
        [
            ("arn:aws:s3:::lake/raw/2026/a.csv", HOME),
            ("arn:aws:s3:::lake/raw/b c.txt", AWAY),
            ("arn:aws:s3:::drop/x", HOME),
            ("arn:aws:s3:::lake/raw/*", HOME),
        ],
    ),
    "sqs": (
        ["sqs:SendMessage", "sqs:ReceiveMessage"],
        [(f"arn:aws:sqs:us-east-1:{HOME}:orders", None), (f"arn:aws:sqs:eu-west-1:{AWAY}:orders", None)],
    ),
    "lambda": (
        ["lambda:InvokeFunction", "lambda:GetFunction"],
        [
            (f"arn:aws:lambda:us-east-1:{HOME}:function:bill", None),
            (f"arn:aws:lambda:us-east-1:{AWAY}:function:bill:7", None),
        ],
    ),
    "dynamodb": (
        ["dynamodb:GetItem", "dynamodb:Query"],
        [
            (f"arn:aws:dynamodb:us-east-1:{HOME}:table/Carts", None),
            (f"arn:aws:dynamodb:us-east-1:{HOME}:table/Carts/index/by-day", None),
        ],
    ),
    "kms": (["kms:Decrypt", "kms:GenerateDataKey"], [(f"arn:aws:kms:us-east-1:{HOME}:key/0000-11", None)]),
    "sts": (
        ["sts:AssumeRole", "sts:TagSession"],
        [(f"arn:aws:iam::{HOME}:role/target", None), (f"arn:aws:iam::{AWAY}:role/target", None)],
    ),
}

STRINGS = {
    "aws:PrincipalTag/team": ["blue", "green", "Blue"],
    "aws:ResourceTag/team": ["blue", "green"],
    "aws:RequestedRegion": ["us-east-1", "eu-west-1"],
    "sts:ExternalId": ["abc", "xyz"],
}
NUMBERS = {"aws:MultiFactorAuthAge": ["30", "900", "3600.5"]}
DATES = {"aws:CurrentTime": ["2026-01-01T00:00:00Z", "2026-06-15T12:30:00Z", "2026-06-15"]}
BOOLEANS = {"aws:SecureTransport": ["true", "false"], "aws:MultiFactorAuthPresent": ["true", "false"]}
ADDRESSES = {"aws:SourceIp": ["10.1.2.3", "203.0.113.9", "2001:db8::5"]}
ARNS = {"aws:SourceArn": ["arn:aws:s3:::lake", f"arn:aws:events:us-east-1:{HOME}:rule/nightly"]}
SETS = {"aws:TagKeys": ["team", "env", "owner"]}
SINGLE = {**STRINGS, **NUMBERS, **DATES, **BOOLEANS, **ADDRESSES, **ARNS}

WANTED_STRINGS = ["blue", "green", "gr*", "*", "?lue", "us-east-1", "US-EAST-1", "us-*", "abc", ""]
VARIABLES = [
    "${aws:PrincipalTag/team}",
    "${aws:ResourceTag/team, 'blue'}",
    "${aws:PrincipalTag/team}*",
    "x${aws:RequestedRegion}",
]
WANTED_ARNS = [
    "arn:aws:s3:::*",
    "arn:aws:s3:::lake",
    "arn:aws:events:*:*:rule/*",
    f"arn:aws:events:us-east-1:{HOME}:rule/?ightly",
]
BLOCKS = ["10.0.0.0/8", "203.0.113.9", "203.0.113.0/24", "2001:db8::/32", "0.0.0.0/0", "::/0"]


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def pick(self, values: list[Any]) -> Any:
        return self.random.choice(values)

    def some(self, make: Any, most: int = 3) -> Any:
        """One value, or a list of a few."""
        if self.chance(0.5):
            return make()
        return [make() for _ in range(self.random.randint(1, most))]

    def case(self, number: int) -> dict[str, Any]:
        service = self.pick(list(WORLD))
        actions, resources = WORLD[service]
        resource, account = self.pick(resources)
        self.service, self.action, self.resource = service, self.pick(actions), resource
        found: dict[str, Any] = {
            "id": number,
            "principal": self.principal(AWAY in resource or account == AWAY),
            "action": self.action,
            "resource": resource,
            "identityPolicies": [],
            "contextVariables": self.context(),
        }
        if account:
            found["resourceAccount"] = account
        if self.chance(0.6) or service in ("kms", "sts"):
            found["resourcePolicy"] = self.document(principals=True)
        own = found["principal"] not in (*SERVICES, PROVIDER, {"type": "Anonymous"})
        if own:
            found["identityPolicies"] = [self.document() for _ in range(self.random.randint(0, 2))]
        if own and self.chance(0.25):
            found["boundaryPolicies"] = [self.document() for _ in range(self.random.randint(1, 2))]
        if own and self.chance(0.15) and found["principal"] != USER:
            found["sessionPolicy"] = self.document()
        if own and self.chance(0.3):
            found["scps"] = [self.level() for _ in range(self.random.randint(1, 3))]
        if self.chance(0.2):
            found["rcps"] = [[self.deny_everyone()] for _ in range(self.random.randint(1, 2))]
        if self.chance(0.15):
            found["vpcEndpointPolicies"] = [self.document(principals=True)]
        return found

    def principal(self, foreign: bool) -> Any:
        kind = self.random.random()
        if kind < 0.35:
            return USER
        if kind < 0.65:
            return self.pick(SESSIONS)
        if kind < 0.85:
            return self.pick(ROLES)
        if kind < 0.9:
            return FEDERATED
        # A provider's token only ever meets the trust policies of the provider's own account.
        return self.pick([*SERVICES, {"type": "Anonymous"}] + ([] if foreign else [PROVIDER]))

    def context(self) -> dict[str, Any]:
        found: dict[str, Any] = {key: self.pick(values) for key, values in SINGLE.items() if self.chance(0.5)}
        if self.chance(0.5):
            found["aws:TagKeys"] = self.random.sample(SETS["aws:TagKeys"], self.random.randint(2, 3))
        return {key.upper() if self.chance(0.1) else key: value for key, value in found.items()}

    def level(self) -> list[dict[str, Any]]:
        everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}
        return ([everything] if self.chance(0.8) else []) + [self.document() for _ in range(self.random.randint(0, 1))]

    def deny_everyone(self) -> dict[str, Any]:
        statement = {**self.statement(), "Effect": "Deny", "Principal": "*"}
        return {"Version": "2012-10-17", "Statement": [statement]}

    def document(self, principals: bool = False) -> dict[str, Any]:
        statements = [self.statement(principals) for _ in range(self.random.randint(1, 3))]
        listed = statements[0] if len(statements) == 1 and self.chance(0.5) else statements
        return {"Version": "2012-10-17", "Statement": listed}

    def statement(self, principals: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = {"Effect": "Allow" if self.chance(0.75) else "Deny"}
        if self.chance(0.5):
            found["Sid"] = f"S{self.random.randint(1, 999)}"
        found["NotAction" if self.chance(0.12) else "Action"] = self.some(self.action_pattern)
        if not (principals and self.service == "sts"):
            found["NotResource" if self.chance(0.12) else "Resource"] = self.some(self.resource_pattern)
        if principals:
            # NotPrincipal is for Deny (IAM User Guide).
            element = "NotPrincipal" if found["Effect"] == "Deny" and self.chance(0.15) else "Principal"
            found[element] = self.principal_element(element == "NotPrincipal")
        if self.chance(0.45):
            found["Condition"] = self.conditions()
        return found

    def action_pattern(self) -> str:
        kind = self.random.random()
        service, name = self.action.split(":")
        if kind < 0.35:
            return self.action
        if kind < 0.5:
            return f"{service}:{name[: self.random.randint(1, len(name))]}*"
        if kind < 0.58:
            at = self.random.randrange(len(name))
            return f"{service}:{name[:at]}?{name[at + 1 :]}"
        if kind < 0.64:
            return self.action.swapcase()
        if kind < 0.7:
            return f"{service}:*{name[self.random.randrange(len(name)) :]}"
        if kind < 0.8:
            return self.pick(["*", f"{service}:*"])
        return self.pick(WORLD[self.pick(list(WORLD))][0])

    def resource_pattern(self) -> str:
        kind = self.random.random()
        arn = self.resource
        if kind < 0.3:
            return arn
        if kind < 0.5:
            return "*"
        parts = arn.split(":", 5)
        if kind < 0.6:
            return arn[: self.random.randint(9, len(arn))] + "*"
        if kind < 0.66:
            at = self.random.randrange(arn.index(parts[5]), len(arn)) if parts[5] in arn else len(arn) - 1
            return arn[:at] + "?" + arn[at + 1 :]
        if kind < 0.72:
            return ":".join(part.upper() for part in parts[:5]) + ":" + parts[5]
        if kind < 0.76:
            return arn.swapcase()
        if kind < 0.82:
            number = self.pick([3, 4])
            return ":".join([*parts[:number], "*", *parts[number + 1 :]])
        if kind < 0.88:
            return ":".join(parts[:5]) + ":" + self.pick(["*", f"*{parts[5][-2:]}", f"{parts[5][:2]}*{parts[5][-1]}"])
        if kind < 0.92:
            return ":".join(parts[:5]) + ":" + self.pick(VARIABLES[:3])
        return self.pick(WORLD[self.pick(list(WORLD))][1])[0]

    def principal_element(self, negated: bool) -> Any:
        if not negated and self.chance(0.2):
            return self.pick(["*", {"AWS": "*"}])
        if self.chance(0.15):
            return self.pick([{"Service": self.pick(SERVICES)}, {"Federated": PROVIDER}, {"Service": SERVICES}])
        named = [USER, *ROLES, *SESSIONS, FEDERATED, HOME, f"arn:aws:iam::{HOME}:root", f"arn:aws:iam::{AWAY}:root"]
        return {"AWS": self.some(lambda: self.pick(named))}

    def conditions(self) -> dict[str, Any]:
        found: dict[str, dict[str, Any]] = {}
        for _ in range(self.random.randint(1, 2)):
            operator, key, value = self.condition()
            found.setdefault(operator, {})[key.upper() if self.chance(0.1) else key] = value
        return found

    def condition(self) -> tuple[str, str, Any]:
        suffix = "IfExists" if self.chance(0.25) else ""
        kind = self.random.random()
        if kind < 0.35:
            names = ["Equals", "NotEquals", "EqualsIgnoreCase", "NotEqualsIgnoreCase", "Like", "NotLike"]
            wanted = lambda: self.pick(VARIABLES) if self.chance(0.2) else self.pick(WANTED_STRINGS)  # noqa: E731
            return f"String{self.pick(names)}{suffix}", self.pick(list(STRINGS)), self.some(wanted)
        orders = ["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"]
        if kind < 0.47:
            return (
                f"Numeric{self.pick(orders)}{suffix}",
                "aws:MultiFactorAuthAge",
                self.some(lambda: self.pick(NUMBERS["aws:MultiFactorAuthAge"])),
            )
        if kind < 0.57:
            wanted_dates = [*DATES["aws:CurrentTime"], "2026-03-01T00:00:00+02:00"]
            return f"Date{self.pick(orders)}{suffix}", "aws:CurrentTime", self.some(lambda: self.pick(wanted_dates))
        if kind < 0.67:
            return f"Bool{suffix}", self.pick(list(BOOLEANS)), self.some(lambda: self.pick(["true", "false"]), 2)
        if kind < 0.77:
            name = self.pick(["IpAddress", "NotIpAddress"])
            return f"{name}{suffix}", "aws:SourceIp", self.some(lambda: self.pick(BLOCKS))
        if kind < 0.85:
            name = self.pick(["Equals", "NotEquals", "Like", "NotLike"])
            return f"Arn{name}{suffix}", "aws:SourceArn", self.some(lambda: self.pick(WANTED_ARNS))
        if kind < 0.9:
            return "Null", self.pick([*SINGLE, "aws:TagKeys"]), self.pick(["true", "false", ["true", "false"]])
        prefix = self.pick(["ForAllValues:", "ForAnyValue:"])
        name = self.pick(["Equals", "NotEquals", "Like", "NotLike", "EqualsIgnoreCase"])
        wanted_keys = [*SETS["aws:TagKeys"], "t*", "TEAM", "*"]
        return f"{prefix}String{name}{suffix}", "aws:TagKeys", self.some(lambda: self.pick(wanted_keys))


def main(arguments: list[str]) -> None:
    count, seed = int(arguments[0]), int(arguments[1]) if len(arguments) > 1 else 1
    generator = Generator(seed)
    for number in range(count):
        print(json.dumps(generator.case(number)))


if __name__ == "__main__":
    main(sys.argv[1:])
