"""Causes that concern roles and instance profiles: service-linked roles, trust policies and role sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.answer.own_machine import no_instance
from diagnostics.text.causes.build_causes import contains, quoted, reading, says
from diagnostics.text.causes.shared_causes import MISSING_SERVICE_ROLE
from diagnostics.text.read.command_outputs import profile_is_shown
from diagnostics.text.read.identities.instance_profiles import BEANSTALK_PROFILE, has_a_profile, of_beanstalk
from diagnostics.who import Who
from iam.lazy_pattern import regex

_WANTED_TRUST = regex(
    r"(?P<role>[\w+=,.@-]{1,64}) (?:should|must) (?:have|trust|allow)\b[^'\"\n]{0,80}['\"]"
    r"(?P<service>[a-z][\w.-]+\.amazonaws\.com(?:\.cn)?)['\"][^.\n]{0,40}\b(?:trust\w*|principal|assume)\b"
)


def wanted_in_trust(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause if a service says that its principal is missing in a role's trust policy."""
    if failure.trouble is not Trouble.UNRECOGNIZED or not (found := _WANTED_TRUST.search(failure.text)):
        return
    said = " ".join(found[0].split())
    regional = found["service"].count(".") > 2 + found["service"].endswith(".cn")
    more = " The principal of the same service without a Region is not enough." if regional else ""
    yield FirstLook(
        f"The trust policy of {found['role']} must let {found['service']} perform sts:AssumeRole: add exactly this "
        f"service principal.{more}",
        contains(said),
        reading("iam", "get-role", ("role-name", found["role"]), query="Role.AssumeRolePolicyDocument"),
        Who.RESOURCE_OWNER,
    )


# What people want from a service-linked role, and the ordinary role that does it, with the page for each.
_ORDINARY_ROLES = {
    # https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddRoleToDBInstance.html
    "AWSServiceRoleForRDS": "For RDS, create a role that trusts rds.amazonaws.com and attach it to the database: aws "
    "rds add-role-to-db-instance (or add-role-to-db-cluster), with the name of the feature.",
    # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    "AWSServiceRoleForECS": "On ECS, put the permissions that containers need in the task role (taskRoleArn), and "
    "those for images, secrets and logs in the task execution role.",
    # https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
    "AWSServiceRoleForLambda": "On Lambda, put the permissions that the function needs in its execution role.",
    # https://docs.aws.amazon.com/autoscaling/ec2/userguide/us-iam-role.html
    "AWSServiceRoleForAutoScaling": "For Auto Scaling, put the permissions that instances need in the role of their "
    "instance profile. For encrypted volumes, let the key's policy allow this role "
    "to use the key.",
    # https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html
    "AWSServiceRoleForRedshift": "For Redshift, create a role that trusts redshift.amazonaws.com and associate it with "
    "the cluster: aws redshift modify-cluster-iam-roles.",
    # https://docs.aws.amazon.com/batch/latest/userguide/job-IAM-role.html
    "AWSServiceRoleForBatch": "For Batch, put the permissions that jobs need in the job role of the job definition.",
    # https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
    "AWSServiceRoleForAmazonEKS": "On EKS, put the permissions that pods need in the role of their service account, "
    "and the cluster's own permissions in the cluster role.",
}


