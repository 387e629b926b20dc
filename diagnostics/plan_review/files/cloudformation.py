"""Read CloudFormation templates, and change sets with property values.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeChangeSet.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from posixpath import normpath
from typing import Any

from diagnostics.plan_review.files.terraform import has_statements, permission_statement, placeholder
from diagnostics.plan_review.files.values import (
    TemplateValues,
    document_of,
    is_absent,
    is_unknown,
    names_of_unknown,
    unknown,
)
from diagnostics.plan_review.planned import Holder, Kind, PlanFileError, Planned, PlannedChanges
from iam.account import Account
from iam.policy.document import Document

Load = Callable[[str], "Mapping[str, Any] | None"]
"""A function that returns a nested stack's template by its path; None if it is not next to its parent's template."""

_IAM_WITHOUT_ACCESS = ("AWS::IAM::InstanceProfile", "AWS::IAM::AccessKey", "AWS::IAM::ServiceLinkedRole")


def is_template(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("Resources"), dict)


def is_change_set(value: Any) -> bool:
    return isinstance(value, dict) and "Changes" in value and "ChangeSetName" in value


def planned_by_template(
    template: Mapping[str, Any],
    account: Account,
    region: str | None,
    *,
    stack: str | None = None,
    parameters: Mapping[str, str] | None = None,
    physical: Mapping[str, str] | None = None,
    nested: Load = lambda path: None,
    within: tuple[str, ...] = (),
    seen: tuple[str, ...] = (),
) -> PlannedChanges:
    """Return the changes in the template: every resource that it declares.

    ``physical`` are the existing names of its resources, by logical ID. ``nested`` returns a nested stack's template
    for its path, or None if the template does not exist. ``within`` are the logical IDs of the parent stacks, ``seen``
    the paths of their templates.
    """
    values = TemplateValues(template, account, region, stack, parameters or {}, physical or {})
    work = _Reading(values, nested=nested, within=within, seen=seen)
    for logical, each in (template.get("Resources") or {}).items():
        if not isinstance(each, dict):
            continue
        condition = each.get("Condition")
        if isinstance(condition, str):
            holds = values.condition(condition)
            if holds is False:
                continue
            if holds is None:
                work.notes.append(
                    f"{logical} is created only if {condition} is true; the review assumes that it is true."
                )
        work.read(str(logical), deleted=False)
    if "Transform" in template:
        work.notes.append(
            "The template has a transform, and resources that the transform adds are not in the review. Review "
            "the change set."
        )
    return PlannedChanges("CloudFormation", tuple(work.planned), tuple(dict.fromkeys(work.notes)))


def planned_by_change_set(change_set: Mapping[str, Any], account: Account, region: str | None) -> PlannedChanges:
    """Return the changes in the change set, according to the properties of each resource after the change.

    Raises `PlanFileError` if the change set was described without property values.
    """
    after: dict[str, Any] = {}
    before: dict[str, Any] = {}
    physical: dict[str, str] = {}
    for change in change_set.get("Changes") or ():
        one = change.get("ResourceChange") or {}
        logical, action, type = str(one.get("LogicalResourceId")), one.get("Action"), str(one.get("ResourceType", ""))
        if not type.startswith(("AWS::", "Custom::")):
            continue
        if one.get("PhysicalResourceId"):
            physical[logical] = str(one["PhysicalResourceId"])
        context = one.get("BeforeContext") if action in ("Remove", "Dynamic") else one.get("AfterContext")
        if context is None and type in _READERS:
            raise PlanFileError(
                "The change set has no property values: "
                "describe it with aws cloudformation describe-change-set --include-property-values."
            )
        decoded = json.loads(context) if isinstance(context, str) else context or {}
        declared = {"Type": type, "Properties": decoded.get("Properties") or {}}
        (before if action == "Remove" else after)[logical] = declared
    given = {
        str(each.get("ParameterKey")): str(each.get("ParameterValue"))
        for each in change_set.get("Parameters") or ()
        if "ParameterValue" in each
    }
    stack = change_set.get("StackName")
    template = {"Resources": {**before, **after}}
    values = TemplateValues(template, account, region, str(stack) if stack else None, given, physical)
    work = _Reading(values)
    for logical in before:
        work.read(logical, deleted=True)
    for logical in after:
        work.read(logical, deleted=False)
    if change_set.get("NextToken"):
        work.notes.append("The change set has more pages, and the changes on these pages are not in the review.")
    return PlannedChanges("CloudFormation", tuple(work.planned), tuple(dict.fromkeys(work.notes)))


@dataclass
class _Reading:
    values: TemplateValues
    planned: list[Planned] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    nested: Load = lambda path: None
    within: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    def read(self, logical: str, *, deleted: bool) -> None:
        type, properties = self.values.resource(logical)
        reader = _READERS.get(type)
        if reader is not None:
            self.planned += reader(self, logical, properties, deleted)
        elif type.startswith("AWS::IAM::") and type not in _IAM_WITHOUT_ACCESS:
            self.notes.append(f"{logical}: {type} is not reviewed.")
        elif type.startswith("AWS::Serverless::"):
            self.notes.append(f"{logical}: {type} creates roles that appear only in the transformed template.")
        elif type in ("AWS::CloudFormation::Stack", "AWS::CloudFormation::StackSet"):
            if deleted or type == "AWS::CloudFormation::StackSet" or not self._read_nested(logical, properties):
                self.notes.append(f"{logical} is a separate template: review that template too.")
        elif has_statements(properties):
            self.notes.append(f"{logical}: policies of {type} are not reviewed.")

    def _read_nested(self, logical: str, properties: Mapping[str, Any]) -> bool:
        """Read the template of a nested stack from a file next to this one. Return whether the file exists.

        It is an asset of the CDK, or a template that was not uploaded yet
        (https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html).
        """
        declared = (self.values.template.get("Resources") or {}).get(logical) or {}
        path = (declared.get("Metadata") or {}).get("aws:asset:path") or properties.get("TemplateURL")
        if not isinstance(path, str) or "://" in path or (path := normpath(path)) in self.seen:
            return False
        template = self.nested(path)
        if template is None:
            return False
        given = properties.get("Parameters")
        values = {key: self.values.value(each) for key, each in (given if isinstance(given, dict) else {}).items()}
        read = planned_by_template(
            template,
            self.account,
            self.values.region,
            parameters={key: each for key, each in values.items() if isinstance(each, str) and not is_unknown(each)},
            nested=self.nested,
            within=(*self.within, *((self.values.stack,) if self.values.stack else ()), logical),
            seen=(*self.seen, path),
        )
        self.planned += [replace(one, address=f"{logical}.{one.address}") for one in read.resources]
        self.notes += [f"{logical}: {note}" for note in read.notes]
        return True

    @property
    def account(self) -> Account:
        return self.values.account

    def name(self, logical: str) -> str:
        name = self.values.name(logical)
        if not is_unknown(name):
            return name
        self.notes.append(f"The name of {logical} is known only after the deployment.")
        stack = (self.values.stack,) if self.values.stack else self.within
        return placeholder(".".join((*stack, logical)))

    def text(self, value: Any, where: str) -> str:
        """Return a value as text; "" if it is unknown."""
        found = self.values.value(value)
        if isinstance(found, str) and not is_unknown(found):
            return found
        self.notes.append(f"{where} is not in the review, because it depends on {', '.join(names_of_unknown(found))}.")
        return ""

    def listed(self, value: Any) -> list[Any]:
        """Return the items of a list.

        The items of a literal list are returned as written. If a function returns the list, its items are returned, or
        one unknown item.
        """
        if value is None or isinstance(value, list):
            written = value or []
        else:
            found = self.values.value(value)
            written = found if isinstance(found, list) else [found]
        chosen = [self.values.value(each) if isinstance(each, dict) and "Fn::If" in each else each for each in written]
        return [each for each in chosen if not is_absent(each)]

    def document(self, value: Any, where: str) -> Document:
        document, notes = document_of(self.values.value(value), where)
        self.notes += notes
        return document

    def holder(self, value: Any, kind: Kind, where: str) -> Holder | None:
        """Return a role, user or group, given by its name or as one that the template creates."""
        logical = value.get("Ref") if isinstance(value, dict) else None
        if isinstance(logical, str) and self.values.resource(logical)[0]:
            return Holder(kind, self.name(logical))
        name = self.text(value, where)
        return Holder(kind, name) if name else None

    def holders(self, properties: Mapping[str, Any], where: str) -> tuple[Holder, ...]:
        kinds = (("Roles", Kind.ROLE), ("Users", Kind.USER), ("Groups", Kind.GROUP))
        found = [
            self.holder(each, kind, f"{where}.{key}")
            for key, kind in kinds
            for each in self.listed(properties.get(key))
        ]
        return tuple(each for each in found if each is not None)

    def policy_arn(self, value: Any, where: str) -> str:
        """Return a policy's ARN, even if the template creates the policy with a name that is not known yet."""
        logical = value.get("Ref") if isinstance(value, dict) else None
        if isinstance(logical, str) and self.values.resource(logical)[0] == "AWS::IAM::ManagedPolicy":
            return self.own_policy_arn(logical)
        return self.text(value, where)

    def own_policy_arn(self, logical: str) -> str:
        path = self.values.value(self.values.resource(logical)[1].get("Path", "/"))
        return f"arn:{self.account.partition}:iam::{self.account.id}:policy{path}{self.name(logical)}"


