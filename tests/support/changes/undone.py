"""Every kind of change with its plan and its undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from iam.account import Account
from iam.changes.builders.instance_profiles import delete_profile
from iam.changes.builders.policies import add_audience, delete_policy, new_version, set_default_version, together
from iam.changes.builders.roles import delete_role
from iam.changes.plan import Plan
from iam.creation.plan import create_role
from iam.creation.spec import RoleSpec
from tests.support.accounts.documents import READ
from tests.support.changes.built import CHANGES, role_of

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


FIVE_VERSIONS, ONE_VERSION = (f"arn:aws:iam::111122223333:policy/{name}" for name in ("app-assets-read", "lake-etl"))


def new_version_of(arn: str) -> Callable[[AwsReader, Account, RoleSpec], Plan]:
    def make(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
        policy = reader.managed_policy(arn).value
        assert policy is not None
        return new_version(policy, READ.text, account)

    return make


def deleted_policy(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    policy = reader.managed_policy(FIVE_VERSIONS).value
    assert policy is not None
    return delete_policy(policy, account)


def older_version(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    policy = reader.managed_policy(FIVE_VERSIONS).value
    assert policy is not None
    return set_default_version(policy, "v2", account)


def deleted_profile(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    profile = reader.instance_profile("report-worker-profile").value
    assert profile is not None
    return delete_profile(profile, account)


def several(reader: AwsReader, account: Account, spec: RoleSpec) -> Plan:
    plans = [make(reader, account, spec) for make in (new_version_of(ONE_VERSION), new_version_of(FIVE_VERSIONS))]
    audience = add_audience((account.oidc_providers or ())[0], "x", account)
    return together("several", [audience, *plans, CHANGES["trust"](role_of(reader), account, reader)])


KINDS: dict[str, Callable[[AwsReader, Account, RoleSpec], Plan]] = {
    **{
        name: lambda reader, account, spec, make=make: make(role_of(reader), account, reader)  # type: ignore[misc]
        for name, make in CHANGES.items()
    },
    "create": lambda reader, account, spec: create_role(spec, account),
    "delete": lambda reader, account, spec: delete_role(role_of(reader, "web-frontend-ec2"), account, reader),
    "delete a profile": deleted_profile,
    "a new version": new_version_of(ONE_VERSION),
    "a sixth version": new_version_of(FIVE_VERSIONS),
    "an older version": older_version,
    "delete a policy": deleted_policy,
    "several": several,
}
