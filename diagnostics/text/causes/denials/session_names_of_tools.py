"""Causes of denials for sessions that tools create: Cloud9, Amplify Studio, permission sets and SDKs.

The session's name, or its role's name, shows whose permissions apply.

Source: Cloud9 User Guide, "AWS managed temporary credentials".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, reading
from diagnostics.text.causes.denials import cdk_roles
from diagnostics.text.causes.denials.parts_of_the_denial import ADMIN, Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import has_resource_types


def tools(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for identities that tools and services create themselves."""
    because = signs.caller_is
    in_cloud9 = "" if signs.names_caller else signs.quote(r"\b(?:AWS )?Cloud9\b")
    if (signs.role.startswith("AWSCloud9") or in_cloud9) and signs.service in ("iam", "sts"):
        # AWS Cloud9 User Guide, "AWS managed temporary credentials"
        # (https://docs.aws.amazon.com/cloud9/latest/user-guide/security-iam.html).
        yield FirstLook(
            "Cloud9's managed temporary credentials exclude much of IAM and STS, for administrators, too: turn them "
            "off (Preferences, AWS Settings, Credentials) and give the environment's instance a role, or sign in on "
            "the instance. This check shows which credentials are used.",
            contains(in_cloud9) if in_cloud9 else because,
            WHO_AM_I,
            Who.YOU,
        )
    yield from cdk_roles.bootstrap_roles(signs)
    if signs.role.startswith("AWSReservedSSO_") and signs.action != "sts:assumerole":
        set_name = signs.role.removeprefix("AWSReservedSSO_").rpartition("_")[0]
        everything = (
            ' The action cannot be limited to single resources: allow it on Resource "*".'
            if has_resource_types(signs.action) is False
            else ""
        )
        yield FirstLook(
            _of_everything(signs)
            if set_name == ADMIN
            else f"The caller's role belongs to the permission set {set_name or 'of this session'}. Unless another "
            "profile was meant, change the permission set in IAM Identity Center, never the role "
            f"itself.{everything}",
            because,
            signs.caller_read,
            Who.ORG_ADMIN,
            found_by=("identity",),
        )


def _of_everything(signs: Signs) -> str:
    """Return what may deny a session of the permission set AdministratorAccess."""
    if signs.layer:
        return (
            "AWS says that none of this session's own policies allows the action. Check in IAM Identity Center that "
            f"the permission set {ADMIN} has the policy of the same name, and that it is provisioned to this account."
        )
    return (
        f"The policy {ADMIN} allows every action. So if the permission set has this policy, another kind of policy "
        "refuses: an SCP, a permissions boundary or the resource's own policy."
    )


_NAMED_BY_SDK = regex(r"(?:botocore-session|aws-sdk-\w+|aws-go-sdk)-\d{8,}")


def default_session(signs: Signs) -> Iterator[FirstLook]:
    """Yield where the role may come from, if an SDK named the session because nothing else did.

    AWS SDKs and Tools Reference Guide, "Assume role credential provider", role_session_name
    (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
    """
    if _NAMED_BY_SDK.fullmatch(signs.session) and not signs.denied_explicitly:
        yield FirstLook(
            f"Check that {signs.role} is the role that is meant: an SDK chose the session's name, so the role comes "
            "from a web identity token, a profile's role_arn or the tool's own setting (such as a provider's "
            "assume_role).",
            signs.caller_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            found_by=("identity",),
        )


_DEPLOYS_A_BACKEND = r"\bampx\b|\bcdk-bootstrap/|\brole/cdk-|\bbackend deploy|\bpipeline-deploy\b"


def of_amplify_build(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if Amplify Hosting deploys a backend with a role that only serves another purpose.

    AWS Amplify Hosting User Guide, "Using IAM roles with Amplify applications" and "Adding a service role with
    permissions to deploy backend resources" (https://docs.aws.amazon.com/amplify/latest/userguide/amplify-service-role.html).
    """
    of_logs = signs.role.startswith("AmplifySSRLoggingRole")
    if signs.layer not in ("", "identity") or not (of_logs or signs.session == "BuildSession"):
        return
    if not (said := signs.quote(_DEPLOYS_A_BACKEND)):
        return
    app = re.search(r"(?<![a-z0-9])d(?=[a-z]*\d)[a-z0-9]{8,20}(?!\w)", f"{signs.role} {signs.denial.text}")
    now = (
        f"The app's service role is {signs.role}, which is only for logs: choose one with "
        "AmplifyBackendDeployFullAccess"
        if of_logs
        else f"The build uses the app's service role {signs.role}: attach AmplifyBackendDeployFullAccess to it, or "
        "choose a role that has this policy"
    )
    yield FirstLook(
        f"{now} (App settings, IAM roles), and build again. Amplify Hosting deploys the backend with that role, never "
        "with your own user.",
        contains(said),
        reading("amplify", "get-app", ("app-id", app[0] if app else "APP_ID"), query="app.iamServiceRoleArn"),
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def of_amplify_studio(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the Amplify CLI called with the session of a sign-in to Amplify Studio.

    Amplify documentation, "Access Amplify CLI with Amplify Studio"; the solution is that of the CLI's issue tracker
    (https://github.com/aws-amplify/amplify-hosting/issues/1411).
    """
    if signs.caller is None or not re.search(r"_(?:Full-access|Manage-only)/amplifyadmin$", signs.caller.resource):
        return
    yield FirstLook(
        "The Amplify CLI used the session of a sign-in to Amplify Studio. This session does not include the action, "
        "even if your own user is allowed to perform it. Run amplify configure project, choose the AWS profile, and "
        "run the command again.",
        signs.caller_is,
        None,
        Who.CALLER,
    )
