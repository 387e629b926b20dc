"""The demo account's organization, with its policies at every level: root, Workloads, Prod, account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from iam.demo.account.facts import MANAGEMENT, ORGANIZATION
from iam.sources.json_values import ANYTHING, FLAG, TEXT, TEXTS, JsonObject
from iam.sources.json_values import JsonRow as Row

SCP, RCP = "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"


@dataclass(frozen=True, slots=True)
class DemoTarget:
    """A target of organization policies.

    ``kind`` is ROOT, ORGANIZATIONAL_UNIT or ACCOUNT; ``parent`` is "" for the root.
    """

    id: str
    kind: str
    name: str
    parent: str

    @property
    def arn(self) -> str:
        kind = {"ROOT": "root", "ORGANIZATIONAL_UNIT": "ou", "ACCOUNT": "account"}[self.kind]
        return f"arn:aws:organizations::{MANAGEMENT}:{kind}/{ORGANIZATION}/{self.id}"


@dataclass(frozen=True, slots=True)
class DemoOrganizationPolicy:
    """An SCP or RCP, with the IDs of the targets that it is attached to."""

    id: str
    name: str
    kind: str
    document: dict[str, Any]
    targets: tuple[str, ...]
    aws_managed: bool = False
    description: str = ""

    @property
    def arn(self) -> str:
        owner = "aws" if self.aws_managed else MANAGEMENT
        place = "" if self.aws_managed else f"{ORGANIZATION}/"
        return f"arn:aws:organizations::{owner}:policy/{place}{self.kind.lower()}/{self.id}"


DEMO_TARGET = JsonObject(
    DemoTarget,
    Row("Id", "id", TEXT, required=True),
    Row("Type", "kind", TEXT, required=True),
    Row("Name", "name", TEXT, required=True),
    Row("Parent", "parent", TEXT, required=True),
)
DEMO_ORGANIZATION_POLICY = JsonObject(
    DemoOrganizationPolicy,
    Row("Id", "id", TEXT, required=True),
    Row("Name", "name", TEXT, required=True),
    Row("Type", "kind", TEXT, required=True),
    Row("Description", "description", TEXT),
    Row("AwsManaged", "aws_managed", FLAG),
    Row("Targets", "targets", TEXTS, required=True),
    Row("Document", "document", ANYTHING, required=True),
)
