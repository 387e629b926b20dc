"""All that IAM tells of an account, as boto3 reads it: two dumps are equal where the accounts are."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from tests.support.demo.asked_before import looking_at

if TYPE_CHECKING:
    from iam.demo.aws.world import World
    from iam.sources.aws.reader import AwsReader

OWN = ["User", "Role", "Group", "LocalManagedPolicy"]


def dump(reader: AwsReader) -> Any:
    """Everything that IAM tells of the account, without IDs, dates and the numbers of versions, which IAM gives."""
    iam = reader.aws.session.client("iam")
    found = {}
    for page in iam.get_paginator("get_account_authorization_details").paginate(Filter=OWN):
        for key in ("RoleDetailList", "UserDetailList", "GroupDetailList", "Policies"):
            for entity in page[key]:
                found[entity["Arn"]] = entity
    for page in iam.get_paginator("list_instance_profiles").paginate():
        for profile in page["InstanceProfiles"]:
            name = profile["InstanceProfileName"]
            found[profile["Arn"]] = iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
    for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        arn = provider["Arn"]
        found[arn] = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    for page in iam.get_paginator("list_roles").paginate():
        for role in page["Roles"]:  # with description and session length, which the details lack
            found[role["Arn"]]["More"] = role
    return _bare(found)


_GIVEN = ("CreateDate", "UpdateDate", "VersionId", "DefaultVersionId", "ResponseMetadata", "RoleLastUsed")


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if key not in _GIVEN and not key.endswith("Id")}
    if isinstance(value, list | tuple):
        return sorted((_bare(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True, default=str))
    return value


# What IAM gives, and what moto or the demo adds once somebody reads.
_INNER = re.compile(
    r"(.*_)?id|.*_date|last_used(_region)?|next_version_num|policy_name|permissions_boundary_usage_count"
)
_SIMPLE = (str, int, float, bool, type(None))


def inner_dump(world: World) -> Any:
    """The same of the demo account as moto keeps it, at a hundredth of the cost. Of AWS's own policies, which moto
    makes when it is asked for them, those that are attached are seen."""
    with looking_at(world):
        own = {arn: policy for arn, policy in world.iam.managed_policies.items() if ":iam::aws:" not in arn}
        kept = {**vars(world.iam), "managed_policies": own, "aws_managed_policies": None, "account_summary": None}
        return _inside(kept, ())


def _inside(value: Any, around: tuple[int, ...]) -> Any:
    if isinstance(value, _SIMPLE):
        return value
    if isinstance(value, dict):
        kept = {name: _inside(each, around) for name, each in value.items() if not _INNER.fullmatch(str(name))}
        named = all(isinstance(each, dict) and "name" in each for each in kept.values())
        by_arn = any(str(name).startswith("arn:") for name in kept)
        return kept if by_arn or not named else {each["name"]: each for each in kept.values()}
    if isinstance(value, list | tuple | set):
        found = (_inside(each, around) for each in value)
        return sorted(found, key=lambda each: json.dumps(each, sort_keys=True))
    if id(value) in around or not hasattr(value, "__dict__"):
        return type(value).__name__
    return _inside(vars(value), (*around, id(value)))
