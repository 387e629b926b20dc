"""Evaluate the values in a CloudFormation template.

Functions are evaluated if the template contains all that they need; what only a deployment knows stays unknown.

CloudFormation Template Reference, "Intrinsic function reference".
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diagnostics.plan_review.planned import UnknownDocument
from iam.account import Account
from iam.facts.global_services import url_suffix
from iam.lazy_pattern import regex
from iam.policy.document import Document

_MARK = regex(r"\$\{(!?)([^}]*)\}")
_DEEPEST = 60
_PREFIX = "rolescope-unknown/"
_UNKNOWN = regex(r"\$\{" + re.escape(_PREFIX) + r"([^}]*)\}")

_NAMES: Mapping[str, tuple[str, str]] = {
    "AWS::IAM::Role": ("RoleName", "arn:{partition}:iam::{account}:role{path}{name}"),
    "AWS::IAM::User": ("UserName", "arn:{partition}:iam::{account}:user{path}{name}"),
    "AWS::IAM::Group": ("GroupName", "arn:{partition}:iam::{account}:group{path}{name}"),
    "AWS::IAM::ManagedPolicy": ("ManagedPolicyName", "arn:{partition}:iam::{account}:policy{path}{name}"),
    "AWS::IAM::InstanceProfile": ("InstanceProfileName", "arn:{partition}:iam::{account}:instance-profile{path}{name}"),
    "AWS::S3::Bucket": ("BucketName", "arn:{partition}:s3:::{name}"),
    "AWS::SQS::Queue": ("QueueName", "arn:{partition}:sqs:{region}:{account}:{name}"),
    "AWS::SNS::Topic": ("TopicName", "arn:{partition}:sns:{region}:{account}:{name}"),
    "AWS::DynamoDB::Table": ("TableName", "arn:{partition}:dynamodb:{region}:{account}:table/{name}"),
    "AWS::Lambda::Function": ("FunctionName", "arn:{partition}:lambda:{region}:{account}:function:{name}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "arn:{partition}:logs:{region}:{account}:log-group:{name}:*"),
    "AWS::ECR::Repository": ("RepositoryName", "arn:{partition}:ecr:{region}:{account}:repository/{name}"),
    "AWS::StepFunctions::StateMachine": (
        "StateMachineName",
        "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
    ),
    "AWS::KMS::Key": ("", "arn:{partition}:kms:{region}:{account}:key/{name}"),
    "AWS::Kinesis::Stream": ("Name", "arn:{partition}:kinesis:{region}:{account}:stream/{name}"),
    "AWS::Events::EventBus": ("Name", "arn:{partition}:events:{region}:{account}:event-bus/{name}"),
}
"""The property that names a resource, and the form of its ARN, by resource type (Service Authorization Reference,
"Resource types")."""

_ARN_REFS = ("AWS::IAM::ManagedPolicy", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine")
"""Resource types for which Ref returns the ARN (CloudFormation Template Reference, "Return values" of each)."""


def unknown(what: str) -> str:
    """Return a marker for a value that is known only after deployment: a policy variable that no request has."""
    return "${" + _PREFIX + re.sub(r"[${}]", "", what) + "}"


def is_absent(value: Any) -> bool:
    """Return whether a value is AWS::NoValue."""
    return value is _NO_VALUE


def is_unknown(value: Any) -> bool:
    """Return whether a value contains a part that is known only after deployment."""
    if isinstance(value, str):
        return _UNKNOWN.search(value) is not None
    if isinstance(value, Mapping):
        return any(is_unknown(each) for pair in value.items() for each in pair)
    return isinstance(value, (list, tuple)) and any(is_unknown(each) for each in value)


def names_of_unknown(value: Any) -> tuple[str, ...]:
    """Return the names that the unknown parts of a value depend on."""
    return tuple(dict.fromkeys(_UNKNOWN.findall(json.dumps(value, default=str))))


@dataclass
class TemplateValues:
    """A template, with the values that are known for its deployment.

    ``parameters`` are the values given for the template's parameters. A parameter's default is not used, because a
    deployment may choose another value.
    """

    template: Mapping[str, Any]
    account: Account
    region: str | None
    stack: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    physical: Mapping[str, str] = field(default_factory=dict)

    def resource(self, logical: str) -> tuple[str, Mapping[str, Any]]:
        each = (self.template.get("Resources") or {}).get(logical)
        if not isinstance(each, dict):
            return "", {}
        properties = each.get("Properties")
        return str(each.get("Type", "")), properties if isinstance(properties, dict) else {}

    def name(self, logical: str) -> str:
        """Return a resource's name, from the template or from the existing resource; a marker if it is unknown."""
        type, properties = self.resource(logical)
        key = _NAMES.get(type, ("", ""))[0]
        if key and key in properties:
            return str(self.value(properties[key]))
        if logical in self.physical:
            return self.physical[logical].rpartition("/")[2]
        return unknown(logical)

    def arn(self, logical: str) -> str:
        type, properties = self.resource(logical)
        if type not in _NAMES:
            return unknown(f"{logical}.Arn")
        return _NAMES[type][1].format(
            partition=self.account.partition,
            account=self.account.id,
            region=self.region or unknown("AWS::Region"),
            path=self.value(properties.get("Path", "/")),
            name=self.name(logical),
        )

    def value(self, value: Any, depth: int = 0) -> Any:
        """Return the value with its functions evaluated and its unknown parts marked (`is_unknown`)."""
        if depth > _DEEPEST:
            return unknown("a value nested too deeply")
        if isinstance(value, list):
            found = [self.value(each, depth + 1) for each in value]
            return [each for each in found if each is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            function, given = next(iter(value.items()))
            if function == "Ref" and isinstance(given, str):
                return self._reference(given)
            if isinstance(function, str) and function.startswith("Fn::"):
                return self._function(function, given, depth + 1)
        worked = {str(key): self.value(each, depth + 1) for key, each in value.items()}
        return {key: each for key, each in worked.items() if each is not _NO_VALUE}

    def _reference(self, name: str) -> Any:
        pseudo = {
            "AWS::AccountId": self.account.id,
            "AWS::Partition": self.account.partition,
            "AWS::Region": self.region or unknown(name),
            "AWS::StackName": self.stack or unknown(name),
            "AWS::URLSuffix": url_suffix(self.account.partition),
            "AWS::NoValue": _NO_VALUE,
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        type, _ = self.resource(name)
        if not type:
            return unknown(name)
        return self.arn(name) if type in _ARN_REFS else self.name(name)

    def _attribute(self, given: Any) -> str:
        parts = given.split(".", 1) if isinstance(given, str) else [str(each) for each in given or ()]
        if len(parts) == 2 and parts[1] in ("Arn", "TopicArn"):
            return self.arn(parts[0])
        return unknown(".".join(parts))

    def _function(self, function: str, given: Any, depth: int) -> Any:
        match function, given:
            case "Fn::GetAtt", _:
                return self._attribute(given)
            case "Fn::Sub", _:
                return self._substituted(given, depth)
            case "Fn::Join", [str(joint), parts]:
                worked = self.value(parts, depth)
                return joint.join(map(_text, worked)) if isinstance(worked, list) else unknown("Fn::Join")
            case "Fn::Select", [index, parts]:
                worked, at = self.value(parts, depth), self.value(index, depth)
                if isinstance(worked, list) and str(at).isdigit() and int(at) < len(worked):
                    return worked[int(at)]
            case "Fn::Split", [str(joint), text]:
                worked = self.value(text, depth)
                if isinstance(worked, str) and not is_unknown(worked):
                    return worked.split(joint)
            case "Fn::If", [str(condition), yes, no]:
                holds = self.condition(condition)
                if holds is not None:
                    return self.value(yes if holds else no, depth)
                return unknown(condition)
            case "Fn::FindInMap", [mapping, top, second]:
                keys = [self.value(each, depth) for each in (mapping, top, second)]
                found: Any = self.template.get("Mappings")
                for key in keys:
                    found = found.get(key) if isinstance(found, dict) and isinstance(key, str) else None
                if found is not None:
                    return found
            case "Fn::Base64", _:
                worked = self.value(given, depth)
                if isinstance(worked, str) and not is_unknown(worked):
                    return base64.b64encode(worked.encode()).decode()
            case "Fn::ToJsonString", _:
                return json.dumps(self.value(given, depth))
        return unknown(function)

    def _substituted(self, given: Any, depth: int) -> str:
        listed = isinstance(given, list) and len(given) == 2 and isinstance(given[1], dict)
        text, own = (given[0], given[1]) if listed else (given, {})

        def of(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in own:
                return _text(self.value(own[name], depth))
            return _text(self._attribute(name) if "." in name else self._reference(name))

        return _MARK.sub(of, str(text))

    def condition(self, name: str, depth: int = 0) -> bool | None:
        """Return whether a condition of the template is true; None if that is known only after deployment."""
        given = (self.template.get("Conditions") or {}).get(name)
        return self._holds(given, depth)

    def _holds(self, given: Any, depth: int) -> bool | None:
        if depth > _DEEPEST or not isinstance(given, dict) or len(given) != 1:
            return None
        function, arguments = next(iter(given.items()))
        if function == "Condition" and isinstance(arguments, str):
            return self.condition(arguments, depth + 1)
        if function == "Fn::Equals" and isinstance(arguments, list) and len(arguments) == 2:
            one, other = (self.value(each, depth + 1) for each in arguments)
            return None if is_unknown(one) or is_unknown(other) else _text(one) == _text(other)
        if not isinstance(arguments, list):
            return None
        found = [self._holds(each, depth + 1) for each in arguments]
        if function == "Fn::Not" and len(found) == 1:
            return None if found[0] is None else not found[0]
        if function == "Fn::And":
            return False if False in found else None if None in found else True
        if function == "Fn::Or":
            return True if True in found else None if None in found else False
        return None


class _NoValue:
    """The value of Ref AWS::NoValue: a property with it counts as missing."""


_NO_VALUE = _NoValue()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, default=str)


def document_of(value: Any, where: str) -> tuple[Document, tuple[str, ...]]:
    """Return a policy document, and the names that its unknown parts depend on.

    An unknown part of a resource or of a condition's value becomes a policy variable that no request has, so that the
    evaluation says "if". If it is anywhere else (actions, principals, effects), the entire document is unknown.
    """
    if not isinstance(value, dict):
        if isinstance(value, str) and not is_unknown(value):
            return Document.from_value(value), ()
        why = f"{where} is known only after the deployment."
        return UnknownDocument(why), (why,)
    if not is_unknown(value):
        return Document.from_value(value), ()
    depends = names_of_unknown(value)
    statements = value.get("Statement")
    listed = statements if isinstance(statements, list) else [statements]
    if value.get("Version") == "2012-10-17" and all(map(_unknown_in_place, listed)):
        return Document.from_value(value), (f"{where} depends on {', '.join(depends)}.",)
    why = f"{where} depends on {', '.join(depends)}, known only after the deployment."
    return UnknownDocument(why), (why,)


def _unknown_in_place(statement: Any) -> bool:
    """Return whether the unknown parts of a statement are only where policy variables are allowed."""
    if not isinstance(statement, dict):
        return False
    for key, value in statement.items():
        if key in ("Resource", "NotResource"):
            if not all(isinstance(each, str) and (each.startswith("arn:") or each == "*") for each in _listed(value)):
                return False
            if any(is_unknown(":".join(each.split(":")[:3])) for each in _listed(value)):
                return False
        elif key == "Condition":
            if not isinstance(value, dict) or is_unknown(list(value)):
                return False
            if any(not isinstance(block, dict) or is_unknown(list(block)) for block in value.values()):
                return False
        elif is_unknown(value):
            return False
    return True


def _listed(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]
