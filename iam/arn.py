"""An ARN taken apart (IAM User Guide, "IAM identifiers"): the only place that knows where its parts stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_ACCOUNT_ID = re.compile(r"\d{12}")
_ACCOUNT = re.compile(r"\d{12}|aws|aws-marketplace|amazon|third-party|cloudfront|elasticbeanstalk")


def is_account(text: str) -> bool:
    """Whether the account of an ARN can be this: a number of 12 digits, or a word that AWS writes for its own."""
    return _ACCOUNT.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Arn:
    """The six parts of an ARN, the first of which is ``arn``. ``resource`` may contain colons and slashes.

    A pattern with wildcards is taken apart in the same way.
    """

    partition: str
    service: str
    region: str
    account: str
    resource: str

    @classmethod
    def parse(cls, text: str) -> Arn | None:
        """The ARN that ``text`` is, or None for anything else."""
        parts = text.split(":", 5)
        return cls(*parts[1:]) if len(parts) == 6 and parts[0] == "arn" else None

    @classmethod
    def parse_principal(cls, text: str) -> Arn | None:
        """The ARN of IAM's or STS's that ``text`` is (a user, a role, a session, an account …), or None."""
        found = cls.parse(text)
        named = found is not None and found.service in ("iam", "sts") and not found.region and found.resource
        return found if named else None

    @classmethod
    def parse_entity(cls, text: str, *types: str) -> Arn | None:
        """The ARN of an account's role, user, group … of one of ``types`` that ``text`` is, or None."""
        found = cls.parse_principal(text)
        named = found is not None and found.service == "iam" and found.type in types and found.account_id
        return (
            found if found is not None and named and found.partition and "/" in found.resource and found.name else None
        )

    def __str__(self) -> str:
        return f"arn:{self.partition}:{self.service}:{self.region}:{self.account}:{self.resource}"

    def beside(self, resource: str) -> Arn:
        """The ARN of another resource of the same service, region and account."""
        return replace(self, resource=resource)

    @property
    def account_id(self) -> str | None:
        """The account where it is one of 12 digits, not left out, ``aws``, a wildcard or masked."""
        return self.account if _ACCOUNT_ID.fullmatch(self.account) else None

    @property
    def type(self) -> str:
        """``role`` of ``role/ci/deploy``; the whole resource where no slash follows its type."""
        return self.resource.partition("/")[0]

    @property
    def id(self) -> str:
        """The resource without its type: ``orders`` of ``table/orders``, ``ci/deploy`` of ``role/ci/deploy``."""
        return self.resource.partition("/")[2] or self.resource.partition(":")[2] or self.resource

    @property
    def name(self) -> str:
        """The last part of the resource: ``deploy`` of ``role/ci/deploy``."""
        return self.resource.rpartition("/")[2]

    @property
    def path(self) -> str:
        """An IAM entity's path: ``/ci/`` of ``role/ci/deploy``, ``/`` of ``role/deploy``."""
        folder = self.resource.partition("/")[2].rpartition("/")[0]
        return f"/{folder}/" if folder else "/"

    @property
    def session_role(self) -> str:
        """The name of the role that a session (``assumed-role/NAME/SESSION``) is of; its path is unknown."""
        return self.id.partition("/")[0]

    @property
    def session_name(self) -> str:
        return self.id.partition("/")[2]


def name_of(arn: str) -> str:
    """The last part of an ARN: the name that people use. A bare name or path is taken too."""
    return arn.rpartition("/")[2].rpartition(":")[2]


def is_aws_managed(arn: str | None) -> bool:
    """Whether it is the ARN of a managed policy of AWS's own."""
    return arn is not None and ":iam::aws:policy/" in arn


def meant_policy(text: str, partition: str, account_id: str) -> str:
    """The ARN of the managed policy that a person means: an ARN as it is; ``aws:ReadOnlyAccess`` is AWS's policy, any
    other name one of the account's own. A path may be before a name.
    """
    if text.startswith("arn:"):
        return text
    aws = text.startswith("aws:")
    return f"arn:{partition}:iam::{'aws' if aws else account_id}:policy/{text.removeprefix('aws:').lstrip('/')}"


def identity_of(principal: str) -> tuple[str, str, str]:
    """The account, type and name of a user or role; for a session those of its role, whose path it does not show."""
    arn = Arn.parse_principal(principal)
    if arn is None:
        return "", "", principal
    if arn.type == "assumed-role":
        return arn.account, "role", arn.session_role
    return arn.account, arn.type, arn.name


def service_of(arn_or_action: str) -> str:
    """The service's short name in an ARN or an action, in lower case."""
    parts = arn_or_action.split(":", 3)
    return (parts[2] if parts[0] == "arn" and len(parts) > 2 else parts[0]).lower()


def names_a_service(principal: str) -> bool:
    """Whether a principal is the name of an AWS service (``ec2.amazonaws.com``), which has no policies of its own."""
    return principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) and ":" not in principal


def account_of(arn: str) -> str | None:
    """The account of 12 digits in an ARN, else None."""
    found = Arn.parse(arn)
    return found.account_id if found is not None else None


def resource_of(arn: str) -> str:
    """What is behind the account in an ARN; another text as it is, and its last part if it has colons."""
    return arn.split(":", 5)[-1]
