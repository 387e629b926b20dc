"""Single questions to IAM: one entity each, read now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from iam.account import (
    Group,
    InlinePolicy,
    InstanceProfile,
    ManagedPolicy,
    OIDCProvider,
    PolicyVersion,
    Role,
    SAMLProvider,
    User,
)
from iam.arn import name_of
from iam.sources import shapes
from iam.sources.aws.session import Aws
from iam.sources.reader import AccessKey, EntityName, LoginProfile, MfaDevice, Reading, ServerCertificate

NOT_THERE = ("NoSuchEntity", "NoSuchEntityException")


class IamQuestions:
    """Reads of one entity each. "Not there" is IAM's NoSuchEntity; anything else that fails is "not readable"."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    @property
    def _iam(self) -> Any:
        return self._aws.client("iam")

    def role(self, name: str) -> Reading[Role]:
        """GetRole and what it lacks. Where only the rest is denied, the role comes with None for it and a note."""
        reading = self._aws.read("iam:GetRole", lambda: self._iam.get_role(RoleName=name)["Role"], absent=NOT_THERE)
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)
        notes = self._add_policies(entry, "role", "RoleName", "RolePolicyList")
        profiles = self._aws.read(
            "iam:ListInstanceProfilesForRole",
            lambda: list(
                self._aws.pages(
                    "iam", "list_instance_profiles_for_role", "InstanceProfiles", RoleName=entry["RoleName"]
                )
            ),
        )
        if profiles.value is not None:
            entry["InstanceProfileList"] = profiles.value
        else:
            notes.append(profiles.why)
        # GetRole leaves out tags that there are none of, and says so by saying nothing.
        entry.setdefault("Tags", [])
        whole = self._aws.read("iam:GetRole", lambda: shapes.role(entry, "GetRole", detailed=False))
        return replace(whole, note=" ".join(notes))

    def bare_role(self, name: str) -> Role:
        """What GetRole alone says. Raises botocore's errors."""
        return shapes.role(self._iam.get_role(RoleName=name)["Role"], "GetRole", detailed=False)

    def profiles_of(self, role_name: str) -> Reading[tuple[InstanceProfile, ...]]:
        return self._aws.read(
            "iam:ListInstanceProfilesForRole",
            lambda: tuple(
                shapes.instance_profile(entry, "ListInstanceProfilesForRole")
                for entry in self._aws.pages(
                    "iam", "list_instance_profiles_for_role", "InstanceProfiles", RoleName=role_name
                )
            ),
            absent=NOT_THERE,
        )

    def roles(self) -> Reading[tuple[Role, ...]]:
        return self._aws.read(
            "iam:ListRoles",
            lambda: tuple(
                shapes.role(entry, "ListRoles", detailed=False)
                for entry in self._aws.pages("iam", "list_roles", "Roles", PaginationConfig={"PageSize": 1000})
            ),
        )

    def user(self, name: str) -> Reading[User]:
        reading = self._aws.read("iam:GetUser", lambda: self._iam.get_user(UserName=name)["User"], absent=NOT_THERE)
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)
        notes = self._add_policies(entry, "user", "UserName", "UserPolicyList")
        groups = self._aws.read(
            "iam:ListGroupsForUser",
            lambda: [
                group["GroupName"]
                for group in self._aws.pages("iam", "list_groups_for_user", "Groups", UserName=entry["UserName"])
            ],
        )
        if groups.value is not None:
            entry["GroupList"] = groups.value
        else:
            notes.append(groups.why)
        entry.setdefault("Tags", [])
        whole = self._aws.read("iam:GetUser", lambda: shapes.user(entry, "GetUser", detailed=False))
        return replace(whole, note=" ".join(notes))

    def group(self, name: str) -> Reading[Group]:
        reading = self._aws.read(
            "iam:GetGroup", lambda: self._iam.get_group(GroupName=name, MaxItems=1)["Group"], absent=NOT_THERE
        )
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)
        notes = self._add_policies(entry, "group", "GroupName", "GroupPolicyList")
        whole = self._aws.read("iam:GetGroup", lambda: shapes.group(entry, "GetGroup", detailed=False))
        return replace(whole, note=" ".join(notes))

    def _add_policies(self, entry: dict[str, Any], kind: str, name_key: str, inline_key: str) -> list[str]:
        """Put attached and inline policies into ``entry``, as GetAccountAuthorizationDetails has them. What could not
        be read stays out, and its sentence comes back."""
        name = {name_key: entry[name_key]}
        notes = []
        attached = self._aws.read(
            f"iam:ListAttached{kind.capitalize()}Policies",
            lambda: list(self._aws.pages("iam", f"list_attached_{kind}_policies", "AttachedPolicies", **name)),
        )
        if attached.value is not None:
            entry["AttachedManagedPolicies"] = attached.value
        else:
            notes.append(attached.why)
        get = getattr(self._iam, f"get_{kind}_policy")

        def read_inline() -> list[Mapping[str, Any]]:
            names = self._aws.pages("iam", f"list_{kind}_policies", "PolicyNames", **name)
            return [get(PolicyName=policy, **name) for policy in names]

        inline = self._aws.read(f"iam:Get{kind.capitalize()}Policy", read_inline)
        if inline.value is not None:
            entry[inline_key] = inline.value
        else:
            notes.append(inline.why)
        return notes

    def managed_policy(self, arn: str) -> Reading[ManagedPolicy]:
        """The policy and its versions' documents: all of a customer policy, the default one of an AWS-managed one."""
        reading = self._aws.read(
            "iam:GetPolicy", lambda: self._iam.get_policy(PolicyArn=arn)["Policy"], absent=(*NOT_THERE, "InvalidInput")
        )
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)

        def version(version_id: str) -> Mapping[str, Any]:
            found: Mapping[str, Any] = self._iam.get_policy_version(PolicyArn=arn, VersionId=version_id)[
                "PolicyVersion"
            ]
            return found

        aws_managed = ":iam::aws:policy/" in arn
        default = self._aws.read("iam:GetPolicyVersion", lambda: [version(entry["DefaultVersionId"])])
        notes = [default.why] if default.why else []
        entry["PolicyVersionList"] = default.value or []
        if not aws_managed and default.value:
            others = self._aws.read(
                "iam:ListPolicyVersions",
                lambda: [
                    version(listed["VersionId"])
                    for listed in self._aws.pages("iam", "list_policy_versions", "Versions", PolicyArn=arn)
                    if listed["VersionId"] != entry["DefaultVersionId"]
                ],
            )
            if others.value is not None:
                entry["PolicyVersionList"] = sorted(
                    (*default.value, *others.value), key=lambda one: _version_number(one["VersionId"]), reverse=True
                )
            else:
                notes.append(others.why)
        whole = self._aws.read("iam:GetPolicy", lambda: shapes.managed_policy(entry, "GetPolicy"))
        return replace(whole, note=" ".join(notes))

    def policy_document(self, arn: str, version_id: str) -> Reading[PolicyVersion]:
        """One version of a policy whose number is known already."""
        return self._aws.read(
            "iam:GetPolicyVersion",
            lambda: shapes.policy_version(
                self._iam.get_policy_version(PolicyArn=arn, VersionId=version_id)["PolicyVersion"], "GetPolicyVersion"
            ),
            absent=NOT_THERE,
        )

    def customer_policy(self, name: str) -> Reading[ManagedPolicy]:
        """AWS looks no policy up by its name: the list of customer policies is read through."""
        found = self._aws.read(
            "iam:ListPolicies",
            lambda: next(
                (
                    str(entry["Arn"])
                    for entry in self._aws.pages(
                        "iam", "list_policies", "Policies", Scope="Local", PaginationConfig={"PageSize": 1000}
                    )
                    if entry["PolicyName"].lower() == name.lower()
                ),
                None,
            ),
        )
        if found.value is None:
            return Reading(found.call, why=found.why)
        return self.managed_policy(found.value)

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        def read() -> InstanceProfile:
            entry = self._iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
            return shapes.instance_profile({"Tags": [], **entry}, "GetInstanceProfile")

        return self._aws.read("iam:GetInstanceProfile", read, absent=NOT_THERE)

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        def read() -> OIDCProvider:
            answer = self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
            return shapes.oidc_provider({"ClientIDList": [], **answer, "Arn": arn}, "GetOpenIDConnectProvider")

        return self._aws.read("iam:GetOpenIDConnectProvider", read, absent=NOT_THERE)

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]:
        def read() -> SAMLProvider:
            answer = self._iam.get_saml_provider(SAMLProviderArn=arn)
            return shapes.saml_provider({"ValidUntil": answer.get("ValidUntil"), "Arn": arn}, "GetSAMLProvider")

        return self._aws.read("iam:GetSAMLProvider", read, absent=NOT_THERE)

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        def read() -> ServerCertificate:
            answer = self._iam.get_server_certificate(ServerCertificateName=name)["ServerCertificate"]
            entry = answer["ServerCertificateMetadata"]
            return ServerCertificate(
                name=entry["ServerCertificateName"],
                arn=entry["Arn"],
                path=entry.get("Path", "/"),
                expires=shapes.time(entry, "Expiration", "GetServerCertificate"),
            )

        return self._aws.read("iam:GetServerCertificate", read, absent=NOT_THERE)

    def mfa_devices(self, user: str | None) -> Reading[tuple[MfaDevice, ...]]:
        if user is None:
            return self._aws.read(
                "iam:ListVirtualMFADevices",
                lambda: tuple(
                    MfaDevice(entry["SerialNumber"], (entry.get("User") or {}).get("UserName"), entry.get("EnableDate"))
                    for entry in self._aws.pages("iam", "list_virtual_mfa_devices", "VirtualMFADevices")
                ),
            )
        return self._aws.read(
            "iam:ListMFADevices",
            lambda: tuple(
                MfaDevice(entry["SerialNumber"], entry.get("UserName"), entry.get("EnableDate"))
                for entry in self._aws.pages("iam", "list_mfa_devices", "MFADevices", UserName=user)
            ),
            absent=NOT_THERE,
        )

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        def read() -> LoginProfile:
            entry = self._iam.get_login_profile(UserName=user)["LoginProfile"]
            return LoginProfile(entry["UserName"], entry.get("CreateDate"), entry.get("PasswordResetRequired"))

        return self._aws.read("iam:GetLoginProfile", read, absent=NOT_THERE)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        return self._aws.read(
            "iam:ListAccessKeys",
            lambda: tuple(
                AccessKey(entry["AccessKeyId"], entry["UserName"], entry["Status"] == "Active", entry.get("CreateDate"))
                for entry in self._aws.pages("iam", "list_access_keys", "AccessKeyMetadata", UserName=user)
            ),
            absent=NOT_THERE,
        )

    def account_summary(self) -> Reading[Mapping[str, int]]:
        return self._aws.read("iam:GetAccountSummary", lambda: self._iam.get_account_summary()["SummaryMap"])

    def oidc_providers(self) -> Reading[tuple[OIDCProvider, ...]]:
        """The providers; those whose audiences are denied come with ``client_ids`` None."""
        listed = self._aws.read(
            "iam:ListOpenIDConnectProviders",
            lambda: [
                str(entry["Arn"]) for entry in self._iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
            ],
        )
        if listed.value is None:
            return Reading(listed.call, why=listed.why)
        providers, notes = [], []
        for arn in listed.value:
            one = self.oidc_provider(arn)
            providers.append(one.value or shapes.oidc_provider({"Arn": arn}, "ListOpenIDConnectProviders"))
            notes += [one.why] if one.why else []
        return Reading(listed.call, tuple(providers), note=" ".join(notes[:1]))

    def saml_providers(self) -> Reading[tuple[SAMLProvider, ...]]:
        return self._aws.read(
            "iam:ListSAMLProviders",
            lambda: tuple(
                shapes.saml_provider(entry, "ListSAMLProviders")
                for entry in self._iam.list_saml_providers()["SAMLProviderList"]
            ),
        )

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        listing = _LISTINGS.get(kind)
        if listing is None:
            return Reading("", why=f"There is no list of names for entities of kind {kind}.")
        call, operation, key, arguments, name = listing

        def read() -> tuple[EntityName, ...]:
            client = self._iam
            if client.can_paginate(operation):
                listed = self._aws.pages("iam", operation, key, PaginationConfig={"PageSize": 1000}, **arguments)
            else:
                listed = iter(getattr(client, operation)(**arguments)[key])
            return tuple(_entity_name(kind, entry, name) for entry in listed)

        return self._aws.read(call, read)

    def inline_policy(self, role_name: str, policy_name: str) -> Reading[InlinePolicy]:
        def read() -> InlinePolicy | None:
            answer = self._iam.get_role_policy(RoleName=role_name, PolicyName=policy_name)
            policy = shapes.document(answer["PolicyDocument"], "GetRolePolicy")
            return InlinePolicy(answer["PolicyName"], policy) if policy else None

        return self._aws.read("iam:GetRolePolicy", read, absent=NOT_THERE)


