"""Read Terraform plans, as ``terraform show -json`` prints them (Terraform docs, "JSON Output Format").

https://developer.hashicorp.com/terraform/internals/json-format
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from diagnostics.plan_review.planned import Holder, Kind, Planned, PlannedChanges, UnknownDocument
from iam.account import Account
from iam.policy.document import Document

_KNOWN_ELSEWHERE = ("aws_iam_instance_profile", "aws_iam_service_linked_role", "aws_iam_access_key")
"""IAM resource types that do not change access."""


@dataclass(frozen=True, slots=True)
class TerraformResource:
    """A resource in a Terraform plan, or in a Pulumi preview with Terraform's names.

    ``unknown`` are the arguments whose values are known only after the change; ``references`` the addresses that an
    argument refers to.
    """

    address: str
    type: str
    values: Mapping[str, Any]
    deleted: bool = False
    unknown: frozenset[str] = frozenset()
    references: Mapping[str, Sequence[str]] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)


def is_terraform_plan(value: Any) -> bool:
    return isinstance(value, dict) and "format_version" in value and "resource_changes" in value


def planned_by_terraform(plan: Mapping[str, Any], account: Account) -> PlannedChanges:
    """Return the changes in the plan's ``resource_changes``, without data sources and unchanged resources."""
    references = dict(_references((plan.get("configuration") or {}).get("root_module"), ""))
    found = []
    for each in plan.get("resource_changes") or ():
        change = each.get("change") or {}
        actions = change.get("actions") or []
        if each.get("mode", "managed") != "managed" or actions in ([], ["no-op"], ["read"]):
            continue
        after, before = change.get("after"), change.get("before") or {}
        address = str(each.get("address", ""))
        unknown = change.get("after_unknown") or {}
        type = str(each.get("type", ""))
        if before and isinstance(after, dict) and _goes_first(type, before, after):
            found.append(TerraformResource(address, type, before, deleted=True))
        found.append(
            TerraformResource(
                address,
                type,
                after if isinstance(after, dict) else before,
                deleted=after is None,
                unknown=frozenset(key for key, value in unknown.items() if _holds_true(value)),
                references=references.get(_plain(address), {}),
                before=before,
            )
        )
    everything = dict(_every_resource((plan.get("planned_values") or {}).get("root_module")))
    return planned_by(found, account, "Terraform", everything)


def _holds_true(value: Any) -> bool:
    """Return whether an argument, or a part of it, is unknown according to its value in ``after_unknown``."""
    if isinstance(value, dict):
        return any(map(_holds_true, value.values()))
    return any(map(_holds_true, value)) if isinstance(value, list) else value is True


_CARRIERS = ("aws_s3_bucket", "aws_sqs_queue", "aws_sns_topic", "aws_kms_key", "aws_secretsmanager_secret")
"""Resource types that show a policy that another resource may set."""

_ESSENTIAL: Mapping[str, tuple[str, ...]] = {
    "aws_iam_policy_attachment": ("roles", "users", "groups"),
    "aws_iam_user_group_membership": ("groups",),
    "aws_iam_group_membership": ("users",),
    "aws_iam_openid_connect_provider": ("url",),
    "aws_lambda_permission": ("principal",),
}
"""The arguments without which a resource cannot be reviewed, by resource type."""

_ENTITIES = ("aws_iam_role", "aws_iam_user", "aws_iam_group", "aws_iam_policy", "aws_iam_openid_connect_provider")


