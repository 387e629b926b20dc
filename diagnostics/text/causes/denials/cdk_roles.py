"""Causes of denials around the bootstrap roles of the AWS CDK: which one is missing, and who may assume it.

Source: CDK Developer Guide, "Bootstrapping".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Says, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import CDK_ROLE, Signs
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.regions import REGION_NAME

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
    r"\bcdk-(?P<role>[\w-]+?)-(?:(?:[a-z]+-)+?role|(?:container-)?assets)-|\bcdk-bootstrap/(?P<parameter>[\w-]+?)/version"
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
        f"Two bootstrap stacks are mixed: the caller has the qualifier {ours}, and the resource {theirs}. Use one "
        "qualifier for the entire app: @aws-cdk/core:bootstrapQualifier in cdk.json, or the synthesizer's qualifier "
        "in every stack, and bootstrap with --qualifier. No policy has to change.",
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


_IN_CODEBUILD = r"\bAWSCodeBuild-[0-9a-f]|^\[Container\] \d{4}/|/codebuild/output/"


def _of_a_synth_step(signs: Signs) -> FirstLook | None:
    """Return the cause if a build project runs cdk synth with lookups, but may not assume the lookup role; else None.

    AWS CDK API Reference, aws-cdk-lib.pipelines, "Context lookups"
    (https://docs.aws.amazon.com/cdk/api/v2/docs/aws-cdk-lib.pipelines-readme.html#context-lookups).
    """
    if not (said := signs.quote(f"(?m){_IN_CODEBUILD}")):
        return None
    role = f"The build project's role {signs.role}" if signs.role else "The role of the build project"
    return FirstLook(
        f"{role} is not allowed to assume the CDK's lookup role, which cdk synth needs for values that "
        "cdk.context.json lacks. Give the step (CodeBuildStep, rolePolicyStatements) sts:AssumeRole on "
        "role/cdk-*-lookup-role-*. Or run cdk synth where it works and commit cdk.context.json: then the build looks "
        "up nothing. Another account must trust this one (--trust-for-lookup).",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_INTENDED = (
    r"(?:on purpose|deliberately|intentionally|by design|must(?: not|n't)|should(?: not|n't)|not (?:supposed|meant) to)"
)
_NOT_TO_DEPLOY = rf"\b{_INTENDED}\b[^.\n]{{0,80}}\bdeploy role|\bdeploy role\b[^.\n]{{0,60}}\b{_INTENDED}\b"


def bootstrap_roles(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for calls of the bootstrap roles, and for callers that could not assume them."""
    named = CDK_ROLE.search(f"{signs.role}-") or CDK_ROLE.search(f"{signs.target_role}-")
    if named and signs.action == "sts:assumerole":
        yield from _not_assumed(signs, named["kind"])
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
            signs.caller_is,
            _cdk_stack(signs.role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


def _not_assumed(signs: Signs, kind: str) -> Iterator[FirstLook]:
    """Yield why the caller was not allowed to assume a bootstrap role of this kind."""
    if (qualified := _of_bootstraps_qualifier(signs)) is not None:
        yield qualified
        return
    if "-lookup-role-" in signs.target_role and (look := _of_a_synth_step(signs)) is not None:
        yield look
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
        says(f"the resource is CDK's {kind} role", TextPart.RESOURCE, signs.target_role),
        _cdk_stack(signs.target_role),
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def _cdk_stack(role: str) -> str | None:
    """Return the command that shows CDK's bootstrap stack in the Region that ends the role's name."""
    region = re.search(rf"role-\d{{12}}-({REGION_NAME})$", role)
    return reading(
        "cloudformation", "describe-stacks", ("stack-name", "CDKToolkit"), region=region[1] if region else ""
    )