def _tags(value: Any) -> dict[str, str]:
    listed = value if isinstance(value, list) else []
    return {str(each["Key"]): str(each.get("Value", "")) for each in listed if isinstance(each, dict) and "Key" in each}


Read = Callable[[_Reading, str, Mapping[str, Any], bool], Iterator[Planned]]


def _entity(kind: Kind) -> Read:
    def read(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
        trust = given.get("AssumeRolePolicyDocument")
        inline = {}
        for number, each in enumerate(work.listed(given.get("Policies"))):
            where = f"{logical}.Policies.{number}"
            declared = each if isinstance(each, dict) and "PolicyDocument" in each else {}
            name = work.values.value(declared.get("PolicyName"))
            name = name if isinstance(name, str) and not is_unknown(name) else placeholder(f"policy {number + 1}")
            inline[name] = work.document(declared.get("PolicyDocument", unknown(where)), where)
        where = f"{logical}.ManagedPolicyArns"
        # An unknown value names no policy, so the role's policies count as unread.
        arns = [work.policy_arn(each, where) or where for each in work.listed(given.get("ManagedPolicyArns"))]
        tags = work.values.value(given.get("Tags") or [])
        boundary = given.get("PermissionsBoundary")
        bounded = "" if boundary is None else work.policy_arn(boundary, f"{logical}.PermissionsBoundary")
        if boundary is not None and not bounded:
            bounded = f"{logical}.PermissionsBoundary"  # names no policy, so that the boundary counts as unread
        yield Planned(
            logical,
            kind,
            work.name(logical),
            deleted,
            str(work.values.value(given.get("Path", "/"))),
            work.document(trust, f"{logical}.AssumeRolePolicyDocument") if trust is not None else None,
            bounded,
            inline=inline,
            attached=tuple(arns),
            tags=_tags(tags),
            groups=tuple(
                found.name
                for each in work.listed(given.get("Groups"))
                if (found := work.holder(each, Kind.GROUP, f"{logical}.Groups")) is not None
            ),
        )

    return read


def _managed(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
    yield Planned(
        logical,
        Kind.POLICY,
        work.name(logical),
        deleted,
        str(work.values.value(given.get("Path", "/"))),
        work.document(given.get("PolicyDocument"), f"{logical}.PolicyDocument"),
        holders=work.holders(given, logical),
        arn=work.own_policy_arn(logical),
    )


def _inline(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
    """Yield the inline policies of AWS::IAM::Policy, RolePolicy, UserPolicy and GroupPolicy."""
    holders = list(work.holders(given, logical))
    for key, kind in (("RoleName", Kind.ROLE), ("UserName", Kind.USER), ("GroupName", Kind.GROUP)):
        if key in given and (found := work.holder(given[key], kind, f"{logical}.{key}")) is not None:
            holders.append(found)
    name = work.values.value(given.get("PolicyName"))
    name = name if isinstance(name, str) and not is_unknown(name) else placeholder(logical)
    if holders:
        document = None
        if "PolicyDocument" in given:
            document = work.document(given["PolicyDocument"], f"{logical}.PolicyDocument")
        yield Planned(logical, Kind.INLINE, name, deleted, document=document, holders=tuple(holders))


def _membership(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
    group = work.holder(given.get("GroupName"), Kind.GROUP, f"{logical}.GroupName")
    for each in work.listed(given.get("Users")):
        user = work.holder(each, Kind.USER, f"{logical}.Users")
        if user is not None and group is not None:
            yield Planned(logical, Kind.MEMBERSHIP, user.name, deleted, groups=(group.name,))


def _provider(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
    url = work.text(given.get("Url"), f"{logical}.Url").removeprefix("https://")
    if url:
        audiences = tuple(map(str, work.values.value(given.get("ClientIdList") or [])))
        yield Planned(logical, Kind.PROVIDER, url, deleted, audiences=audiences)


def _resource_policy(keys: tuple[str, ...], document_key: str) -> Read:
    """Return a function that reads a resource policy.

    ``keys`` are the properties that name the resources; none if the policy is part of the resource.
    """

    def read(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
        if document_key not in given:
            return
        document = work.document(given[document_key], f"{logical}.{document_key}")
        targets = [given.get(key) for key in keys]
        targets = targets[0] if keys and isinstance(targets[0], list) else targets
        arns = [_arn_of(work, each, keys == ("Bucket",)) for each in targets] if keys else [work.values.arn(logical)]
        for arn in arns:
            name = arn if arn and not is_unknown(arn) else placeholder(logical)
            yield Planned(logical, Kind.RESOURCE_POLICY, logical, deleted, document=document, arn=name)

    return read


def _arn_of(work: _Reading, value: Any, bucket: bool) -> str:
    """Return a resource's ARN; "" if it is unknown.

    The resource is given by its ARN, a queue's URL, a bucket's name (``bucket``), or as one that the template creates.
    """
    logical = value.get("Ref") if isinstance(value, dict) else None
    if isinstance(logical, str) and work.values.resource(logical)[0]:
        return work.values.arn(logical)
    found = work.values.value(value)
    if not isinstance(found, str) or is_unknown(found):
        return ""
    if found.startswith("arn:"):
        return found
    parts = found.removeprefix("https://").split("/")
    if found.startswith("https://sqs.") and len(parts) == 3:
        return f"arn:{work.account.partition}:sqs:{parts[0].split('.')[1]}:{parts[1]}:{parts[2]}"
    return f"arn:{work.account.partition}:s3:::{found}" if bucket else ""


def _function(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
    role = work.values.value(given.get("Role"))
    made = given.get("Role")
    target = made.get("Fn::GetAtt") if isinstance(made, dict) else None
    parts = target.split(".") if isinstance(target, str) else target or []
    if len(parts) == 2 and work.values.resource(str(parts[0]))[0] == "AWS::IAM::Role":
        path = work.values.value(work.values.resource(str(parts[0]))[1].get("Path", "/"))
        role = f"arn:{work.account.partition}:iam::{work.account.id}:role{path}{work.name(str(parts[0]))}"
    if isinstance(role, str) and not is_unknown(role):
        yield Planned(logical, Kind.FUNCTION, work.name(logical), deleted, arn=role)


def _permission(work: _Reading, logical: str, given: Mapping[str, Any], deleted: bool) -> Iterator[Planned]:
    principal = work.values.value(given.get("Principal"))
    if not isinstance(principal, str) or is_unknown(principal):
        work.notes.append(f"{logical}.Principal is not in the review, because it is known only after the deployment.")
        return
    function = given.get("FunctionName")
    name = work.values.value(function)
    target = function.get("Ref") if isinstance(function, dict) else None
    if isinstance(target, str) and work.values.resource(target)[0]:
        name = work.values.arn(target)
    region = work.values.region or "*"
    if isinstance(name, str) and not name.startswith("arn:") and not is_unknown(name):
        name = f"arn:{work.account.partition}:lambda:{region}:{work.account.id}:function:{name}"
    arn = name if isinstance(name, str) and not is_unknown(name) else placeholder(logical)
    source = work.values.value(given.get("SourceArn"))
    source_account = work.values.value(given.get("SourceAccount"))
    statement = permission_statement(
        principal,
        str(work.values.value(given.get("Action") or "lambda:InvokeFunction")),
        arn if arn.startswith("arn:") else "*",
        source,
        source_account,
        work.values.value(given.get("PrincipalOrgID")),
    )
    yield Planned(logical, Kind.PERMISSION, logical, deleted, arn=arn, statement=statement)


_READERS: Mapping[str, Read] = {
    "AWS::IAM::Role": _entity(Kind.ROLE),
    "AWS::IAM::User": _entity(Kind.USER),
    "AWS::IAM::Group": _entity(Kind.GROUP),
    "AWS::IAM::ManagedPolicy": _managed,
    "AWS::IAM::Policy": _inline,
    "AWS::IAM::RolePolicy": _inline,
    "AWS::IAM::UserPolicy": _inline,
    "AWS::IAM::GroupPolicy": _inline,
    "AWS::IAM::UserToGroupAddition": _membership,
    "AWS::IAM::OIDCProvider": _provider,
    "AWS::S3::BucketPolicy": _resource_policy(("Bucket",), "PolicyDocument"),
    "AWS::SQS::QueuePolicy": _resource_policy(("Queues",), "PolicyDocument"),
    "AWS::SNS::TopicPolicy": _resource_policy(("Topics",), "PolicyDocument"),
    "AWS::KMS::Key": _resource_policy((), "KeyPolicy"),
    "AWS::SecretsManager::ResourcePolicy": _resource_policy(("SecretId",), "ResourcePolicy"),
    "AWS::ECR::Repository": _resource_policy((), "RepositoryPolicyText"),
    "AWS::Lambda::Permission": _permission,
    "AWS::Lambda::Function": _function,
}
