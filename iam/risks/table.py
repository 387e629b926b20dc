"""All rules that the gate and the review share, with their functions, in the order in which they are checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from iam.account import Role
from iam.questions.index import Principal
from iam.risks import federation, permissions, trust
from iam.risks.judged_account import JudgedAccount
from iam.risks.risk import Risk, RiskRule

RoleRisk = Callable[[JudgedAccount, Role], Iterator[Risk]]
PrincipalRisk = Callable[[JudgedAccount, Principal], Iterator[Risk]]

ROLE_RISKS: Mapping[RiskRule, RoleRisk] = {
    trust.PUBLIC: trust.public,
    trust.EXTERNAL: trust.external,
    federation.WIDE: federation.wide,
    federation.AUDIENCE: federation.audience,
    trust.DEPUTY: trust.deputy,
    trust.SOURCE: trust.source_mismatch,
    federation.GITHUB_SUBJECT: federation.github_subject,
}
PRINCIPAL_RISKS: Mapping[RiskRule, PrincipalRisk] = {
    permissions.ADMIN: permissions.admin,
    permissions.WILDCARD_ACTION: permissions.wildcard_action,
    permissions.WILDCARD_RESOURCE: permissions.wildcard_resource,
    permissions.NOT_ACTION: permissions.not_action,
    permissions.NOT_RESOURCE: permissions.not_resource,
    permissions.PASS_ROLE: permissions.pass_role,
}
