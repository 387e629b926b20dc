"""Parse ARNs (IAM User Guide, "IAM identifiers") into their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_ACCOUNT_ID = re.compile(r"\d{12}")
_ACCOUNT = re.compile(r"\d{12}|aws|aws-marketplace|amazon|third-party|cloudfront|elasticbeanstalk")

PARTITIONS = ("aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
"""The partitions that ARNs can have (AWS General Reference, "Amazon Resource Names")."""
SERVICE_LINKED_PATH = "/aws-service-role/"
SERVICE_PATHS = (SERVICE_LINKED_PATH, "/aws-reserved/")
"""The paths of roles that AWS services own.

https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html,
https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
"""


def is_account(text: str) -> bool:
    """Whether ``text`` can be the account part of an ARN: 12 digits, or a word that AWS uses for its own resources."""
    return _ACCOUNT.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN after ``arn``. ``resource`` may contain colons and slashes.

    Patterns with wildcards are parsed in the same way.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """Parse an ARN. Return None for any other text."""
        parts = text.split(":", 5)
        return cls(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None

    @classmethod
    def parse_principal(cls, text: str) -> Arn | None:
        """Parse the ARN of an IAM or STS principal (user, role, session, account …). Return None for any other text."""
        found = cls.parse(text)
        named = found is not None and found.service in ("iam", "sts") and not found.region and found.resource
        return found if named else None

    @classmethod
    def parse_entity(cls, text: str, *types: str) -> Arn | None:
        """Parse the ARN of an IAM entity of one of ``types`` (role, user, group …). Return None for any other text."""
        found = cls.parse_principal(text)
        named = found is not None and found.service == "iam" and found.type in types and found.account_id
        return (
            found if found is not None and named and found.partition and "/" in found.resource and found.name else None
        )

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    def beside(self, resource: str) -> Arn:
        """Return the ARN of another resource that belongs to the same service, Region and account."""
        return replace(self, resource=resource)

    @property
    def account_id(self) -> str | None:
        """The account ID, or None if the account part is empty, ``aws``, a wildcard or masked."""
        return self.account if _ACCOUNT_ID.fullmatch(self.account) else None

    @property
    def type(self) -> str:
        """The resource type: ``role`` for ``role/ci/deploy``.

        If the resource contains no slash, the type is the entire resource.
        """
        return self.resource.partition("/")[0]

    @property
    def id(self) -> str:
        """The resource without its type: ``orders`` for ``table/orders``, ``ci/deploy`` for ``role/ci/deploy``."""
        return self.resource.partition("/")[2] or self.resource.partition(":")[2] or self.resource

    @property
    def name(self) -> str:
        """The last part of the resource: ``deploy`` for ``role/ci/deploy``."""
        return self.resource.rpartition("/")[2]

    @property
    def path(self) -> str:
        """The path of an IAM entity: ``/ci/`` for ``role/ci/deploy``, ``/`` for ``role/deploy``."""
        folder = self.resource.partition("/")[2].rpartition("/")[0]
        return f"/{folder}/" if folder else "/"

    @property
    def session_role(self) -> str:
        """The role name in a session's ARN (``assumed-role/NAME/SESSION``).

        The ARN does not contain the role's path.
        """
        return self.id.partition("/")[0]

    @property
    def session_name(self) -> str:
        return self.id.partition("/")[2]


def name_of(arn: str) -> str:
    """Return the last part of an ARN, which is the resource's usual name. Bare names and paths are accepted too."""
    return arn.rpartition("/")[2].rpartition(":")[2]


def is_aws_managed(arn: str | None) -> bool:
    """Whether ``arn`` is the ARN of an AWS managed policy."""
    return arn is not None and ":iam::aws:policy/" in arn


def meant_policy(text: str, partition: str, account_id: str) -> str:
    """Return the ARN of the managed policy that the user means by ``text``.

    ``aws:ReadOnlyAccess`` is an AWS managed policy; any other name, with or without a path, is customer managed. An ARN
    is returned unchanged.
    """
    if text.startswith("arn:"):
        return text
    aws = text.startswith("aws:")
    return f"arn:{partition}:iam::{'aws' if aws else account_id}:policy/{text.removeprefix('aws:').lstrip('/')}"


def identity_of(principal: str) -> tuple[str, str, str]:
    """Return the account, type and name of a principal, which is a user or a role.

    For a session, this is the session's role. The name has no path. For text that is not a principal's ARN, account and
    type are empty.
    """
    arn = Arn.parse_principal(principal)
    if arn is None:
        return "", "", principal
    if arn.type == "assumed-role":
        return arn.account, "role", arn.session_role
    return arn.account, arn.type, arn.name


def service_of(arn_or_action: str) -> str:
    """Return the service prefix in an ARN or an action, in lower case."""
    parts = arn_or_action.split(":", 3)
    return (parts[2] if parts[0] == "arn" and len(parts) > 2 else parts[0]).lower()


def names_a_service(principal: str) -> bool:
    """Whether a principal is the name of an AWS service (``ec2.amazonaws.com``).

    Services have no policies of their own.
    """
    return principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) and ":" not in principal


def linked_service(arn: str) -> str:
    """Return the principal of the service whose service-linked role an ARN names; "" for any other text.

    IAM User Guide, "Service-linked roles": the role's path contains the principal
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html).
    """
    path = resource_of(arn).removeprefix("role")
    service = path.removeprefix(SERVICE_LINKED_PATH).partition("/")[0] if path.startswith(SERVICE_LINKED_PATH) else ""
    return service if "." in service else ""


def account_of(arn: str) -> str | None:
    """Return the account ID in an ARN, or None if it contains none."""
    found = Arn.parse(arn)
    return found.account_id if found is not None else None


def resource_of(arn: str) -> str:
    """Return the resource part of an ARN. For any other text, return what follows its last colon."""
    return arn.split(":", 5)[-1]
