"""Read folders written by iam-collect: one file for each part of a resource, in ``accounts`` and ``organizations``.

The layout: https://github.com/cloud-copilot/iam-collect/blob/main/docs/Storage.md. Paths are in lower case and
percent-encoded, so names are read from the files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iam.arn import Arn
from iam.organization.tree import OrganizationTree
from iam.sources.json_values import MalformedJson
from iam.sources.organization.folder import FolderAccounts, SavedAccount
from iam.sources.organization.format import tree_of
from iam.sources.resource_policies import has_no_policy
from iam.sources.snapshot.contents import Contents
from iam.sources.snapshot.format import contents
from iam.sources.source_error import SourceError

_NUMBER = re.compile(r"\d{12}")


def collected_partition(folder: Path) -> Path | None:
    """Return the partition's folder (``aws/aws``), which is ``folder`` or in it, or None if it is not from iam-collect.

    Raises `SourceError` if there are several.
    """
    for candidates in ([folder], folder.glob("aws/*"), folder.glob("*")):
        found = sorted(each for each in candidates if _has_accounts(each))
        if len(found) > 1:
            raise SourceError(
                f"{folder} has accounts of {len(found)} AWS partitions: open one of {', '.join(map(str, found))}."
            )
        if found:
            return found[0]
    return None


def _has_accounts(folder: Path) -> bool:
    accounts = folder / "accounts"
    return accounts.is_dir() and any(_NUMBER.fullmatch(one.name) and one.is_dir() for one in accounts.iterdir())


def open_collected(partition: Path) -> FolderAccounts:
    """Open the accounts in a partition's folder. Raises `SourceError`."""
    saved: dict[str, SavedAccount] = {
        each.name: CollectedAccount(each)
        for each in sorted((partition / "accounts").iterdir())
        if each.is_dir() and _NUMBER.fullmatch(each.name)
    }
    trees = [_tree(each) for each in sorted((partition / "organizations").glob("*")) if each.is_dir()]
    # Questions about units and guardrails are about the organization with the most accounts.
    trees.sort(key=lambda tree: -sum(each.id in saved for each in tree.members or ()))
    return FolderAccounts(str(partition), trees[0] if trees else None, saved, others=tuple(trees[1:]))


@dataclass(frozen=True, slots=True)
class CollectedAccount:
    """The folder with one account's files."""

    path: Path

    @property
    def place(self) -> str:
        return str(self.path)

    @property
    def file(self) -> Path | None:
        return None

    def may_contain(self, name: str) -> bool:
        """Return True: an account's data is spread over many files, so it is not searched for the name."""
        return True

    def load(self) -> Contents:
        try:
            value = _snapshot(self.path)
            found = contents(value, datetime.fromtimestamp(self.path.stat().st_mtime, UTC))
        except MalformedJson as error:
            raise SourceError(f"{self.path}: {error}.") from error
        except OSError as error:
            raise SourceError(f"{self.path} cannot be read: {error.strerror or error}.") from error
        membership = _object(self.path / "organization.json")
        if membership and not membership.get("organizationId"):
            found = replace(found, organization_known=True, account=replace(found.account, in_organization=False))
        return found


def _snapshot(account: Path) -> dict[str, Any]:
    """Return the account in the format of a snapshot."""
    managed = [_policy(each) for folder in ("policy", "aws/policy") for each in _entities(account / "iam" / folder)]
    own: dict[str, Any] = {
        "Version": 1,
        "Account": {"Id": account.name},
        "ResourcePolicies": dict(_resource_policies(account)),
        "PublicAccessBlocks": dict(_public_access_blocks(account)),
    }
    if (account / "ec2").is_dir():
        own["VpcEndpoints"] = [_endpoint(each) for each in account.glob("ec2/*/vpc-endpoint/*") if each.is_dir()]
    for key, kind, read in (
        ("OpenIDConnectProviders", "oidc-provider", _oidc),
        ("SAMLProviders", "saml-provider", _saml),
    ):
        if (account / "iam" / kind).is_dir():
            own[key] = [read(each) for each in _entities(account / "iam" / kind)]
    if not (account / "iam").is_dir():
        raise SourceError(f"Account {account.name} has no folder iam in iam-collect's output: collect iam, too.")
    return {
        "RoleDetailList": [_role(each) for each in _entities(account / "iam" / "role")],
        "UserDetailList": [_user(each) for each in _entities(account / "iam" / "user")],
        "GroupDetailList": [_holder(each, "Group") for each in _entities(account / "iam" / "group")],
        "Policies": managed,
        "Rolescope": own,
    }


