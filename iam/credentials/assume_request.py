"""The parameters of sts:AssumeRole other than the role, and the condition keys that they set in the request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from iam.policy.operators import operator
from iam.policy.principal import Kind, RequestCaller
from iam.policy.statements import ConditionBlock

ACTION = "sts:AssumeRole"
TAG_KEY = "aws:requesttag/"
_MFA_CODE = re.compile(r"[0-9]{6}")


def is_mfa_code(text: str) -> bool:
    """Whether the text has the form of an MFA code: six digits."""
    return _MFA_CODE.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class AssumeRequest:
    """The parameters of one sts:AssumeRole call, other than the role.

    If ``seconds`` is None, STS's default of one hour applies. ``mfa_serial`` and ``mfa_code`` belong together: the
    user's device and its current code.
    """

    session_name: str
    external_id: str = ""
    source_identity: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    seconds: int | None = None
    mfa_serial: str = ""
    mfa_code: str = field(default="", repr=False)

    @property
    def words(self) -> str:
        """Return the parameters for a sentence: `` with its external ID and the tag team=ferry``, or ""."""
        parts = ["its external ID"] if self.external_id else []
        parts += [f"the source identity {self.source_identity}"] if self.source_identity else []
        parts += [f"the tag {key}={value}" for key, value in self.tags]
        parts += ["an MFA code"] if self.mfa_code else []
        return f" with {' and '.join(parts)}" if parts else ""

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that must be allowed, by the caller's policies and by the trust policy.

        Tags and a source identity require additional actions. See IAM User Guide, "Pass session tags in AWS STS",
        "Monitor and control actions taken with assumed roles".
        """
        more = ("sts:TagSession",) if self.tags else ()
        return (ACTION, *more, "sts:SetSourceIdentity") if self.source_identity else (ACTION, *more)

    @property
    def parameters(self) -> dict[str, Any]:
        given: dict[str, Any] = {"RoleSessionName": self.session_name}
        if self.seconds is not None:
            given["DurationSeconds"] = self.seconds
        if self.external_id:
            given["ExternalId"] = self.external_id
        if self.source_identity:
            given["SourceIdentity"] = self.source_identity
        if self.tags:
            given["Tags"] = [{"Key": key, "Value": value} for key, value in self.tags]
        if self.mfa_code:
            given |= {"SerialNumber": self.mfa_serial, "TokenCode": self.mfa_code}
        return given

    @property
    def context(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {"sts:RoleSessionName": (self.session_name,)}
        if self.external_id:
            found["sts:ExternalId"] = (self.external_id,)
        if self.source_identity:
            found["sts:SourceIdentity"] = (self.source_identity,)
        if self.tags:
            found |= {f"aws:RequestTag/{key}": (value,) for key, value in self.tags}
            found["aws:TagKeys"] = tuple(key for key, _ in self.tags)
        if self.mfa_code:
            found |= {"aws:MultiFactorAuthPresent": ("true",), "aws:MultiFactorAuthAge": ("0",)}
        return found


def wanted_value(block: ConditionBlock, who: RequestCaller) -> str:
    """Return a value that satisfies the condition, or "" if the policy alone does not determine one."""
    what = operator(block.operator)
    if what is None or what.negated or not what.base.startswith("String"):
        return ""
    for value in block.values:
        text = value
        if who.kind is Kind.USER:
            text = re.sub(r"\$\{aws:username\}", who.name or "", text, flags=re.IGNORECASE)
        if "${" in text:
            continue
        return text.replace("*", "example").replace("?", "x") if what.base == "StringLike" else text
    return ""
