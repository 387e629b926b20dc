"""The kinds of IAM entity that have names, and the rules for their names.

Name rules, lengths and the operations that return EntityAlreadyExists are those of IAM's service model. The page "IAM
and AWS STS quotas" of the user guide states that each kind has its own namespace, in which names are unique regardless
of case and path.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from diagnostics.failure import Conflict
from iam.arn import resource_of
from iam.lazy_pattern import regex

NAME_CHARACTERS = regex(r"[A-Za-z0-9_+=,.@-]+")
ALIAS = regex(r"[a-z0-9]([a-z0-9]|-(?!-)){1,61}[a-z0-9]")


class EntityKind(StrEnum):
    """A kind of entity.

    Values are those of ``entity_type`` in the JSON format, which has none for the account alias.
    """

    ROLE = "role"
    USER = "user"
    GROUP = "group"
    POLICY = "policy"
    INSTANCE_PROFILE = "instance-profile"
    OIDC_PROVIDER = "oidc-provider"
    SAML_PROVIDER = "saml-provider"
    SERVER_CERTIFICATE = "server-certificate"
    MFA_DEVICE = "virtual-mfa-device"
    LOGIN_PROFILE = "login-profile"
    SERVICE_LINKED_ROLE = "service-linked-role"
    ACCOUNT_ALIAS = "account-alias"


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about one kind of entity.

    ``word`` is the common word for it, ``longest`` the maximum length of a name in characters, ``arn`` the first part
    of the resource in its ARN, ``created_by`` the CloudTrail events that create one, ``option`` the AWS CLI option for
    its name, and ``stack_id`` whether CloudFormation identifies it by ``name`` or by ``arn``. ``listing`` is the call
    that lists all entities of the kind.
    """

    word: str
    longest: int
    arn: str
    created_by: tuple[str, ...]
    option: str
    listing: str
    stack_id: str = "name"
    cloudformation: str = ""
    terraform: str = ""


FACTS: dict[EntityKind, Facts] = {
    EntityKind.ROLE: Facts(
        "role",
        64,
        "role",
        ("CreateRole", "AcquireRole"),
        "role-name",
        "iam:ListRoles",
        cloudformation="AWS::IAM::Role",
        terraform="aws_iam_role",
    ),
    EntityKind.USER: Facts(
        "user",
        64,
        "user",
        ("CreateUser",),
        "user-name",
        "iam:ListUsers",
        cloudformation="AWS::IAM::User",
        terraform="aws_iam_user",
    ),
    EntityKind.GROUP: Facts(
        "group",
        128,
        "group",
        ("CreateGroup",),
        "group-name",
        "iam:ListGroups",
        cloudformation="AWS::IAM::Group",
        terraform="aws_iam_group",
    ),
    EntityKind.POLICY: Facts(
        "customer managed policy",
        128,
        "policy",
        ("CreatePolicy",),
        "policy-name",
        "iam:ListPolicies",
        stack_id="arn",
        cloudformation="AWS::IAM::ManagedPolicy",
        terraform="aws_iam_policy",
    ),
    EntityKind.INSTANCE_PROFILE: Facts(
        "instance profile",
        128,
        "instance-profile",
        ("CreateInstanceProfile",),
        "instance-profile-name",
        "iam:ListInstanceProfiles",
        cloudformation="AWS::IAM::InstanceProfile",
        terraform="aws_iam_instance_profile",
    ),
    EntityKind.OIDC_PROVIDER: Facts(
        "OIDC provider",
        255,
        "oidc-provider",
        ("CreateOpenIDConnectProvider",),
        "url",
        "iam:ListOpenIDConnectProviders",
        stack_id="arn",
        cloudformation="AWS::IAM::OIDCProvider",
        terraform="aws_iam_openid_connect_provider",
    ),
    EntityKind.SAML_PROVIDER: Facts(
        "SAML provider",
        128,
        "saml-provider",
        ("CreateSAMLProvider",),
        "name",
        "iam:ListSAMLProviders",
        stack_id="arn",
        cloudformation="AWS::IAM::SAMLProvider",
        terraform="aws_iam_saml_provider",
    ),
    EntityKind.SERVER_CERTIFICATE: Facts(
        "server certificate",
        128,
        "server-certificate",
        ("UploadServerCertificate",),
        "server-certificate-name",
        "iam:ListServerCertificates",
        cloudformation="AWS::IAM::ServerCertificate",
        terraform="aws_iam_server_certificate",
    ),
    EntityKind.MFA_DEVICE: Facts(
        "virtual MFA device",
        226,
        "mfa",
        ("CreateVirtualMFADevice",),
        "virtual-mfa-device-name",
        "iam:ListVirtualMFADevices",
        stack_id="arn",
        cloudformation="AWS::IAM::VirtualMFADevice",
        terraform="aws_iam_virtual_mfa_device",
    ),
    EntityKind.LOGIN_PROFILE: Facts(
        "login profile",
        64,
        "user",
        ("CreateLoginProfile",),
        "user-name",
        "iam:GetLoginProfile",
        terraform="aws_iam_user_login_profile",
    ),
    EntityKind.SERVICE_LINKED_ROLE: Facts(
        "service-linked role",
        64,
        "role",
        ("CreateServiceLinkedRole",),
        "role-name",
        "iam:ListRoles",
        cloudformation="AWS::IAM::ServiceLinkedRole",
        terraform="aws_iam_service_linked_role",
    ),
    EntityKind.ACCOUNT_ALIAS: Facts(
        "account alias",
        63,
        "",
        ("CreateAccountAlias",),
        "account-alias",
        "iam:ListAccountAliases",
        terraform="aws_iam_account_alias",
    ),
}