def _entities(folder: Path) -> Iterator[Path]:
    """Yield the folders of the entities of one kind."""
    return (each.parent for each in sorted(folder.glob("*/metadata.json"))) if folder.is_dir() else iter(())


def _file(path: Path) -> Any:
    """Return the JSON in a file, or None if the file does not exist. Raises `SourceError`."""
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is not JSON: {error}.") from error


def _object(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file; empty if the file does not exist. Raises `SourceError`."""
    value = _file(path)
    if value is not None and not isinstance(value, dict):
        raise SourceError(f"{path} is not a JSON object: collect it again with iam-collect.")
    return value or {}


def _array(path: Path) -> list[Any]:
    """Return the JSON array in a file; empty if the file does not exist. Raises `SourceError`."""
    value = _file(path)
    if value is not None and not isinstance(value, list):
        raise SourceError(f"{path} is not a JSON array: collect it again with iam-collect.")
    return value or []


def _holder(folder: Path, kind: str) -> dict[str, Any]:
    """Return the fields that roles, users and groups have in common."""
    about = _object(folder / "metadata.json")
    attached = _array(folder / "managed-policies.json")
    tags = _object(folder / "tags.json")
    boundary = about.get("permissionBoundary")
    entry = {
        f"{kind}Name": about.get("name"),
        f"{kind}Id": about.get("id") or "",
        "Arn": about.get("arn"),
        "Path": about.get("path") or "/",
        "CreateDate": about.get("created"),
        f"{kind}PolicyList" if kind != "Role" else "RolePolicyList": _array(folder / "inline-policies.json"),
        "AttachedManagedPolicies": [_attached(each) for each in attached],
        "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
    }
    if boundary:
        entry["PermissionsBoundary"] = {"PermissionsBoundaryArn": boundary}
    return entry


def _attached(policy: Any) -> Any:
    """Return an attached policy as AWS's entry.

    iam-collect has ARNs for roles and users, and AWS's entries for groups.
    """
    return policy if isinstance(policy, dict) else {"PolicyArn": policy, "PolicyName": policy.rpartition("/")[2]}


def _role(folder: Path) -> dict[str, Any]:
    return {**_holder(folder, "Role"), "AssumeRolePolicyDocument": _file(folder / "trust-policy.json")}


def _user(folder: Path) -> dict[str, Any]:
    groups = _array(folder / "groups.json")
    return {**_holder(folder, "User"), "GroupList": [str(each).rpartition("/")[2] for each in groups if each]}


def _policy(folder: Path) -> dict[str, Any]:
    about = _object(folder / "metadata.json")
    document, version = _file(folder / "current-policy.json"), about.get("defaultVersionId") or "v1"
    versions = [{"VersionId": version, "IsDefaultVersion": True, "Document": document}] if document is not None else []
    return {
        "PolicyName": about.get("name"),
        "PolicyId": about.get("id") or "",
        "Arn": about.get("arn"),
        "Path": about.get("path") or "/",
        "DefaultVersionId": version,
        "PolicyVersionList": versions,
    }


def _oidc(folder: Path) -> dict[str, Any]:
    about = _object(folder / "metadata.json")
    url = str(about.get("url") or "").removeprefix("https://")
    return {"Arn": about.get("arn"), "Url": url, "ClientIDList": about.get("audiences")}


def _saml(folder: Path) -> dict[str, Any]:
    about = _object(folder / "metadata.json")
    return {"Arn": about.get("arn"), "Name": str(about.get("arn")).rpartition("/")[2]}


def _endpoint(folder: Path) -> dict[str, Any]:
    about = _object(folder / "metadata.json")
    return {
        "Id": about.get("id"),
        "ServiceName": about.get("serviceName"),
        "Type": about.get("type"),
        "Document": _file(folder / "endpoint-policy.json"),
    }


def _resource_policies(account: Path) -> Iterator[tuple[str, Any]]:
    """Yield the policies of resources by ARN; None if the resource has none.

    iam-collect writes no ``policy.json`` if there is no policy, or if reading the policy was denied
    (``runAndCatchAccessDeniedWithLog``, src/utils/client-tools.ts). So an absent policy counts as none only if another
    policy of the service was read in the account. A KMS key always has one. "By default, all buckets have a default
    encryption configuration", whose file shows that the bucket could be read.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketEncryption.html
    """
    found: dict[str, tuple[Path, Any]] = {}
    for file in sorted(account.rglob("metadata.json")):
        service = file.relative_to(account).parts[0]
        if service in ("iam", "organizations", "sso", "ram"):
            continue
        about = _file(file)
        arn = about.get("arn") if isinstance(about, dict) else None
        parts = Arn.parse(arn or "")
        if arn is not None and parts is not None and not has_no_policy(parts):
            found[arn] = file.parent, _file(file.parent / "policy.json")
    read = {_service(arn) for arn, (_, policy) in found.items() if policy is not None}
    for arn, (folder, policy) in found.items():
        service = _service(arn)
        shown = service != "s3" or (folder / "encryption.json").exists()
        if policy is not None or (service in read and service != "kms" and shown):
            yield arn, policy


def _service(arn: str) -> str:
    return arn.split(":", 3)[2]


def _public_access_blocks(account: Path) -> Iterator[tuple[str, Any]]:
    """Yield the public access blocks by bucket.

    If the snapshot has no file for a bucket, its block is unknown: it may be absent or unreadable.
    """
    for file in account.glob("s3/*/bpa.json"):
        name = _object(file.parent / "metadata.json").get("name")
        if isinstance(name, str):
            yield name, _object(file)


# The organization.


def _tree(folder: Path) -> OrganizationTree:
    about, accounts, units = (_object(folder / f"{name}.json") for name in ("metadata", "accounts", "ous"))
    targets: dict[str, dict[str, list[str]]] = {"scps": {}, "rcps": {}}
    for target, entry in (*units.items(), *accounts.items()):
        if not isinstance(entry, dict):
            raise SourceError(
                f"{folder}: the entry of {target} is not a JSON object: collect it again with iam-collect."
            )
        for kind, found in targets.items():
            for arn in map(str, entry.get(kind) or ()):
                found.setdefault(arn, []).append(target)
    said = about.get("features")
    features = said if isinstance(said, dict) else {}
    enabled = {
        "scps": features.get("SERVICE_CONTROL_POLICY", bool(targets["scps"])),
        "rcps": features.get("RESOURCE_CONTROL_POLICY", bool(targets["rcps"])),
    }
    value: dict[str, Any] = {
        "Id": about.get("id") or folder.name,
        "ManagementAccountId": about.get("rootAccountId"),
        "Root": about.get("rootOu") or next((id for id, each in units.items() if not each.get("parent")), ""),
        "Units": [
            {"Id": id, "Name": _unit_name(folder, id), "Parent": each["parent"]}
            for id, each in units.items()
            if each.get("parent")
        ],
        "ServiceControlPolicies": _guardrails(folder / "scps", targets["scps"]) if enabled["scps"] else [],
        "ResourceControlPolicies": _guardrails(folder / "rcps", targets["rcps"]) if enabled["rcps"] else [],
    }
    if accounts:
        value["Accounts"] = [{"Id": id, "Parent": each.get("ou") or ""} for id, each in accounts.items()]
    try:
        return tree_of(value)
    except MalformedJson as error:
        raise SourceError(f"{folder}: {error}.") from error


def _unit_name(folder: Path, unit: str) -> str:
    about = _object(folder / "ous" / unit.lower() / "metadata.json")
    return str(about.get("name") or "")


def _guardrails(folder: Path, targets: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    known: dict[str, dict[str, Any]] = {}
    for each in _entities(folder):
        about = _object(each / "metadata.json")
        known[str(about.get("arn"))] = {"Name": about.get("name") or "", "Document": _file(each / "policy.json")}
    return [
        {"Arn": arn, **known.get(arn, {"Name": arn.rpartition("/")[2], "Document": None}), "Targets": its}
        for arn, its in targets.items()
    ]