def service_linked(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the cause for a service-linked role: only the linked service can define its permissions and trust policy.

    IAM User Guide, "Create a service-linked role"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html).
    """
    name = failure.name or ""
    if failure.trouble is not Trouble.PROTECTED_ROLE or not name.startswith("AWSServiceRoleFor"):
        return
    if failure.operation == "DeleteRole":
        # IAM User Guide, "Delete a service-linked role"
        # (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html).
        yield FirstLook(
            "A service-linked role cannot be deleted with DeleteRole: use aws iam delete-service-linked-role "
            f"--role-name {name} (iam:DeleteServiceLinkedRole). This call works once nothing of the service uses the "
            "role, and the service may create it again.",
            contains(name),
            None,
            Who.CALLER,
        )
        if not quoted(failure.text, r"\bKMS\b|\bCMK\b|\bencrypt\w*|\bpermissions? for\b"):
            return
    instead = _ORDINARY_ROLES.get(
        name,
        "Give the permissions to an ordinary role, and configure the service to use that role, if the service accepts "
        "one.",
    )
    yield FirstLook(
        f"{name} is a service-linked role: only its service defines its policies, and no permission, SCP or boundary "
        f"changes that. {instead}",
        contains(name),
        None,
        Who.ACCOUNT_ADMIN,
    )


def service_linked_role(failure: OtherFailure) -> Iterator[FirstLook]:
    named = re.search(
        r"Service role name (AWSServiceRoleFor[\w+=,.@-]*?) has been taken in this account", failure.text, re.IGNORECASE
    )
    if named:
        yield FirstLook(
            "The service-linked role exists already, and an account can have only one: use it as it is and do not "
            "create it.",
            Sentence(f"“{named[0]}”", (Quotes(named[0]),)),
            reading("iam", "get-role", ("role-name", named[1])),
            Who.CALLER,
        )
    if failure.trouble is Trouble.SERVICE_ROLE_MISSING:
        yield MISSING_SERVICE_ROLE


_REQUESTED = regex(
    r"(?<!max_)(?<!max)(?<!maximum_)(?:\bduration[_-]?seconds|\b(?:aws_)?(?:assume_role_)?session[_-]?duration(?:_seconds)?"
    r"|\brole[_-]duration[_-]seconds|\b(?:--)?duration|\bdurationSeconds)[\"']?\s*[:= ]\s*[\"']?(?P<seconds>\d{3,6})\b",
    re.IGNORECASE,
)
_ALLOWED = regex(
    r"max_?session_?duration[\"'\]}]*\s*(?:(?:is|of)\s+|[:=]\s*)?[\"']?(?P<seconds>\d{4,5})\b"
    r"|\bRole\.MaxSessionDuration\b[^\n]*\n\s*(?P<printed>\d{4,5})\s*(?:\n|$)",
    re.IGNORECASE,
)


def _longer_than_allowed(failure: OtherFailure) -> FirstLook | None:
    """Return the cause with both durations, if the text shows one requested and one allowed; else None.

    IAM User Guide, "Update the maximum session duration for a role"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html).
    """
    requested = {int(each["seconds"]) for each in _REQUESTED.finditer(failure.text)}
    allowed = {int(each["seconds"] or each["printed"]) for each in _ALLOWED.finditer(failure.text)}
    if len(requested) != 1 or len(allowed) != 1 or (asked := requested.pop()) <= (most := allowed.pop()):
        return None
    return FirstLook(
        f"The program requests {asked} seconds, but the role's maximum session duration is {most}: request {most} or "
        f"less, or have the role's maximum raised to {asked} (aws iam update-role --max-session-duration).",
        says("the text has both durations", TextPart.TROUBLE, failure.trouble.value),
        None,
        Who.CALLER,
        decides=True,
    )


def session_length(failure: OtherFailure) -> Iterator[FirstLook]:
    if failure.trouble is not Trouble.SESSION_DURATION:
        return
    chained = quoted(failure.text, r"exceeds the 1 hour session")
    if not chained and (longer := _longer_than_allowed(failure)) is not None:
        yield longer
        return
    # aws-vault's README, "--no-session" (https://github.com/99designs/aws-vault/blob/master/USAGE.md).
    session = (
        " If the program first takes a session (GetSessionToken) and assumes the role with that, let it use the "
        "user's keys directly (aws-vault: --no-session), or use a version that does this."
        if chained and "GetSessionToken" in failure.text
        else ""
    )
    yield FirstLook(
        "A role that assumes another role can get one hour at most, whatever the role's maximum session duration: "
        f"request 3600 seconds or less, or assume the last role directly, without a role before it.{session}"
        if chained
        else (
            "The role's maximum session duration is shorter than the requested duration (the maximum is one hour "
            "unless somebody raised it)."
        ),
        contains(chained)
        if chained
        else says("the text mentions the session's duration", TextPart.TROUBLE, failure.trouble.value),
        reading("iam", "get-role", ("role-name", failure.name), query="Role.MaxSessionDuration"),
        Who.CALLER if chained else Who.ACCOUNT_ADMIN,
    )


# IAM User Guide, "Use instance profiles"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_switch-role-ec2_instance-profiles.html).
_NO_PROFILE = (
    "EC2 needs an instance profile, and a role is not an instance profile. For a role for EC2, the console creates "
    "an instance profile of the same name; the API, the CLI and Terraform do not. Create one that contains the role "
    "(aws_iam_instance_profile; aws iam create-instance-profile, add-role-to-instance-profile), or correct the name. A "
    "new profile takes a few seconds to become usable."
)

_NONE_FOUND = regex(r"no EC2 instance role found|no IAM role attached", re.IGNORECASE)


def profile(failure: OtherFailure) -> Iterator[FirstLook]:
    gone = "Instance Profile with id" in failure.text  # its verdict says what to do
    if failure.trouble is not Trouble.EMPTY_PROFILE or gone or no_instance(failure.text):
        return
    if (none := _NONE_FOUND.search(failure.text)) is not None and has_a_profile(failure.text):
        yield FirstLook(
            "The program was started before the profile was attached. If the program finds no role after a restart "
            "either, check whether it reaches the instance metadata service.",
            contains(none[0]),
            None,
            Who.CALLER,
        )
    elif not profile_is_shown(failure.name, failure.text):
        unknown = quoted(failure.text, r"Invalid IAM Instance Profile (?:name|ARN)")
        yield FirstLook(
            BEANSTALK_PROFILE
            if of_beanstalk(failure.text)
            else _NO_PROFILE
            if unknown
            else (
                "The instance profile is empty, does not exist yet, or has a different name than its role; a profile "
                "created a moment ago takes a few seconds to become usable."
            ),
            says(f"the text names the instance profile {failure.name}", TextPart.NAME, failure.name)
            if failure.name
            else says("the text mentions a profile", TextPart.TROUBLE, failure.trouble.value),
            reading("iam", "get-instance-profile", ("instance-profile-name", failure.name))
            or reading(
                "iam", "list-instance-profiles", query="InstanceProfiles[].[InstanceProfileName,Roles[].RoleName]"
            ),
            Who.ACCOUNT_ADMIN,
        )