OPERATIONS: dict[str, EntityKind] = {
    "CreateRole": EntityKind.ROLE,
    "AcquireRole": EntityKind.ROLE,
    "CreateUser": EntityKind.USER,
    "UpdateUser": EntityKind.USER,
    "CreateGroup": EntityKind.GROUP,
    "UpdateGroup": EntityKind.GROUP,
    "CreatePolicy": EntityKind.POLICY,
    "CreatePolicyVersion": EntityKind.POLICY,
    "CreateInstanceProfile": EntityKind.INSTANCE_PROFILE,
    "AddRoleToInstanceProfile": EntityKind.INSTANCE_PROFILE,
    "CreateOpenIDConnectProvider": EntityKind.OIDC_PROVIDER,
    "CreateSAMLProvider": EntityKind.SAML_PROVIDER,
    "UploadServerCertificate": EntityKind.SERVER_CERTIFICATE,
    "UpdateServerCertificate": EntityKind.SERVER_CERTIFICATE,
    "CreateVirtualMFADevice": EntityKind.MFA_DEVICE,
    "EnableMFADevice": EntityKind.MFA_DEVICE,
    "CreateLoginProfile": EntityKind.LOGIN_PROFILE,
    "CreateServiceLinkedRole": EntityKind.SERVICE_LINKED_ROLE,
    "CreateAccountAlias": EntityKind.ACCOUNT_ALIAS,
}

SEARCHED_WITHOUT_A_KIND = (
    EntityKind.ROLE,
    EntityKind.INSTANCE_PROFILE,
    EntityKind.POLICY,
    EntityKind.USER,
    EntityKind.GROUP,
    EntityKind.SAML_PROVIDER,
    EntityKind.OIDC_PROVIDER,
    EntityKind.SERVER_CERTIFICATE,
    EntityKind.MFA_DEVICE,
)
"""The namespaces to search if nothing says which kind is meant, the likeliest first."""


WITH_PATHS = frozenset(
    {
        EntityKind.ROLE,
        EntityKind.USER,
        EntityKind.GROUP,
        EntityKind.POLICY,
        EntityKind.INSTANCE_PROFILE,
        EntityKind.SERVER_CERTIFICATE,
    }
)
"""The kinds that have a path, which is ``/`` by default."""


def wanted_kind(conflict: Conflict) -> EntityKind | None:
    """Return the kind of entity that was to be created, or None if the text names neither a kind nor an operation.

    If the two differ, the operation determines the kind; the kind in the text then belongs to another entity.
    """
    by_operation = OPERATIONS.get(conflict.operation or "")
    try:
        by_text = EntityKind(conflict.entity_type) if conflict.entity_type else None
    except ValueError:
        by_text = None
    if by_text is EntityKind.SERVICE_LINKED_ROLE:
        return by_text
    return by_operation or by_text


def bare_name(kind: EntityKind | None, text: str) -> str:
    """Return the name in ``text``, which may be an ARN (as in CloudFormation's identifiers) or an OIDC URL."""
    name = text.strip()
    if name.startswith("arn:"):
        resource = resource_of(name)
        name = resource.split("/", 1)[-1] if kind is EntityKind.OIDC_PROVIDER else resource.rsplit("/", 1)[-1]
    if kind is EntityKind.OIDC_PROVIDER:
        name = re.sub(r"^https?://", "", name, flags=re.IGNORECASE).rstrip("/")
    return name


def key_of(kind: EntityKind, name: str) -> str:
    """Return a key that is equal for two names of a kind if IAM treats them as the same.

    IAM's names are ASCII. Other characters, such as the Kelvin sign, have lower-case forms that IAM does not use.
    """
    bare = bare_name(kind, name)
    return bare.lower() if bare.isascii() else bare


def valid_name(kind: EntityKind, name: str) -> bool:
    """Return whether IAM accepts ``name`` for a new entity of this kind."""
    if not name or len(name) > FACTS[kind].longest:
        return False
    if kind is EntityKind.ACCOUNT_ALIAS:
        return ALIAS.fullmatch(name) is not None
    if kind is EntityKind.OIDC_PROVIDER:
        return re.fullmatch(r"[!-~]+", name) is not None
    if kind is EntityKind.SAML_PROVIDER:
        return re.fullmatch(r"[A-Za-z0-9_.-]+", name) is not None
    return NAME_CHARACTERS.fullmatch(name) is not None


DELETIONS: Mapping[str, tuple[EntityKind, str]] = MappingProxyType(
    {
        "DeleteRole": (EntityKind.ROLE, "RoleName"),
        "DeleteUser": (EntityKind.USER, "UserName"),
        "DeleteGroup": (EntityKind.GROUP, "GroupName"),
        "DeletePolicy": (EntityKind.POLICY, "PolicyArn"),
        "DeleteInstanceProfile": (EntityKind.INSTANCE_PROFILE, "InstanceProfileName"),
        "DeleteVirtualMFADevice": (EntityKind.MFA_DEVICE, "SerialNumber"),
        "DeleteServerCertificate": (EntityKind.SERVER_CERTIFICATE, "ServerCertificateName"),
    }
)
"""For each deletion call, the kind that it deletes and the parameter that identifies the entity."""
