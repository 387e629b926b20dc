"""Causes of denials for sessions that tools create: the CDK, Cloud9, Amplify Studio, permission sets and SDKs.

The session's name, or its role's name, shows whose permissions apply.

Sources: CDK Developer Guide, "Bootstrapping"; Cloud9 User Guide, "AWS managed temporary credentials".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Says, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import ADMIN, CDK_ROLE, Signs
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME
from iam.service_reference import has_resource_types

_CDK_NOT_TAKEN = r"could not be used to assume '(?:[^'\n]{0,120}role/cdk-[^'\n]{1,120}'|[^'\n]{0,120}:role/?(?=\n))"
_CDK_TAKEN = regex(r"\bAssum(?:ing|ed) role '?arn:[\w-]+:iam::\d{12}:role/(?P<role>cdk-[\w-]+-\d{12}-[\w-]+)")
_NOT_TAKEN = regex(r"not authorized|[Ff]ailed|[Cc]ould not|cannot|[Dd]enied")


def _taken_beside(role: str, text: str) -> str:
    """Return another role of the same bootstrap stack that the text says was assumed; "" if it names none."""
    place = re.search(r"-\d{12}-[\w-]+$", role)
    named = dict.fromkeys(found["role"] for found in _CDK_TAKEN.finditer(text))
    others = [each for each in named if place is not None and each != role and each.endswith(place[0])]
    failed = [line for line in text.splitlines() if _NOT_TAKEN.search(line)]
    return next((each for each in others if not any(each in line for line in failed)), "")


_CDK_CREDENTIALS = regex(r"using current credentials \(which are for account (?P<account>\d{12})\)")


def _credentials_of_another_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield the profile, if CDK says that its credentials are of an account other than the role's.

    CDK Developer Guide, "Configure security credentials for the AWS CDK CLI"
    (https://docs.aws.amazon.com/cdk/v2/guide/configure-access.html) and "Bootstrap your environment" (--trust).
    """
    found = _CDK_CREDENTIALS.search(signs.denial.pasted or signs.denial.text)
    asked = account_of(signs.denial.resource or "")
    if found is None or asked is None or found["account"] == asked:
        return
    yield FirstLook(
        f"The credentials belong to account {found['account']}, and the stack is in account {asked}: if this is not "
        f"intended, choose a profile of {asked} (--profile or AWS_PROFILE). Only a deployment across accounts needs an "
        f"environment that was bootstrapped with --trust {found['account']}.",
        contains(found[0]),
        WHO_AM_I,
        Who.YOU,
    )


_OF_QUALIFIER = regex(
    r"\bcdk-(?P<role>[\w-]+?)-(?:(?:[a-z]+-)+?role|assets)-|\bcdk-bootstrap/(?P<parameter>[\w-]+?)/version"
)