def _goes_first(type: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Return whether the old resource is removed before the new one is created.

    An entity of IAM is removed first only if its name or its URL changes.
    """
    if type in _ENTITIES:
        return any(before.get(key) != after.get(key) for key in ("name", "url"))
    return type != "aws_iam_policy_attachment"  # which lists all entities that it is attached to


def _every_resource(module: Any) -> Iterator[tuple[str, tuple[str, Mapping[str, Any]]]]:
    """Yield the address, type and values of every resource after the change, including unchanged ones."""
    if not isinstance(module, dict):
        return
    for each in module.get("resources") or ():
        if isinstance(each.get("values"), dict):
            yield each["address"], (str(each.get("type")), each["values"])
    for child in module.get("child_modules") or ():
        yield from _every_resource(child)


def _references(module: Any, prefix: str) -> Iterator[tuple[str, dict[str, list[str]]]]:
    if not isinstance(module, dict):
        return
    for each in module.get("resources") or ():
        found = {
            key: [f"{prefix}{name}" for name in value["references"]]
            for key, value in (each.get("expressions") or {}).items()
            if isinstance(value, dict) and "references" in value
        }
        yield f"{prefix}{each['address']}", found
    for name, call in (module.get("module_calls") or {}).items():
        yield from _references(call.get("module"), f"{prefix}module.{name}.")


def _plain(address: str) -> str:
    """Return the address without the keys from ``count`` and ``for_each``, which the configuration does not have."""
    return re.sub(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]", "", address)


def planned_by(
    resources: Sequence[TerraformResource],
    account: Account,
    tool: str,
    everything: Mapping[str, tuple[str, Mapping[str, Any]]] | None = None,
) -> PlannedChanges:
    """Return the changes to these resources in IAM's terms."""
    work = _Reading(account, {each.address: each for each in resources}, everything or {})
    # A separate policy resource comes after the copy of it that its holder shows.
    for each in sorted(resources, key=lambda one: one.type not in _CARRIERS):
        work.notes += [
            f"{each.address}.{key} is not in the review, because it is known only after the change."
            for key in _ESSENTIAL.get(each.type, ())
            if key in each.unknown
        ]
        read = _READERS.get(each.type)
        if read is not None:
            work.planned += [one for one in read(work, each) if one.name or one.arn]
        elif each.type.startswith("aws_iam_") and each.type not in _KNOWN_ELSEWHERE:
            work.notes.append(f"{each.address}: {each.type} is not reviewed.")
        elif has_statements(each.values) or (each.type.endswith("_policy") and {"policy", "content"} & each.unknown):
            work.notes.append(f"{each.address}: policies of {each.type} are not reviewed.")
    return PlannedChanges(tool, tuple(work.planned), tuple(dict.fromkeys(work.notes)))


@dataclass
class _Reading:
    account: Account
    resources: Mapping[str, TerraformResource]
    everything: Mapping[str, tuple[str, Mapping[str, Any]]]
    planned: list[Planned] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def name(self, one: TerraformResource, key: str = "name") -> str:
        """Return the name, or a placeholder that no real entity can have if it is known only after the change."""
        value = one.values.get(key)
        if isinstance(value, str) and value:
            return value
        self.notes.append(
            f"{one.address}.{key} is known only after the change, so it was not compared with the name patterns in "
            "policies."
        )
        return placeholder(one.address)

    def document(self, one: TerraformResource, key: str) -> Document | None:
        value = one.values.get(key)
        if isinstance(value, str) and value and key not in one.unknown:
            return Document.from_value(value)
        if key not in one.unknown:
            return None
        why = f"{one.address}.{key} is known only after the change."
        self.notes.append(why)
        return UnknownDocument(why)

    def target(self, one: TerraformResource, key: str, types: tuple[str, ...]) -> TerraformResource | None:
        """Return the resource that an argument refers to, whether the plan changes it or not.

        Return None if the argument may refer to one of several resources.
        """
        references = one.references.get(key, ())
        staying = {address: TerraformResource(address, *each) for address, each in self.everything.items()}
        known = [each for each in {**staying, **self.resources}.values() if each.type in types]
        found = [each for each in known if each.address in references] or [
            each for each in known if _plain(each.address) in references and _same_key(each.address, one.address)
        ]
        return found[0] if len(found) == 1 else None

    def entity(self, one: TerraformResource, key: str, type: str) -> str:
        """Return the name of the role, user or group that an argument refers to; "" if it is unknown."""
        value = one.values.get(key)
        if isinstance(value, str) and value:
            return value.rpartition("/")[2]
        target = self.target(one, key, (type,))
        if target is None:
            self.notes.append(f"{one.address}.{key} is not in the review, because it is known only after the change.")
            return ""
        return self.name(target)

    def policy_arn(self, one: TerraformResource, key: str = "policy_arn") -> str:
        value = one.values.get(key)
        if isinstance(value, str) and value:
            return value
        target = self.target(one, key, ("aws_iam_policy",))
        if target is None:
            self.notes.append(f"{one.address}.{key} is known only after the change.")
            return f"{one.address}.{key}"  # names no policy, so that the holder's policies count as unread
        return self.arn("policy", target.values.get("path") or "/", self.name(target))

    def arn(self, word: str, path: str, name: str) -> str:
        return f"arn:{self.account.partition}:iam::{self.account.id}:{word}{path}{name}"


def has_statements(value: Any) -> bool:
    """Return whether an argument contains a policy document."""
    if isinstance(value, str):
        return '"Statement"' in value and '"Effect"' in value
    if isinstance(value, Mapping):
        return ("Effect" in value and ("Action" in value or "NotAction" in value)) or any(
            map(has_statements, value.values())
        )
    return isinstance(value, list) and any(map(has_statements, value))


def _same_key(address: str, other: str) -> bool:
    """Return whether two addresses have the same key from ``count`` or ``for_each``, or one of them has none."""
    mine, theirs = (re.findall(r"\[(.*?)\]", each) for each in (address, other))
    return not mine or not theirs or mine[-1] == theirs[-1]


def placeholder(address: str) -> str:
    """Return a placeholder for a name known only after the change; IAM allows no parentheses in names."""
    return f"({address})"


Read = Callable[[_Reading, TerraformResource], Iterator[Planned]]


def _entity(kind: Kind) -> Read:
    def read(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
        given = one.values
        inline: dict[str, Document] = {
            str(each["name"]): Document.from_value(each["policy"])
            for each in given.get("inline_policy") or ()
            if each.get("name") and each.get("policy")
        }
        attached = [each for each in given.get("managed_policy_arns") or () if each]
        for key in ("inline_policy", "managed_policy_arns"):
            if key not in one.unknown or one.deleted:
                continue
            why = f"{one.address}.{key} is known only after the change."
            work.notes.append(why)
            if key == "inline_policy":
                inline[placeholder(key)] = UnknownDocument(why)
            else:
                attached.append(f"{one.address}.{key}")  # names no policy, so that the role's policies count as unread
        tags = given.get("tags_all") or given.get("tags") or {}
        boundary = given.get("permissions_boundary")
        if "permissions_boundary" in one.unknown:
            target = work.target(one, "permissions_boundary", ("aws_iam_policy",))
            boundary = work.arn("policy", target.values.get("path") or "/", work.name(target)) if target else None
            if target is None:
                work.notes.append(f"{one.address}.permissions_boundary is known only after the change.")
                boundary = f"{one.address}.permissions_boundary"
        yield Planned(
            one.address,
            kind,
            work.name(one),
            one.deleted,
            given.get("path") or "/",
            work.document(one, "assume_role_policy") if kind is Kind.ROLE else None,
            boundary or "",
            inline=inline if inline else None,
            attached=tuple(attached) if attached else None,
            tags={str(key): str(value) for key, value in tags.items()},
        )

    return read


def _policy(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
    name, path = work.name(one), one.values.get("path") or "/"
    document = work.document(one, "policy")
    yield Planned(one.address, Kind.POLICY, name, one.deleted, path, document, arn=work.arn("policy", path, name))


def _inline(word: str, kind: Kind) -> Read:
    def read(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
        holder = work.entity(one, word, f"aws_iam_{word}")
        if holder:
            document = work.document(one, "policy")
            holders = (Holder(kind, holder),)
            yield Planned(one.address, Kind.INLINE, work.name(one), one.deleted, document=document, holders=holders)

    return read


def _attachment(word: str, kind: Kind) -> Read:
    def read(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
        holder, arn = work.entity(one, word, f"aws_iam_{word}"), work.policy_arn(one)
        if holder and arn:
            name = arn.rpartition("/")[2]
            yield Planned(one.address, Kind.ATTACHMENT, name, one.deleted, holders=(Holder(kind, holder),), arn=arn)

    return read


def _attachments(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
    """Yield the attachments in ``aws_iam_policy_attachment``, which detaches the policy from all other entities."""
    arn = work.policy_arn(one)
    kinds = (("roles", Kind.ROLE), ("users", Kind.USER), ("groups", Kind.GROUP))
    holders = tuple(Holder(kind, str(name)) for key, kind in kinds for name in one.values.get(key) or () if name)
    if arn:
        name = arn.rpartition("/")[2]
        yield Planned(
            one.address, Kind.ATTACHMENT, name, one.deleted, holders=holders, only_holders=not one.deleted, arn=arn
        )


def _memberships(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
    if one.type == "aws_iam_user_group_membership":
        user = work.entity(one, "user", "aws_iam_user")
        users, groups = ([user] if user else []), [str(each) for each in one.values.get("groups") or ()]
    else:
        group = work.entity(one, "group", "aws_iam_group")
        users, groups = [str(each) for each in one.values.get("users") or ()], ([group] if group else [])
    for name in users:
        yield Planned(one.address, Kind.MEMBERSHIP, name, one.deleted, groups=tuple(groups))


def _provider(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
    url = str(one.values.get("url") or "").removeprefix("https://")
    if url:
        audiences = tuple(map(str, one.values.get("client_id_list") or ()))
        yield Planned(one.address, Kind.PROVIDER, url, one.deleted, audiences=audiences)


def _resource_policy(key: str, arn_of: Callable[[_Reading, TerraformResource, str], str]) -> Read:
    def read(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
        value = one.values.get(key)
        arn = arn_of(work, one, value) if isinstance(value, str) and value else ""
        if not arn:
            arn = placeholder(one.address)
        document = work.document(one, "policy")
        if document is not None:
            yield Planned(one.address, Kind.RESOURCE_POLICY, one.address, one.deleted, document=document, arn=arn)

    return read


def _as_is(work: _Reading, one: TerraformResource, value: str) -> str:
    return value if value.startswith("arn:") else ""


def _bucket(work: _Reading, one: TerraformResource, value: str) -> str:
    return f"arn:{work.account.partition}:s3:::{value}"


def _queue(work: _Reading, one: TerraformResource, value: str) -> str:
    match = re.fullmatch(r"https://sqs\.([\w-]+)\.amazonaws\.com(?:\.cn)?/(\d{12})/([\w.-]+)", value)
    return f"arn:{work.account.partition}:sqs:{match[1]}:{match[2]}:{match[3]}" if match else _as_is(work, one, value)


def _function(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
    role = one.values.get("role")
    if not isinstance(role, str) or not role:
        target = work.target(one, "role", ("aws_iam_role",))
        role = work.arn("role", target.values.get("path") or "/", work.name(target)) if target is not None else ""
    if role:
        yield Planned(one.address, Kind.FUNCTION, work.name(one, "function_name"), one.deleted, arn=role)


def _permission(work: _Reading, one: TerraformResource) -> Iterator[Planned]:
    """Yield the statement that Lambda's AddPermission writes for the resource."""
    given = one.values
    function = str(given.get("function_name") or "")
    region = str(given.get("region") or "") or work.account.region or "*"
    arn = function if function.startswith("arn:") else ""
    if not arn and function:
        arn = f"arn:{work.account.partition}:lambda:{region}:{work.account.id}:function:{function}"
    principal = str(given.get("principal") or "")
    if not principal or "principal" in one.unknown:
        return
    yield Planned(
        one.address,
        Kind.PERMISSION,
        str(given.get("statement_id") or one.address),
        one.deleted,
        arn=arn or placeholder(one.address),
        statement=permission_statement(
            principal,
            str(given.get("action") or "lambda:InvokeFunction"),
            arn or "*",
            *(_known_later(work, one, key) for key in ("source_arn", "source_account", "principal_org_id")),
        ),
    )


def _known_later(work: _Reading, one: TerraformResource, key: str) -> Any:
    """Return the argument that limits a permission, or a placeholder if it is known only after the change.

    The placeholder is a value that no request has. If the value does not come only from resources in the plan, the
    allowed principals are unknown.
    """
    if key not in one.unknown:
        return one.values.get(key)
    references = one.references.get(key, ())
    own = [each for each in references if each.rpartition("module.")[2].partition(".")[0] not in _NOT_OF_THE_PLAN]
    if not references or len(own) < len(references):
        work.notes.append(
            f"It is unknown whom {one.address}.{key} allows, because its value is known only after the change."
        )
    return placeholder(f"{one.address}.{key}")


_NOT_OF_THE_PLAN = ("var", "local", "data", "each", "count")


def permission_statement(
    principal: str, action: str, arn: str, source_arn: Any, source_account: Any, organization: Any
) -> dict[str, Any]:
    """Return the statement that Lambda's AddPermission adds (Lambda API Reference, AddPermission)."""
    if principal == "*":
        who: Any = "*"
    elif "." in principal and not principal.startswith("arn:"):
        who = {"Service": principal}
    else:
        who = {"AWS": principal}
    condition: dict[str, dict[str, str]] = {}
    if isinstance(source_arn, str) and source_arn:
        condition["ArnLike"] = {"AWS:SourceArn": source_arn}
    equals = {"AWS:SourceAccount": source_account, "aws:PrincipalOrgID": organization}
    given = {key: value for key, value in equals.items() if isinstance(value, str) and value}
    if given:
        condition["StringEquals"] = given
    statement = {"Effect": "Allow", "Principal": who, "Action": action, "Resource": arn}
    return {**statement, "Condition": condition} if condition else statement


_READERS: Mapping[str, Read] = {
    "aws_iam_role": _entity(Kind.ROLE),
    "aws_iam_user": _entity(Kind.USER),
    "aws_iam_group": _entity(Kind.GROUP),
    "aws_iam_policy": _policy,
    "aws_iam_role_policy": _inline("role", Kind.ROLE),
    "aws_iam_user_policy": _inline("user", Kind.USER),
    "aws_iam_group_policy": _inline("group", Kind.GROUP),
    "aws_iam_role_policy_attachment": _attachment("role", Kind.ROLE),
    "aws_iam_user_policy_attachment": _attachment("user", Kind.USER),
    "aws_iam_group_policy_attachment": _attachment("group", Kind.GROUP),
    "aws_iam_policy_attachment": _attachments,
    "aws_iam_user_group_membership": _memberships,
    "aws_iam_group_membership": _memberships,
    "aws_iam_openid_connect_provider": _provider,
    "aws_s3_bucket_policy": _resource_policy("bucket", _bucket),
    "aws_s3_bucket": _resource_policy("bucket", _bucket),
    "aws_sqs_queue_policy": _resource_policy("queue_url", _queue),
    "aws_sqs_queue": _resource_policy("url", _queue),
    "aws_sns_topic_policy": _resource_policy("arn", _as_is),
    "aws_sns_topic": _resource_policy("arn", _as_is),
    "aws_kms_key": _resource_policy("arn", _as_is),
    "aws_kms_key_policy": _resource_policy("key_id", _as_is),
    "aws_secretsmanager_secret": _resource_policy("arn", _as_is),
    "aws_secretsmanager_secret_policy": _resource_policy("secret_arn", _as_is),
    "aws_ecr_repository_policy": _resource_policy(
        "repository",
        lambda work, one, value: (
            f"arn:{work.account.partition}:ecr:{work.account.region or '*'}:{work.account.id}:repository/{value}"
        ),
    ),
    "aws_lambda_permission": _permission,
    "aws_lambda_function": _function,
}
