"""Plans that are killed before and after a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diagnostics.plans import changes
from diagnostics.plans.changes import Change
from iam.account import Account
from iam.changes.plan import Plan
from iam.sources.reader.opened import OpenedAccount
from tests.support.accounts.documents import LOGS, READ, trust

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader


OWN = "arn:aws:iam::111122223333:policy/"


OIDC = "https://token.actions.githubusercontent.com"


ROLE, USED = "orders-api-lambda", "web-frontend-ec2"


BARE = "i-0c7d8e9f0a1b2c3d4"


CHANGES: dict[str, tuple[str, Change]] = {
    "trust": (ROLE, changes.EditTrust(trust("glue.amazonaws.com"))),
    "a new inline policy": (ROLE, changes.PutInline("new", READ)),
    "a replaced inline policy": (ROLE, changes.PutInline("orders-table-rw", READ)),
    "delete an inline policy": (ROLE, changes.DeleteInline("orders-table-rw")),
    "attach": (ROLE, changes.Attach("arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess")),
    "detach": (ROLE, changes.Detach(LOGS)),
    "a copy of AWS's": (ROLE, changes.ReplaceByCopy(LOGS, "mine")),
    "boundary": (ROLE, changes.SetBoundary(f"{OWN}DeveloperBoundary")),
    "no boundary": ("ci-pipeline-builder", changes.RemoveBoundary()),
    "a sixth version": (USED, changes.EditPolicy(f"{OWN}app-assets-read", READ)),
    "an older version": (USED, changes.SetVersion(f"{OWN}app-assets-read", "v2")),
    "into a new profile": (ROLE, changes.AddToProfile()),
    "from a profile": (USED, changes.RemoveFromProfile()),
    "to an instance with another profile": ("report-worker-ec2", changes.AttachToInstance("i-0a1")),
    "in a new profile to an instance": ("legacy-ftp-sync", changes.AttachToInstance("i-0a1")),
    "to an instance without a profile": ("report-worker-ec2", changes.AttachToInstance(BARE)),
    "tags": (ROLE, changes.SetTags({"team": "other", "new": "x"}, ("env",))),
    "description": (ROLE, changes.Describe("other words")),
    "session": (ROLE, changes.SessionLength(7200)),
    "disable": (USED, changes.Disable()),
    "revoke": (USED, changes.Revoke()),
    "audience": (ROLE, changes.AddAudience(OIDC, "mine")),
    "provider": (ROLE, changes.CreateProvider("https://gitlab.com")),
}


def planned(name: str, change: Change, reader: AwsReader, account: Account) -> Plan:
    role = reader.role(name).value
    assert role is not None
    return change.plan(role, OpenedAccount(account, reader))


def bare(reader: AwsReader, instance: str) -> None:
    """Another client takes the instance's profile off."""
    ec2 = reader.aws.client("ec2")
    wanted = [{"Name": "instance-id", "Values": [instance]}]
    (held,) = ec2.describe_iam_instance_profile_associations(Filters=wanted)["IamInstanceProfileAssociations"]
    ec2.disassociate_iam_instance_profile(AssociationId=held["AssociationId"])
