"""The resources that a recorded call was authorized on, as far as its record contains them.

CloudTrail lists the resources of some events. For the others, the parameters name them, and the ARN formats in the
Service Authorization Reference turn these names into ARNs. Nothing is guessed: if the record does not name a resource
that the call needs, no resource is returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from iam.account import Account
from iam.arn import Arn, name_of
from iam.lazy_pattern import regex
from iam.policy.match import has_wildcard
from iam.service_reference import VARIABLE, Action, ResourceType

_ARN = regex(r"arn:[a-z-]+:[a-z0-9-]+:[^:\s]*:[^:\s]*:\S{1,1500}")
_QUEUE = regex(r"https://sqs\.(?P<region>[a-z0-9-]+)\.amazonaws\.com(?:\.cn)?/(?P<account>\d{12})/(?P<name>[^/\s]+)")
_MOST_VALUES = 2000
_HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"

# Variables of ARN formats whose parameter has a different name from the format's.
_PARAMETERS = {
    "objectname": ("key",),
    "keyid": ("keyid", "targetkeyid"),
    "secretid": ("secretid",),
    "clustername": ("cluster", "clustername", "name"),
    "servicename": ("service", "servicename"),
    "taskdefinitionfamilyname": ("taskdefinition",),
    "parameternamewithoutleadingslash": ("name", "names"),
    "instanceid": ("instanceid",),
    "volumeid": ("volumeid",),
    "queuename": ("queueurl", "queuename"),
    "streamname": ("streamname", "deliverystreamname"),
    "repositoryname": ("repositoryname",),
    "documentname": ("documentname", "name"),
    "layername": ("layername",),
    "dbinstancename": ("dbinstanceidentifier",),
    "dbclusterinstancename": ("dbclusteridentifier",),
    "statemachinename": ("statemachinearn",),
    "loggroupname": ("loggroupname", "loggroupidentifier"),
}
_FIXED = ("partition", "region", "account")


def resources_of(action: Action, record: Mapping[str, Any], account: Account) -> tuple[str, ...]:
    """Return the ARNs of the call's resources; ``*`` for an action that cannot be limited to resources.

    Empty if the record lacks a resource that the action requires.
    """
    if not action.resource_types:
        return ("*",)
    record_names = _RecordNames(record, account)
    found: dict[str, None] = {}
    seen: set[str] = set()
    for kind in action.resource_types:
        for arn in record_names.of_type(kind):
            found[_as_authorized(arn, action)] = None
            seen.add(kind.name)
    whole = bool(seen) and action.required <= seen
    return tuple(found) if whole else ()


def _as_authorized(arn: str, action: Action) -> str:
    """Return the ARN in the form in which AWS authorizes the action.

    A log group's ARN ends in ``:*`` (CloudWatch Logs User Guide, "CloudWatch Logs resources and operations": all
    actions except tagging need it); a secret's ends in six characters that Secrets Manager adds.
    """
    parts = Arn.parse(arn)
    if parts is None:
        return arn
    group = parts.service == "logs" and parts.resource.startswith("log-group:") and ":log-stream" not in arn
    if group and action.name not in ("logs:TagResource", "logs:UntagResource", "logs:ListTagsForResource"):
        return f"{arn.removesuffix(':*')}:log-stream:"
    if parts.service == "secretsmanager" and not re.search(r"-(?:[A-Za-z0-9]{6}|\?{6})$", arn):
        return f"{arn}-??????"
    return arn


class _RecordNames:
    """The resources named in one record: ARNs, and parameters by their names in lower case."""

    def __init__(self, record: Mapping[str, Any], account: Account) -> None:
        self._account = account
        self._region = str(record.get("awsRegion") or "")
        self._owner = str(record.get("recipientAccountId") or account.id)
        self._parameters: dict[str, list[str]] = {}
        self._arns: dict[str, None] = {}
        listed = record.get("resources")
        for part in listed if isinstance(listed, list) else ():
            arn = part.get("ARN") or part.get("arn") if isinstance(part, dict) else None
            if isinstance(arn, str) and _usable(arn):
                self._arns[arn] = None
        for name, value in _values(record.get("requestParameters")):
            self._parameters.setdefault(name, []).append(value)
            if _ARN.fullmatch(value):
                self._arns[value] = None
            elif name == "queueurl" and (url := _QUEUE.fullmatch(value)):
                self._arns[f"arn:{account.partition}:sqs:{url['region']}:{url['account']}:{url['name']}"] = None

    def of_type(self, kind: ResourceType) -> tuple[str, ...]:
        found = tuple(arn for arn in self._arns if kind.fits(arn))
        if kind.arn.split(":", 3)[2] == "iam":
            return found or tuple(self._entities(kind))
        return found or tuple(self._filled(kind))

    def _filled(self, kind: ResourceType) -> Iterator[str]:
        """Yield ARNs of this resource type, with the names from the parameters filled in.

        Several values for one variable mean several resources. If the ARN has two variables, each must have a value.
        """
        variables = _variables(kind.arn)
        values = {variable: self._named(variable, kind, len(variables)) for variable in variables}
        if not all(values.values()) or sum(len(each) > 1 for each in values.values()) > 1:
            return
        shape = kind.filled(self._account.partition, self._region, self._owner)
        many = max((len(each) for each in values.values()), default=1)
        for index in range(many):
            given = {name: each[index] if len(each) > 1 else each[0] for name, each in values.items()}
            arn = shape
            for variable in VARIABLE.findall(shape):
                arn = arn.replace(variable, given.get(variable.strip("${}").lower(), ""))
            if kind.fits(arn):
                yield arn

    def _named(self, variable: str, kind: ResourceType, of: int) -> list[str]:
        """Return the values in the record for one variable of an ARN format.

        ``of`` is the number of variables in the format. A parameter called ``name`` is the value of the only variable,
        or of the last one.
        """
        names = _PARAMETERS.get(variable, (variable,))
        last = _variables(kind.arn)[-1:] == (variable,)
        if variable not in _PARAMETERS and last:
            names = (*names, f"{kind.name.lower().replace('-', '')}name", f"{kind.name.lower()}identifier", "name")
        for name in names:
            values = self._parameters.get(name)
            if values:
                return [made for each in values if (made := _as_name(variable, each, self._region))]
        return []

    def _entities(self, kind: ResourceType) -> Iterator[str]:
        """Yield the ARNs of IAM's own entities. They contain a path, which only the account's data has."""
        account, named = self._account, self._parameters
        name = next(iter(named.get(f"{kind.name.lower().replace('-', '')}name", ())), "")
        entity: Any = None
        match kind.name:
            case "role":
                entity = account.role(name)
            case "user":
                entity = account.user(name)
            case "group":
                entity = account.group(name)
            case "policy":
                entity = account.policy_ignoring_case(name)
            case "instance-profile":
                entity = account.instance_profile_ignoring_case(name)
        if entity is not None:
            yield entity.arn


@lru_cache(maxsize=4096)
def _variables(template: str) -> tuple[str, ...]:
    names = (match.strip("${}").lower() for match in VARIABLE.findall(template))
    return tuple(name for name in names if name not in _FIXED)


def _as_name(variable: str, value: str, region: str) -> str:
    """Return a parameter's value in the form that an ARN has, or "" if it cannot be part of one."""
    if variable == "queuename":
        return value.rpartition("/")[2]
    if variable == "parameternamewithoutleadingslash":
        return value.removeprefix("/")
    if variable == "secretid":
        return f"{value}-??????"  # Secrets Manager adds six characters to the name
    if variable == "keyid" and value.startswith("alias/"):
        return ""
    if variable == "objectname":
        return value
    if Arn.parse(value) is not None:
        return name_of(value)
    if variable == "taskdefinitionfamilyname":
        return value.partition(":")[0]
    return value


def _values(parameters: object) -> Iterator[tuple[str, str]]:
    """Yield the strings in a call's parameters, at any depth of nesting, each with its name in lower case."""
    pending: list[tuple[str, object]] = [("", parameters)]
    left = _MOST_VALUES
    while pending and left:
        name, value = pending.pop()
        left -= 1
        if isinstance(value, dict):
            pending.extend((str(key).lower(), inner) for key, inner in reversed(value.items()))
        elif isinstance(value, list):
            pending.extend((name, inner) for inner in reversed(value))
        elif isinstance(value, str) and _usable(value):
            yield name, value


def _usable(value: str) -> bool:
    return bool(value) and len(value) <= 2048 and _HIDDEN not in value and "${" not in value and not has_wildcard(value)


def passed_roles(parameters: object) -> tuple[str, ...]:
    """Return the roles that a call passes to a service: ARNs under ``role``, ``roleArn``, ``executionRoleArn``."""
    found = {
        value: None
        for name, value in _values(parameters)
        if "role" in name and (arn := Arn.parse_entity(value, "role")) is not None and arn.account_id
    }
    return tuple(found)
