"""Load the demo account from its files, which together form one snapshot.

Times are written as ages (``12 days ago``, ``in 21 days``). ``Demo`` contains data for which a snapshot has no field.
This data has the format of AWS's responses, for example to the calls that describe instances and functions. ``Comment``
is for human readers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from iam.demo.account.events import DEMO_EVENT, DemoEvent
from iam.demo.account.facts import NOW
from iam.demo.account.organization import (
    DEMO_ORGANIZATION_POLICY,
    DEMO_TARGET,
    DemoOrganizationPolicy,
    DemoTarget,
)
from iam.sources.json_values import ANYTHING, TEXT, TIME, JsonObject, by_key, list_of, objects_of
from iam.sources.json_values import JsonRow as Row
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import contents

_AGE = re.compile(r"(?P<future>in )?(?P<length>\d+ [a-z]+(?: \d+ [a-z]+)*)(?(future)| ago)")
_Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """The data of the demo account. ``contents`` is the snapshot.

    ``keys_last_used`` is keyed by access key ID, ``providers_created`` by ARN. ``foreign_buckets`` maps the buckets to
    which the demo account is denied access to the accounts that own them. The other fields are AWS's responses.
    """

    contents: Contents
    keys_last_used: Mapping[str, datetime]
    providers_created: Mapping[str, datetime]
    organization_targets: tuple[DemoTarget, ...]
    organization_policies: tuple[DemoOrganizationPolicy, ...]
    events: tuple[DemoEvent, ...]
    foreign_buckets: Mapping[str, str]
    instances: tuple[_Answer, ...]
    vpc_endpoints: tuple[_Answer, ...]
    functions: tuple[_Answer, ...]
    task_definitions: tuple[_Answer, ...]
    pod_identities: tuple[_Answer, ...]
    stack: _Answer
    stack_resources: tuple[_Answer, ...]

    def path_of(self, account: str) -> tuple[DemoTarget, ...]:
        """Return the root and the units above an account, and the account itself, root first.

        Empty for an account outside the organization.
        """
        targets = {each.id: each for each in self.organization_targets}
        path: list[DemoTarget] = []
        while (target := targets.get(path[-1].parent if path else account)) is not None:
            path.append(target)
        return tuple(reversed(path))

    def organization_policies_at(self, target: str, kind: str) -> tuple[DemoOrganizationPolicy, ...]:
        return tuple(
            policy for policy in self.organization_policies if policy.kind == kind and target in policy.targets
        )

    def policies_of(self, service: str) -> dict[str, str | None]:
        """Return the policies of a service's resources as indented text, by ARN; None for a resource without one."""
        policies = self.contents.resource_policies or {}
        return {
            arn: json.dumps(policy.value, indent=2) if policy else None
            for arn, policy in policies.items()
            if arn.split(":")[2] == service
        }


_ANSWERS = list_of(ANYTHING)
_DEMO = JsonObject(
    DemoAccount,
    Row("KeysLastUsed", "keys_last_used", by_key(TIME)),
    Row("ProvidersCreated", "providers_created", by_key(TIME)),
    Row("OrganizationTargets", "organization_targets", objects_of(DEMO_TARGET)),
    Row("OrganizationPolicies", "organization_policies", objects_of(DEMO_ORGANIZATION_POLICY)),
    Row("Events", "events", objects_of(DEMO_EVENT)),
    Row("ForeignBuckets", "foreign_buckets", by_key(TEXT)),
    Row("Instances", "instances", _ANSWERS),
    Row("VpcEndpoints", "vpc_endpoints", _ANSWERS),
    Row("Functions", "functions", _ANSWERS),
    Row("TaskDefinitions", "task_definitions", _ANSWERS),
    Row("PodIdentities", "pod_identities", _ANSWERS),
    Row("Stack", "stack", ANYTHING),
    Row("StackResources", "stack_resources", _ANSWERS),
)


def _load() -> DemoAccount:
    value: dict[str, Any] = {}
    for file in sorted(files(__package__).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".json"):
            value = _merged(value, moments(json.loads(file.read_text("utf-8"))))
    return DemoAccount(contents(value, NOW), **_DEMO.values(value["Demo"]))


def _merged(one: Any, other: Any) -> Any:
    """Merge two JSON values: objects key by key, lists by appending."""
    if isinstance(one, dict):
        return {**one, **{key: _merged(one[key], value) if key in one else value for key, value in other.items()}}
    return one + other


def moments(value: Any) -> Any:
    """Return a file's JSON in which ages (``12 days ago``) are replaced by times."""
    if isinstance(value, dict):
        return {key: moments(each) for key, each in value.items()}
    if isinstance(value, list):
        return [moments(each) for each in value]
    age = _AGE.fullmatch(value) if isinstance(value, str) else None
    if age is None:
        return value
    numbers, units = age["length"].split()[::2], age["length"].split()[1::2]
    length = timedelta(**{f"{unit.removesuffix('s')}s": int(n) for n, unit in zip(numbers, units, strict=True)})
    return NOW + length if age["future"] else NOW - length


DEMO = _load()
