"""Add the request to the exceptions of a Deny statement: NotResource, NotPrincipal or NotAction."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.denies.deny import Deny
from diagnostics.fix import Fix, Note
from iam.arn import identity_of
from iam.facts.guards import guard_of_action, guard_sentence
from iam.lazy_pattern import regex
from iam.words import listing


def let_users_sign_in(deny: Deny) -> Fix | None:
    """The statement denies everything without MFA, including the calls that a first sign-in needs.

    IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html).
    """
    signs_in = deny.request.action.lower() in _AT_SIGN_IN and "NotAction" in deny.covers
    if not signs_in or not any(each.key.lower().startswith("aws:multifactorauth") for each in deny.conditions):
        return None
    text = (
        f"Add iam:ChangePassword and iam:GetAccountPasswordPolicy to the NotAction of {deny.which}, because a user "
        "who must change the password at the first sign-in has no MFA device yet. Or set a password that does not "
        "have to be changed, so that the user can set up MFA first."
    )
    title = f"Let users change their password before they have MFA, in {deny.which}"
    return Fix(title, deny.owner, Note(deny.place, text))


_AT_SIGN_IN = ("iam:changepassword", "iam:getaccountpasswordpolicy")


def add_the_bucket(deny: Deny) -> Fix | None:
    """NotResource names only objects of the bucket on which the action acts."""
    on = deny.request.resource
    inner = f"{on}/" if on.count(":::") == 1 and "/" not in on else "-"
    if not any(each.startswith(inner) for each in deny.covers.get("NotResource", ())):
        return None
    text = (
        f"NotResource contains only objects of the bucket, but {deny.request.action} acts on the bucket itself: add "
        f"{on}. To limit what the caller can list, use the condition key s3:prefix in the Allow."
    )
    return Fix(f"Add the bucket to the NotResource of {deny.which}", deny.owner, Note(deny.place, text))


def add_the_objects(deny: Deny) -> Fix | None:
    """NotResource names the bucket without its objects."""
    named = deny.covers.get("NotResource", ())
    without = next((each for each in named if deny.request.resource.startswith(f"{each}/")), None)
    if without is None:
        return None
    text = f"NotResource names only the bucket {without}, not its objects: add {without}/* to NotResource."
    return Fix(f"Add {without}/* to the NotResource of {deny.which}", deny.owner, Note(deny.place, text))


def complete_the_prefix(deny: Deny) -> Fix | None:
    """NotResource names a prefix without a wildcard."""
    named = deny.covers.get("NotResource", ())
    bare = next((each for each in named if each.endswith("/") and deny.request.resource.startswith(each)), None)
    if bare is None:
        return None
    text = f"NotResource names {bare}, which matches no object without a *: write {bare}* in NotResource."
    return Fix(f"Write {bare}* in the NotResource of {deny.which}", deny.owner, Note(deny.place, text))


def add_the_resource(deny: Deny) -> Fix | None:
    """NotResource does not name the resource."""
    if "NotResource" not in deny.covers:
        return None
    on = deny.request.resource
    bucket = re.match(r"(arn:[\w-]+:s3:::[^/]+)/", on)
    if bucket is not None:
        folder = on.rpartition("/")[0]
        guards = any(each.startswith(f"{bucket[1]}/") for each in deny.covers["NotResource"])
        in_folder = on if folder == bucket[1] else f"{folder}/*"
        on = in_folder if guards else f"{bucket[1]}/*"  # it guards the rest of this bucket
    text = f"If this should be allowed, add {on} to the NotResource of {deny.which}. No Allow overrides the Deny."
    title = f"Add the resource to the NotResource of {deny.which}, if this request should be allowed"
    return Fix(title, deny.owner, Note(deny.place, text))


def allow_only_the_service(deny: Deny) -> Fix | None:
    """NotPrincipal excepts AWS services only."""
    named = deny.covers.get("NotPrincipal")
    if named is None or not all(_SERVICE.fullmatch(each) for each in named):
        return None
    only_for = listing(list(named))
    text = (
        f"Remove the statement, because a Deny with NotPrincipal also denies the administrators. Allow {only_for} "
        "the actions that it needs, with a condition on aws:SourceAccount or aws:SourceArn. Other principals have "
        "only the permissions that a policy gives them."
    )
    return Fix(f"Replace {deny.which} with an Allow for {only_for}", deny.owner, Note(deny.place, text))


_SERVICE = regex(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")


def exempt_the_caller(deny: Deny) -> Fix | None:
    """NotPrincipal does not name the caller."""
    if "NotPrincipal" not in deny.covers:
        return None
    name = identity_of(deny.request.principal or "")[2] or "the caller"
    text = (
        f'If {name} should be allowed to make this request, replace NotPrincipal with "Principal": "*" and '
        "ArnNotEquals on aws:PrincipalArn. List in it every ARN of NotPrincipal and the caller's role. No Allow "
        "overrides the Deny."
    )
    title = f"Exempt {name} from {deny.which}, if this request should be allowed"
    return Fix(title, deny.owner, Note(deny.place, text))


def add_the_action(deny: Deny) -> Fix | None:
    """NotAction does not name the action."""
    if "NotAction" not in deny.covers:
        return None
    action = deny.request.action
    text = f"If this should be allowed, add {action} to the NotAction of {deny.which}. No Allow overrides the Deny."
    title = f"Add the action to the NotAction of {deny.which}, if this request should be allowed"
    return Fix(title, deny.owner, Note(deny.place, text))


def keep_the_guard(deny: Deny) -> Fix | None:
    """The statement is a guard against this action."""
    guard = guard_of_action(deny.request.action)
    if guard is None:
        return None
    title = f"Keep {deny.which}, which most likely protects {guard}"
    return Fix(title, deny.owner, Note(deny.place, guard_sentence(deny.request.action)))


_WRITES = {"backup": "aws backup put-backup-vault-access-policy --backup-vault-name VAULT"}
"""How the policy of a service's resource is written.

AWS Backup Developer Guide, "Vault access policies"
(https://docs.aws.amazon.com/aws-backup/latest/devguide/create-a-vault-access-policy.html).
"""


def change_the_resource_policy(deny: Deny) -> Fix | None:
    """The policy of the resource denies the action without a condition."""
    action = deny.request.action
    if deny.word != "resource" or deny.conditions or any(each.startswith("Not") for each in deny.covers):
        return None
    how = f" ({_WRITES[deny.service]})" if deny.service in _WRITES else ""
    everybody = "The Deny also applies to administrators. " if "*" in deny.covers.get("Principal", ()) else ""
    text = (
        f"{everybody}The statement may protect the resource: ask the resource's owner first. If this request "
        f"should be allowed, write the policy without {action} in {deny.which}{how}, make the request, and restore "
        "the statement."
    )
    return Fix(
        f"Remove {action} from {deny.which}, if this request should be allowed", deny.owner, Note(deny.place, text)
    )