def _version_number(version_id: str) -> int:
    return int(version_id[1:]) if version_id[1:].isdigit() else 0


_Listing = tuple[str, str, str, Mapping[str, str], str]
# By kind: the call, boto3's operation, the key of the list, arguments, and the key of an entry's name.
_LISTINGS: Mapping[str, _Listing] = {
    "role": ("iam:ListRoles", "list_roles", "Roles", {}, "RoleName"),
    "user": ("iam:ListUsers", "list_users", "Users", {}, "UserName"),
    "group": ("iam:ListGroups", "list_groups", "Groups", {}, "GroupName"),
    "policy": ("iam:ListPolicies", "list_policies", "Policies", {"Scope": "Local"}, "PolicyName"),
    "instance-profile": (
        "iam:ListInstanceProfiles",
        "list_instance_profiles",
        "InstanceProfiles",
        {},
        "InstanceProfileName",
    ),
    "oidc-provider": (
        "iam:ListOpenIDConnectProviders",
        "list_open_id_connect_providers",
        "OpenIDConnectProviderList",
        {},
        "",
    ),
    "saml-provider": ("iam:ListSAMLProviders", "list_saml_providers", "SAMLProviderList", {}, ""),
    "server-certificate": (
        "iam:ListServerCertificates",
        "list_server_certificates",
        "ServerCertificateMetadataList",
        {},
        "ServerCertificateName",
    ),
    "virtual-mfa-device": ("iam:ListVirtualMFADevices", "list_virtual_mfa_devices", "VirtualMFADevices", {}, ""),
    "account-alias": ("iam:ListAccountAliases", "list_account_aliases", "AccountAliases", {}, ""),
}


def _entity_name(kind: str, entry: Any, name_key: str) -> EntityName:
    if kind == "account-alias":
        return EntityName(kind, str(entry), "")
    arn = str(entry.get("Arn") or entry.get("SerialNumber") or "")
    name = str(entry[name_key]) if name_key else name_of(arn)
    if kind == "oidc-provider":
        name = arn.partition(":oidc-provider/")[2]
    assigned = None
    if kind == "virtual-mfa-device":
        assigned = str((entry.get("User") or {}).get("UserName") or "")
    return EntityName(
        kind,
        name,
        arn,
        path=str(entry.get("Path") or "/"),
        created=shapes.time(entry, "CreateDate", kind),
        expires=shapes.time(entry, "Expiration" if kind == "server-certificate" else "ValidUntil", kind),
        assigned_to=assigned,
    )
