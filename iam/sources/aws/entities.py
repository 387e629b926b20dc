"""Read IAM's entities, without a cache: one by name with its details, or the names of all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from iam.account import Group, InstanceProfile, OIDCProvider, Role, SAMLProvider, User
from iam.arn import name_of
from iam.sources.aws.session import NOT_THERE, PAGE, AwsPart
from iam.sources.json_evidence import ACCESS_KEY, LOGIN_PROFILE, MFA_DEVICE, PASSWORD_POLICY, STATUS
from iam.sources.json_objects import GROUP, INSTANCE_PROFILE, OIDC_PROVIDER, SAML_PROVIDER, USER, read_role
from iam.sources.json_values import time_of
from iam.sources.reader.entities import (
    DEFAULT_PASSWORD_POLICY,
    AccessKey,
    Credential,
    EntityName,
    LoginProfile,
    MfaDevice,
    PasswordPolicy,
    ServerCertificate,
)
from iam.sources.reader.reading import Reading


class AwsEntities(AwsPart):
    """Reads IAM's entities. ``NoSuchEntity`` means absent, any other error means not readable."""

    def role(self, name: str) -> Reading[Role]:
        """Read a role with GetRole, and the details that GetRole does not return.

        If only those details are denied, the role has None in their place, and the reading has a note.
        """
        reading = self.aws.read("iam:GetRole", lambda: self._iam.get_role(RoleName=name)["Role"], absent=NOT_THERE)
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)
        notes = self._add_policies(entry, "role", "RoleName", "RolePolicyList")
        profiles = self.aws.read(
            "iam:ListInstanceProfilesForRole",
            lambda: list(
                self.aws.pages("iam", "list_instance_profiles_for_role", "InstanceProfiles", RoleName=entry["RoleName"])
            ),
        )
        if profiles.value is not None:
            entry["InstanceProfileList"] = profiles.value
        else:
            notes.append(profiles.why)
        # GetRole omits the tags if the role has none, so a missing list means "no tags".
        entry.setdefault("Tags", [])
        whole = self.aws.read("iam:GetRole", lambda: read_role(entry))
        return replace(whole, note=" ".join(notes))

    def roles(self) -> Reading[tuple[Role, ...]]:
        return self.aws.read(
            "iam:ListRoles",
            lambda: tuple(
                read_role(entry) for entry in self.aws.pages("iam", "list_roles", "Roles", PaginationConfig=PAGE)
            ),
        )

    def user(self, name: str) -> Reading[User]:
        reading = self.aws.read("iam:GetUser", lambda: self._iam.get_user(UserName=name)["User"], absent=NOT_THERE)
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)
        notes = self._add_policies(entry, "user", "UserName", "UserPolicyList")
        groups = self.aws.read(
            "iam:ListGroupsForUser",
            lambda: [
                group["GroupName"]
                for group in self.aws.pages("iam", "list_groups_for_user", "Groups", UserName=entry["UserName"])
            ],
        )
        if groups.value is not None:
            entry["GroupList"] = groups.value
        else:
            notes.append(groups.why)
        entry.setdefault("Tags", [])
        whole = self.aws.read("iam:GetUser", lambda: USER.read(entry))
        return replace(whole, note=" ".join(notes))

    def group(self, name: str) -> Reading[Group]:
        reading = self.aws.read(
            "iam:GetGroup", lambda: self._iam.get_group(GroupName=name, MaxItems=1)["Group"], absent=NOT_THERE
        )
        if reading.value is None:
            return Reading(reading.call, why=reading.why, note=reading.note)
        entry = dict(reading.value)
        notes = self._add_policies(entry, "group", "GroupName", "GroupPolicyList")
        whole = self.aws.read("iam:GetGroup", lambda: GROUP.read(entry))
        return replace(whole, note=" ".join(notes))

    def _add_policies(self, entry: dict[str, Any], kind: str, name_key: str, inline_key: str) -> list[str]:
        """Add attached and inline policies to ``entry``, in the form of GetAccountAuthorizationDetails.

        Policies that could not be read are left out. Returns a sentence for each failed read.
        """
        name = {name_key: entry[name_key]}
        notes = []
        attached = self.aws.read(
            f"iam:ListAttached{kind.capitalize()}Policies",
            lambda: list(self.aws.pages("iam", f"list_attached_{kind}_policies", "AttachedPolicies", **name)),
        )
        if attached.value is not None:
            entry["AttachedManagedPolicies"] = attached.value
        else:
            notes.append(attached.why)
        get = getattr(self._iam, f"get_{kind}_policy")

        def read_inline() -> list[Mapping[str, Any]]:
            names = self.aws.pages("iam", f"list_{kind}_policies", "PolicyNames", **name)
            return [get(PolicyName=policy, **name) for policy in names]

        inline = self.aws.read(f"iam:Get{kind.capitalize()}Policy", read_inline)
        if inline.value is not None:
            entry[inline_key] = inline.value
        else:
            notes.append(inline.why)
        return notes

    def instance_profile(self, name: str) -> Reading[InstanceProfile]:
        def read() -> InstanceProfile:
            entry = self._iam.get_instance_profile(InstanceProfileName=name)["InstanceProfile"]
            return INSTANCE_PROFILE.read({"Tags": [], **entry})

        return self.aws.read("iam:GetInstanceProfile", read, absent=NOT_THERE)

    def oidc_provider(self, arn: str) -> Reading[OIDCProvider]:
        def read() -> OIDCProvider:
            answer = self._iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
            return OIDC_PROVIDER.read({"ClientIDList": [], **answer, "Arn": arn})

        return self.aws.read("iam:GetOpenIDConnectProvider", read, absent=NOT_THERE)

    def saml_provider(self, arn: str) -> Reading[SAMLProvider]:
        def read() -> SAMLProvider:
            answer = self._iam.get_saml_provider(SAMLProviderArn=arn)
            return SAML_PROVIDER.read({**answer, "Arn": arn})

        return self.aws.read("iam:GetSAMLProvider", read, absent=NOT_THERE)

    def server_certificate(self, name: str) -> Reading[ServerCertificate]:
        def read() -> ServerCertificate:
            answer = self._iam.get_server_certificate(ServerCertificateName=name)["ServerCertificate"]
            entry = answer["ServerCertificateMetadata"]
            return ServerCertificate(
                name=entry["ServerCertificateName"],
                arn=entry["Arn"],
                path=entry.get("Path", "/"),
                expires=time_of(entry, "Expiration"),
            )

        return self.aws.read("iam:GetServerCertificate", read, absent=NOT_THERE)

    def mfa_devices(self, user: str | None = None) -> Reading[tuple[MfaDevice, ...]]:
        if user is None:
            return self.aws.read(
                "iam:ListVirtualMFADevices",
                lambda: tuple(
                    MFA_DEVICE.read(entry)
                    for entry in self.aws.pages("iam", "list_virtual_mfa_devices", "VirtualMFADevices")
                ),
            )
        return self.aws.read(
            "iam:ListMFADevices",
            lambda: tuple(
                MFA_DEVICE.read(entry)
                for entry in self.aws.pages("iam", "list_mfa_devices", "MFADevices", UserName=user)
            ),
            absent=NOT_THERE,
        )

    def login_profile(self, user: str) -> Reading[LoginProfile]:
        def read() -> LoginProfile:
            return LOGIN_PROFILE.read(self._iam.get_login_profile(UserName=user)["LoginProfile"])

        return self.aws.read("iam:GetLoginProfile", read, absent=NOT_THERE)

    def password_policy(self) -> Reading[PasswordPolicy]:
        def read() -> PasswordPolicy:
            return PASSWORD_POLICY.read(self._iam.get_account_password_policy()["PasswordPolicy"])

        reading = self.aws.read("iam:GetAccountPasswordPolicy", read, absent=NOT_THERE)
        return reading if reading.value or reading.why else replace(reading, value=DEFAULT_PASSWORD_POLICY)

    def access_keys(self, user: str) -> Reading[tuple[AccessKey, ...]]:
        return self.aws.read(
            "iam:ListAccessKeys",
            lambda: tuple(
                ACCESS_KEY.read(entry)
                for entry in self.aws.pages("iam", "list_access_keys", "AccessKeyMetadata", UserName=user)
            ),
            absent=NOT_THERE,
        )

    def credentials(self, user: str) -> Reading[tuple[Credential, ...]]:
        found: list[Credential] = []
        for kind, (call, *_) in _CREDENTIALS.items():
            reading = self.aws.read(call, partial(self._credentials_of, kind, user), absent=NOT_THERE)
            if reading.value is None:
                return Reading(call, why=reading.why)
            found += reading.value
        return Reading("iam:ListServiceSpecificCredentials", tuple(found))

    def _credentials_of(self, kind: str, user: str) -> list[Credential]:
        _, operation, key, id_key = _CREDENTIALS[kind]
        return [
            Credential(kind, each[id_key], STATUS.read(each["Status"]), each.get("ServiceName", ""))
            for each in self._all(operation, key, UserName=user)
        ]

    def _all(self, operation: str, key: str, **arguments: Any) -> list[Any]:
        """Return all items of a list, whether or not it is paginated."""
        if self._iam.can_paginate(operation):
            return list(self.aws.pages("iam", operation, key, PaginationConfig=PAGE, **arguments))
        return list(getattr(self._iam, operation)(**arguments)[key])

    def entity_names(self, kind: str) -> Reading[tuple[EntityName, ...]]:
        if kind not in _LISTINGS:
            return Reading("", why=f"There is no list of names for entities of kind {kind}.")
        call, operation, key, arguments, name = _LISTINGS[kind]
        return self.aws.read(
            call, lambda: tuple(_entity_name(kind, entry, name) for entry in self._all(operation, key, **arguments))
        )

    def account_summary(self) -> Reading[Mapping[str, int]]:
        return self.aws.read("iam:GetAccountSummary", lambda: self._iam.get_account_summary()["SummaryMap"])

    def oidc_providers(self) -> Reading[tuple[OIDCProvider, ...]]:
        """Read the OIDC providers. ``client_ids`` is None for a provider whose audiences could not be read."""
        listed = self.aws.read(
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
            providers.append(one.value or OIDC_PROVIDER.read({"Arn": arn}))
            notes += [one.why] if one.why else []
        return Reading(listed.call, tuple(providers), note=" ".join(notes[:1]))

    def saml_providers(self) -> Reading[tuple[SAMLProvider, ...]]:
        return self.aws.read(
            "iam:ListSAMLProviders",
            lambda: tuple(SAML_PROVIDER.read(entry) for entry in self._iam.list_saml_providers()["SAMLProviderList"]),
        )


# By kind: the call, boto3's operation, and the keys of the list in the response and of the ID in an entry.
_CREDENTIALS = {
    "signing-certificate": (
        "iam:ListSigningCertificates",
        "list_signing_certificates",
        "Certificates",
        "CertificateId",
    ),
    "ssh-key": ("iam:ListSSHPublicKeys", "list_ssh_public_keys", "SSHPublicKeys", "SSHPublicKeyId"),
    "service-credential": (
        "iam:ListServiceSpecificCredentials",
        "list_service_specific_credentials",
        "ServiceSpecificCredentials",
        "ServiceSpecificCredentialId",
    ),
}
_Listing = tuple[str, str, str, Mapping[str, str], str]
# By kind: the call, boto3's operation, the key of the list, the arguments, and the key of an entry's name.
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
        created=time_of(entry, "CreateDate"),
        expires=time_of(entry, "Expiration" if kind == "server-certificate" else "ValidUntil"),
        assigned_to=assigned,
    )