def _of_another_qualifier(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the caller and the resource belong to bootstrap stacks of two qualifiers.

    CDK Developer Guide, "Customize AWS CDK bootstrapping", qualifier
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html).
    """
    resource = signs.denial.resource or ""
    own, other = _OF_QUALIFIER.search(f"{signs.role}-"), _OF_QUALIFIER.search(f"{resource}-")
    if own is None or other is None:
        return
    ours, theirs = own["role"], other["role"] or other["parameter"]
    if ours == theirs:
        return
    yield FirstLook(
        f"Two bootstrap stacks are mixed: the caller has the qualifier {ours}, and the resource {theirs}. Use one for "
        "the entire app: @aws-cdk/core:bootstrapQualifier in cdk.json, or the synthesizer's qualifier in every stack, "
        "and bootstrap with --qualifier. No policy has to change.",
        Sentence(
            f"the text contains {signs.role} and {resource}",
            (Says(TextPart.PRINCIPAL, signs.role), Says(TextPart.RESOURCE, resource)),
        ),
        _cdk_stack(signs.role),
        Who.CALLER,
    )


_BOOTSTRAPPED_WITH = regex(r"\bcdk bootstrap\b[^\n]*--qualifier[= ]+[\"']?(?P<qualifier>[A-Za-z0-9_-]{1,10})\b")


def _of_bootstraps_qualifier(signs: Signs) -> FirstLook | None:
    """Return the cause if the text bootstraps with another qualifier than the role's that is asked for; else None.

    CDK Developer Guide, "Customize AWS CDK bootstrapping": the app must name the qualifier, too
    (https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-customizing.html).
    """
    asked = _OF_QUALIFIER.search(f"{signs.target_role}-")
    made = {
        each["qualifier"]: each[0] for each in _BOOTSTRAPPED_WITH.finditer(signs.denial.pasted or signs.denial.text)
    }
    if asked is None or len(made) != 1 or asked["role"] in made:
        return None
    qualifier, said = made.popitem()
    default = " (the default)" if asked["role"] == "hnb659fds" else ""
    return FirstLook(
        f"The environment was bootstrapped with the qualifier {qualifier}, but the app asks for the role of "
        f"{asked['role']}{default}: set @aws-cdk/core:bootstrapQualifier to {qualifier} in cdk.json, or the "
        f"synthesizer's "
        "qualifier in every stack. No permission is missing.",
        contains(said[-60:]),
        None,
        Who.CALLER,
    )


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
    named = CDK_ROLE.search(f"{signs.role}-") or CDK_ROLE.search(f"{signs.target_role}-")
    if named and signs.action == "sts:assumerole":
        if (qualified := _of_bootstraps_qualifier(signs)) is not None:
            yield qualified
            return
        yield from _credentials_of_another_account(signs)
        other = _taken_beside(signs.target_role, signs.denial.pasted or signs.denial.text)
        never = (
            f" The account and Region are bootstrapped, because {other} was assumed there: a newer version of the CDK "
            "may need this role, too."
            if other
            else " Or this account and Region were never bootstrapped, or not with trust for the caller's account."
        )
        yield FirstLook(
            f"The caller is not allowed to assume CDK's bootstrap role.{never}",
            says(f"the resource is CDK's {named['kind']} role", TextPart.RESOURCE, signs.target_role),
            _cdk_stack(signs.target_role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif (refused := signs.quote(_CDK_NOT_TAKEN)) and (meant := signs.quote(_NOT_TO_DEPLOY)):
        # CDK CLI reference, "cdk diff": without a change set it compares the templates only
        # (https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-diff.html).
        by_template = ", or run cdk diff --method=template (older versions: --no-change-set)"
        diff = by_template if signs.says(r"\bcdk diff\b") else ""
        yield FirstLook(
            "CDK continued with the caller's own permissions, because the caller is not allowed to assume the deploy "
            f"role, which the text says is intended. Allow the caller {signs.denial.action} on the stack{diff}. Leave "
            "the deploy role's trust as it is.",
            contains(refused, meant),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif refused:
        # CDK Developer Guide, "AWS CDK bootstrapping": the deploy role makes CloudFormation's calls.
        yield FirstLook(
            "Allow the caller to perform sts:AssumeRole on CDK's bootstrap roles (arn:aws:iam::ACCOUNT:role/cdk-*): "
            "according to the text, CDK could not assume them and continued with the caller's own permissions. If the "
            "caller already has that permission, the roles do not exist here (run cdk bootstrap) or do not trust this "
            "caller.",
            contains(refused),
            _cdk_stack(signs.role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif CDK_ROLE.search(f"{signs.role}-"):
        yield from _of_another_qualifier(signs)
        given = (
            "The role's policies are those passed to cdk bootstrap in --cloudformation-execution-policies (default: "
            "AdministratorAccess). Add the action to one of these policies, or bootstrap again with every policy that "
            "the role needs: the option replaces the previous list."
            if "-cfn-exec-role-" in f"{signs.role}-"
            else "The role's policies come from the bootstrap stack: check whether the stack's version is older than "
            "the version that this CDK requires. The deploy role can pass only the stack's own role."
        )
        yield FirstLook(
            f"CDK's bootstrap role makes the call, not you. {given}",
            because,
            _cdk_stack(signs.role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
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


_INTENDED = (
    r"(?:on purpose|deliberately|intentionally|by design|must(?: not|n't)|should(?: not|n't)|not (?:supposed|meant) to)"
)
_NOT_TO_DEPLOY = rf"\b{_INTENDED}\b[^.\n]{{0,80}}\bdeploy role|\bdeploy role\b[^.\n]{{0,60}}\b{_INTENDED}\b"


def _of_everything(signs: Signs) -> str:
    """Return what may deny a session of the permission set AdministratorAccess."""
    if signs.layer:
        return (
            "AWS says that none of this session's own policies allows the action. Check in IAM Identity Center that "
            f"the permission set {ADMIN} has the policy of the same name, and that it is provisioned to this account."
        )
    return (
        f"The policy {ADMIN} allows every action. So if the permission set has it, another kind of policy refuses: an "
        "SCP, a permissions boundary or the resource's own policy."
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


def _cdk_stack(role: str) -> str | None:
    """Return the command that shows CDK's bootstrap stack in the Region that ends the role's name."""
    region = re.search(rf"role-\d{{12}}-({REGION_NAME})$", role)
    return reading(
        "cloudformation", "describe-stacks", ("stack-name", "CDKToolkit"), region=region[1] if region else ""
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
