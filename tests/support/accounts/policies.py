"""Short ways to write requests and policies in tests."""

from __future__ import annotations

from typing import Any

from iam.policy.document import Document
from iam.policy.request import NamedPolicy, Policies, Request

ACCOUNT = "111122223333"
OTHER = "444455556666"
USER = f"arn:aws:iam::{ACCOUNT}:user/ops/jo"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app/worker"
SESSION = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/sess-1"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"
FEDERATED = f"arn:aws:sts::{ACCOUNT}:federated-user/bob"
OIDC = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
OBJECT = "arn:aws:s3:::logs/app/x.gz"
TARGET = f"arn:aws:iam::{ACCOUNT}:role/target"
KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234abcd"

Values = dict[str, Any]
Context = dict[str, str | list[str]]


def statement(effect: str = "Allow", **elements: Any) -> Values:
    """A statement that covers everything, but for the elements given. None leaves an element out."""
    found: Values = {"Effect": effect, "Action": "*", "Resource": "*"}
    if "NotAction" in elements:
        del found["Action"]
    if "NotResource" in elements:
        del found["Resource"]
    found.update(elements)
    return {key: value for key, value in found.items() if value is not None}


def policy(*statements: Values, version: str = "2012-10-17") -> NamedPolicy:
    return NamedPolicy(Document.from_value({"Version": version, "Statement": list(statements)}))


ALLOW_ALL = policy(statement())
DENY_ALL = policy(statement("Deny"))
ALLOW_OTHER = policy(statement(Action="other:*"))


def granting(**principal: Any) -> NamedPolicy:
    """A resource policy that allows everything to a principal."""
    return policy(statement(Principal=principal))


EVERYONE = policy(statement(Principal="*"))
DENY_EVERYONE = policy(statement("Deny", Principal="*"))


def request(
    principal: str | None = USER,
    action: str = "s3:GetObject",
    resource: str = OBJECT,
    account: str | None = ACCOUNT,
    context: Context | None = None,
) -> Request:
    values = {key: (value,) if isinstance(value, str) else tuple(value) for key, value in (context or {}).items()}
    return Request(principal, action, resource, account, values)


def identity(*policies: NamedPolicy, **layers: Any) -> Policies:
    return Policies(identity=policies, **layers)
