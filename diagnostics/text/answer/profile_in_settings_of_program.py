"""Say that a program called with the profile of its own settings, if the shell has a different identity."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.identities.callers import answered_identities
from diagnostics.text.read.identities.tool_settings import tool_setting
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of

_ENVIRONMENT_MAY_DECIDE = ("Serverless",)
"""Programs whose own settings may give way to AWS_PROFILE."""
_SESSION = regex(
    r"\b(?:Set-AWSCredentials?|Initialize-AWSDefaults?|Initialize-AWSDefaultConfiguration)[ \t]+"
    r"(?:-(?:ProfileName|StoredCredentials)[ \t:]+)?[\"']?(?P<profile>\w[\w.@+-]{0,63})",
    re.IGNORECASE,
)
"""The cmdlets that choose the profile of a PowerShell session."""


def profile_of_the_program(denial: Denial) -> str:
    """Return a sentence on the profile in the program's own settings, if the shell names a different one; else "".

    The caller must not be the identity that the shell shows: then the program used AWS_PROFILE.
    """
    text = denial.pasted or denial.text
    own, named = tool_setting(text), around(text)
    who = identity_of(denial.principal or "")
    if own is None or not own.profile or own.program in _ENVIRONMENT_MAY_DECIDE or who[1] not in ("role", "user"):
        return ""
    chosen = named.profile_variable.value if named.profile_variable is not None else None
    session = _SESSION.search(text) if own.program == "PowerShell" else None
    words = session[0] if session is not None else f"AWS_PROFILE={chosen}"
    chosen = session["profile"] if session is not None else chosen
    if named.profile_option is not None or chosen in (None, "", own.profile):
        return ""
    if who in map(identity_of, answered_identities(text)):
        return ""
    permission_set = permission_set_of(who[2])
    shown = f"the permission set {permission_set}" if permission_set else f"the {who[1]} {who[2]}"
    return (
        f"Change or remove “{own.words}” in the settings of {own.program}. It takes precedence over {words}, so "
        f"the call was most likely made with the profile {own.profile}, that is, as {shown}. If the call should be "
        f"made with the profile {chosen}, {shown} needs no permission."
    )


_TASK_WITH_A_PROFILE = regex(
    r"^(?P<indent>[ \t]+)(?:aws_)?profile:[ \t]*[\"']?(?P<profile>[\w.@+-]{1,64})[\"']?[ \t]*$(?:\n(?![ \t]*-[ "
    r"\t])[^\n]*){0,12}?\n[ \t]+AWS_ACCESS_KEY_ID:[ \t]*[\"']?\{\{"
    r"|\n[ \t]+AWS_ACCESS_KEY_ID:[ \t]*[\"']?\{\{(?:[^\n]*\n(?![ \t]*-[ \t])){1,12}?[ \t]+(?:aws_)?profile:[ \t]*"
    r"[\"']?(?P<after>[\w.@+-]{1,64})",
    re.MULTILINE,
)
_TAKEN_BY_A_TASK = regex(
    r"\bsts_assume_role:[\s\S]{0,200}?\brole_arn:[ \t]*[\"']?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)


def profile_of_a_task(denial: Denial) -> str:
    """Return a sentence on an Ansible task's profile, which comes before the keys of its environment; "" otherwise.

    Ansible, "Amazon Web Services Guide", authentication: a module's parameters come before environment variables
    (https://docs.ansible.com/ansible/latest/collections/amazon/aws/docsite/guide_aws.html).
    """
    text = denial.pasted or denial.text
    task, taken = _TASK_WITH_A_PROFILE.search(text), _TAKEN_BY_A_TASK.search(text)
    _, kind, caller = identity_of(denial.principal or "")
    role = identity_of(taken["arn"])[2] if taken is not None else ""
    if task is None or not role or role == caller:
        return ""
    profile = task["profile"] or task["after"]
    return (
        f"The task has profile: {profile}, which comes before the keys in its environment. So the {kind} {caller} made "
        f"the call, not the role {role} that sts_assume_role took. Remove profile from the task, or pass access_key, "
        f"secret_key and session_token as its parameters. Grant {caller} nothing."
    )


ANSWER_OF_PROFILE = regex(
    r"(?:get-caller-identity[^\n]*?--profile[ =]|Get-STSCallerIdentity[^\n]*?-ProfileName[ ]+)"
    r"[\"']?(?P<name>[\w.@+-]{1,64})[^\n]*\n(?:[^\n]*\n){0,5}?"
    r"[^\n]*?(?P<arn>arn:[\w-]+:(?:iam|sts)::\d{12}:(?:user|assumed-role)/[\w+=,.@/-]+)",
    re.IGNORECASE,
)
"""A command that shows the identity of a profile, with its answer."""
_SET_PROFILE = regex(r"\bAWS_PROFILE[\"']?[ \t]*[=:][ \t]*[\"']?(?P<name>[\w.@+-]{1,64})")
_SST = regex(r"\bsst (?:deploy|dev|remove|diff|refresh)\b|\bsst\.config\.[jt]s\b")


def environment_before_profile(denial: Denial) -> str:
    """Return a sentence on the profile in AWS_PROFILE, if the text shows another identity for it than the caller.

    AWS CLI User Guide, "Configuration and credential file settings": keys in the environment come before AWS_PROFILE
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html); SST, "IAM Credentials", providers
    (https://sst.dev/docs/iam-credentials/).
    """
    text = denial.pasted or denial.text
    chosen = {each["name"] for each in _SET_PROFILE.finditer(text)}
    answers = {each["name"]: each["arn"] for each in ANSWER_OF_PROFILE.finditer(text) if each["name"] in chosen}
    ours, kind, caller = identity_of(denial.principal or "")
    if len(chosen) != 1 or len(answers) != 1 or not caller:
        return ""
    ((profile, arn),) = answers.items()
    theirs, its_kind, identity = identity_of(arn)
    if not (ours and theirs) or ours == theirs:
        return ""
    sst = f" In SST, also set providers.aws.profile to {profile} in sst.config.ts." if _SST.search(text) else ""
    return (
        f"AWS_PROFILE names {profile}, the {its_kind} {identity} of account {theirs}, but the {kind} {caller} of "
        f"account {ours} made the call. Keys in the environment (AWS_ACCESS_KEY_ID) come before AWS_PROFILE: unset "
        f"them.{sst} Grant {caller} nothing."
    )


_REGISTRY_OF_JENKINS = regex(
    r"\bwithRegistry\(\s*[\"']https?://[^\"'\n]+[\"']\s*,\s*[\"'](?P<said>ecr:[\w-]+:(?P<credentials>[\w.@ "
    r"+-]{1,64}))[\"']"
)


def credentials_of_jenkins(denial: Denial) -> str:
    """Return a sentence on the Jenkins credentials that a pipeline names for ECR, if a user's keys made the call.

    Jenkins, "Amazon ECR" plugin (https://plugins.jenkins.io/amazon-ecr/).
    """
    named = _REGISTRY_OF_JENKINS.search(denial.pasted or denial.text)
    account, kind, user = identity_of(denial.principal or "")
    if named is None or kind != "user":
        return ""
    return (
        f"The pipeline names the Jenkins credentials {named['credentials']} ({named['said']}), and they are the keys "
        f"of the user {user} of account {account}: the role of the instance is not used. Put the intended keys into "
        f"these "
        "credentials, or log docker in with the instance's role (aws ecr get-login-password)."
    )


_ROLE_OF_A_JOB = regex(
    r"\b(?:role[-_]?arn|role-to-assume|AWS_ROLE_ARN|AWS_ROLE_TO_ASSUME)\b[\"']?[ \t]*[:=][ \t]*[\"']?"
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-])",
    re.IGNORECASE,
)
_KEYS_OF_A_JOB = regex(
    r"\b(?:settings?|variables?|environment|env|secrets?|context)\b[^.\n]{0,60}\bAWS_ACCESS_KEY_ID\b"
    r"|\bAWS_ACCESS_KEY_ID\b[^.\n]{0,60}\b(?:settings?|variables?|environment|still|old)\b",
    re.IGNORECASE,
)


def keys_before_role(denial: Denial) -> str:
    """Return a sentence on the role that a job names, if keys of its settings made the call as a user; "" otherwise.

    AWS CLI User Guide, "Configuration and credential file settings": keys in the environment come before a profile
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html).
    """
    text = denial.pasted or denial.text
    roles = {each["arn"] for each in _ROLE_OF_A_JOB.finditer(text)}
    account, kind, user = identity_of(denial.principal or "")
    if len(roles) != 1 or kind != "user" or (denial.action or "").lower().startswith("sts:"):
        return ""
    if _KEYS_OF_A_JOB.search(text) is None:
        return ""
    home, _, role = identity_of(roles.pop())
    return (
        f"The keys of the settings (AWS_ACCESS_KEY_ID) made the call, as the user {user} of account {account}, and not "
        f"the role {role} of account {home} that the job names: keys in the environment come first. Remove them there, "
        f"and grant {user} nothing."
    )
