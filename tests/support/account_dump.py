"""All that IAM tells of an account, as boto3 reads it: two dumps are equal where the accounts are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
