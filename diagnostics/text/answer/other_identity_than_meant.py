"""Say that a different identity from the intended one made the call, if the text shows both."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.image_pulls import pulled_by_codebuild
from diagnostics.text.answer.profile_in_settings_of_program import (
    ANSWER_OF_PROFILE,
    credentials_of_jenkins,
    environment_before_profile,
    keys_before_role,
    profile_of_a_task,
    profile_of_the_program,
)
from diagnostics.text.answer.role_of_a_connector import role_of_a_connector
from diagnostics.text.answer.secret_arns import is_mistaken, without_suffix
from diagnostics.text.read.identities.call_settings import around
from diagnostics.text.read.identities.config_sections import role_profiles, sections_without_profile
from diagnostics.text.read.identities.named_roles import named_roles
from diagnostics.text.read.identities.pod_ages import older_pod
from diagnostics.text.read.identities.pod_associations import NO_AGENT, lacks_agent, other_association
from diagnostics.text.read.identities.service_accounts import account_of_the_log, service_accounts
from diagnostics.words import TASK_START
from iam.arn import account_of, identity_of
from iam.lazy_pattern import regex

_ROLE_OF_POD = regex(
    r"(?:eks\.amazonaws\.com/role-arn[\"'`]?\s*[:=]?\s*[\"'`]?"
    r"|\bAWS_ROLE_ARN\b[\"']?\s*[=:]\s*[\"']?(?:value:\s*[\"']?)?)"
    r"arn:[\w-]+:iam::\d{12}:role/(?:[\w+=,.@-]+/)*(?P<role>[\w+=,.@-]*[\w+=@-])"
)
"""The role in a service account's annotation, or in the variable that EKS sets for its pods."""
_IN_POD = regex(r"\bAWS_ROLE_ARN\b")
_INSTANCE = regex(r"/i-[0-9a-f]{4,17}$")
_STARTS_TASK = regex(TASK_START)
_BY_EXECUTION_ROLE = frozenset(
    (
        "ecr:getauthorizationtoken",
        "ecr:batchchecklayeravailability",
        "ecr:batchgetimage",
        "ecr:getdownloadurlforlayer",
        "kms:decrypt",
        "logs:createloggroup",
        "logs:createlogstream",
        "secretsmanager:getsecretvalue",
        "ssm:getparameters",
    )
)
"""Actions that ECS needs to start a task."""
_OWN_SETTINGS = r"\s*\[{}\][ \t]*\n(?:(?!\s*\[)[^\n]*\n)*?[ \t]*role_arn[ \t]*=[ \t]*(?P<arn>arn:\S+:role/\S+)"


def identity_used(denial: Denial, missing: str) -> str:
    """Return a sentence about the identity that made the call, if the text shows why it was not the intended one.

    "" otherwise.
    """
    return (
        _of_the_pod(denial)
        or _of_keys_in_the_pod(denial)
        or _of_an_association(denial)
        or _of_no_task_role(denial, missing)
        or _of_ecs(denial, missing)
        or settings_not_used(denial)
        or _beside_a_profile(denial, missing)
        or _beside_an_answer(denial, missing)
    )


def wrong_identity(denial: Denial, missing: str) -> bool:
    """Return whether the text shows that a different identity was meant to make the call: the caller needs no Allow."""
    of_pods_and_tasks = (
        _of_the_pod(denial),
        _of_keys_in_the_pod(denial),
        _of_an_association(denial),
        _of_no_task_role(denial, missing),
    )
    return any((*of_pods_and_tasks, settings_not_used(denial)))


def starts_a_task(denial: Denial) -> bool:
    """Return whether ECS made the call to start a task, with the task's execution role."""
    return bool(_of_ecs(denial, denial.missing_action or denial.action or ""))


def settings_not_used(denial: Denial) -> str:
    """Return a sentence about the role that the text's settings name and the call did not use; "" if there is none.

    It applies to every kind of policy that lacks an Allow, because the caller is not the intended identity.
    """
    rules = (
        profile_of_the_program,
        role_of_a_connector,
        _of_a_profile,
        _of_a_profiles_role,
        _of_a_backend,
        profile_of_a_task,
        environment_before_profile,
        pulled_by_codebuild,
        credentials_of_jenkins,
        keys_before_role,
        _of_an_empty_role,
    )
    return next((said for rule in rules if (said := rule(denial))), "")


def annotated_roles(text: str) -> set[str]:
    """Return the roles that the text names for pods: in annotations of service accounts, or in pods' variables."""
    return {each["role"] for each in _ROLE_OF_POD.finditer(text)}


def _of_the_pod(denial: Denial) -> str:
    """Return a sentence on the pod's own role, if the node's role made the call instead; "" otherwise.

    Amazon EKS User Guide, "IAM roles for service accounts" and "Configure Pods to use a Kubernetes service account"
    (https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html,
    https://docs.aws.amazon.com/eks/latest/userguide/pod-configuration.html).
    """
    roles = annotated_roles(denial.text)
    _, _, caller = identity_of(denial.principal or "")
    if len(roles) != 1 or caller in roles or not _INSTANCE.search(denial.principal or ""):
        return ""
    role = roles.pop()
    shown = service_accounts(denial.text)
    if shown.differ:
        return (
            f"The call came with the wrong identity, the node's role {caller}: the pod runs with the service "
            f"account {shown.of_pod}, but the role {role} belongs to {shown.annotated}. Set serviceAccountName: "
            f"{shown.annotated} in the pod's template and roll it out. The node's role needs no permission for "
            "this."
        )
    by = account_of_the_log(denial.text)
    if by and shown.annotated and by != shown.annotated:
        return (
            f"The role {role} belongs to the service account {shown.annotated}, but the log is of {by}, which has its "
            f"own: the call came with the node's role {caller}. Annotate the service account {by} with a role, let the "
            f"role's trust policy name it, and restart {by}. The node's role needs no permission for this."
        )
    if (older := older_pod(denial.pasted or denial.text)) is not None:
        return (
            f"Restart the pods (kubectl rollout restart): {older.reason} {role} and uses the node's role {caller}. The "
            "node's role needs no permission for this."
        )
    if _IN_POD.search(denial.text) is None:
        return (
            f"The pod does not use its own role {role}: the call came with the node's role {caller}. Restart the "
            "pods (kubectl rollout restart), because only pods created after the annotation get the role. Then "
            "look for AWS_ROLE_ARN in a new pod. The node's role needs no permission for this."
        )
    return (
        f"The pod does not use its own role: the call came with the node's role {caller}, but the text names "
        f"{role} for the service account. Let the pod use {role}, and do not allow the node's role to perform the "
        "action."
    )


_IN_A_CLUSTER = regex(r"eks\.amazonaws\.com/|\b[Pp]ods?\b|\bkubectl\b|\bIRSA\b|\b[Ss]ervice ?[Aa]ccount|\bkind: \w")
_KEYS_OF_A_POD = regex(
    r"\b(?:credentials\.)?useSecret[\"']?\s*[:=]\s*[\"']?true\b|\bexistingSecret[\"']?\s*[:=]\s*[\"']?\w[\w.-]*"
    r"|\bAWS_ACCESS_KEY_ID\b|\bAWS_SHARED_CREDENTIALS_FILE\b|\baccess_?key(?:_?id)?\b(?=[\"']?\s*[:=])"
    r"|\bsecretRef\b|\baccessKeyIDSecretRef\b",
    re.IGNORECASE,
)
"""Settings that give a program in a pod access keys."""


def _of_keys_in_the_pod(denial: Denial) -> str:
    """Return a sentence on the keys of a user, if they made the call of a pod with a role of its own; "" otherwise.

    AWS SDKs and Tools Reference Guide, "Standardized credential providers": keys come before a web identity
    (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
    """
    _, kind, caller = identity_of(denial.principal or "")
    text = denial.pasted or denial.text
    roles = {each["role"] for each in _ROLE_OF_POD.finditer(text)}
    if kind != "user" or len(roles) != 1 or not _IN_A_CLUSTER.search(text):
        return ""
    given = _KEYS_OF_A_POD.search(text)
    where = (
        f" (“{given[0]}” in the text)" if given is not None else ", in its environment, a mounted file or its settings"
    )
    return (
        f"The call came with keys of the user {caller}, and not with the pod's own role {roles.pop()}: keys come "
        f"before it. The program still has them{where}: remove them and restart the pods. The user needs no permission."
    )


def _of_an_association(denial: Denial) -> str:
    """Return why the pod's Pod Identity association has no effect, if the node's role made the call; "" otherwise."""
    _, _, caller = identity_of(denial.principal or "")
    if not _INSTANCE.search(denial.principal or ""):
        return ""
    if (other := other_association(denial.text)) is not None:
        return (
            f"The call came with the wrong identity, the node's role {caller}. {other.sentence} {other.remedy} The "
            "node's role needs no permission."
        )
    if lacks_agent(denial.text):
        return (
            f"The call came with the wrong identity, the node's role {caller}. {NO_AGENT} The node's role needs no "
            "permission."
        )
    text = denial.pasted or denial.text
    if "ssociation" in text and (older := older_pod(text)) is not None:
        return (
            f"Restart the pods (kubectl rollout restart): {older.reason} it, and uses the node's role {caller}. The "
            "node's role needs no permission for this."
        )
    return ""


_NO_TASK_ROLE = regex(r"\btaskRoleArn\b(?:(?!:role/)[\s\S]){0,600}?(?:[\s|:=]|[\"'][:=])[\"']?(?:None|null)\b")
_OWN_OF_INSTANCE = ("ecs:", "ecr:", "logs:", "ssm:", "ssmmessages:", "ec2messages:")
"""Services that a container instance calls by itself."""


def _of_no_task_role(denial: Denial, missing: str) -> str:
    """Return a sentence on the instance's role, if a container used it for lack of a task role; "" otherwise.

    AWS re:Post, "How do I troubleshoot IAM task roles in Amazon ECS": without a task role, the role of the instance is
    used (https://repost.aws/knowledge-center/ecs-iam-task-roles-config-errors).
    """
    _, _, caller = identity_of(denial.principal or "")
    text = denial.pasted or denial.text
    by_instance = _INSTANCE.search(denial.principal or "") and not missing.lower().startswith(_OWN_OF_INSTANCE)
    if not by_instance or not _NO_TASK_ROLE.search(text):
        return ""
    others = [each for each in named_roles(text) if each != caller and "exec" not in each.lower()]
    meant = f" to {others[0]}" if len(others) == 1 else ""
    return (
        f"The call came with the wrong identity, the container instance's role {caller}: the task definition in "
        f"the text has no task role. Set taskRoleArn{meant} in a new revision, and start the tasks with that "
        "revision. The instance's role needs no permission for this."
    )


def _of_ecs(denial: Denial, missing: str) -> str:
    """Return a sentence on the role with which ECS itself starts a task; "" if ECS did not make the call.

    Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"
    (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
    """
    _, kind, caller = identity_of(denial.principal or "")
    if kind != "role" or _INSTANCE.search(denial.principal or "") or missing.lower() not in _BY_EXECUTION_ROLE:
        return ""
    if not _STARTS_TASK.search(denial.text):
        return ""
    short = without_suffix(denial.resource or "")
    if is_mistaken(denial.resource or ""):
        return (
            f"Put the secret's complete ARN into the task definition.{short} The execution role {caller} must be "
            f"allowed {missing} on the secret; the task role's permissions have no effect here."
        )
    on = f" on {denial.resource}" if denial.resource and denial.resource != "*" else ""
    return (
        f"Allow the execution role {caller} {missing}{on}: ECS uses this role to start the task, and fetches "
        f"secrets and images with it. The task role's permissions have no effect here.{short}"
    )


_EMPTY_ROLE = regex(
    r"[\"']?\b(?:role|role_?arn|assume_?role(?:_?arn)?|AWS_ROLE_ARN)\b[\"']?[ \t]*[:=][ \t]*(?:\"\"|'')",
    re.IGNORECASE,
)
"""A setting or a field of a log whose role is empty."""


def _of_an_empty_role(denial: Denial) -> str:
    """The role that the program was to assume, if the text shows that it had none, and names one that did not call."""
    text = denial.pasted or denial.text
    empty = _EMPTY_ROLE.search(text)
    _, kind, caller = identity_of(denial.principal or "")
    others = [each for each in named_roles(text) if each != caller and each not in (denial.resource or "")]
    if empty is None or not kind or len(others) != 1:
        return ""
    return (
        f"The text shows an empty role (“{empty[0].strip()}”), so the call came with the {kind} {caller} itself, "
        f"and not with {others[0]}. Before you allow {caller} anything, find out why the program did not assume "
        "that role."
    )


def _of_a_profile(denial: Denial) -> str:
    """Return a sentence on a profile whose heading in ~/.aws/config lacks the word profile; "" otherwise."""
    named = around(denial.text).profile
    _, kind, caller = identity_of(denial.principal or "")
    if named is None or not named.value or named.value not in sections_without_profile(denial.text):
        return ""
    meant = re.search(_OWN_SETTINGS.format(re.escape(named.value)), denial.text)
    if meant is None or identity_of(meant["arn"])[2] == caller:
        return ""
    return (
        f"The {kind} {caller} made the call, not {meant['arn']} of the profile {named.value}. In ~/.aws/config, "
        f"the profile's heading must be [profile {named.value}]; the heading [{named.value}] is ignored there. So "
        "the program used the keys under that name in another file. Correct the heading, or use a profile with a "
        "correct heading."
    )


def _of_a_profiles_role(denial: Denial) -> str:
    """Return a sentence on the role of the profile that the call names, if another identity made the call; else "".

    AWS CLI User Guide, "Configuration and credential file settings": the order in which credentials are looked up
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-chap-configure.html).
    """
    text = denial.pasted or denial.text
    named, (home, kind, caller) = around(text).profile, identity_of(denial.principal or "")
    meant = role_profiles(text).get(named.value or "") if named is not None else None
    if named is None or meant is None or not caller:
        return ""
    account, _, role = identity_of(meant)
    if role == caller and account == home:
        return ""
    if re.search(_WORKS_WITH.format(re.escape(named.value or "")), text, re.IGNORECASE):
        use = (
            f"Give it a client or session that was made with the profile, or start it with AWS_PROFILE={named.value}."
            if re.search(rf"\bAWS_PROFILE[ \t]*=[ \t]*[\"']?{re.escape(named.value or '')}\b", text) is None
            else "It has AWS_PROFILE, but does not evaluate that profile (role_arn with credential_source or "
            'source_profile). Update it, or give it keys: eval "$(aws configure export-credentials --profile '
            f'{named.value} --format env)".'
        )
        return (
            f"The {kind} {caller} made the call, and not the role {role} of the profile {named.value}, which works in "
            f"other programs, as the text says: this program does not use the profile. {use} Change no policy."
        )
    return (
        f"The profile's role was not used: the {kind} {caller} of account {home} made the call, but the profile "
        f"{named.value} in the text has the role {role} of account {account}. Most likely keys take precedence "
        f"over the role (in the environment, or under [{named.value}] in ~/.aws/credentials). Remove these keys, "
        f"until aws sts get-caller-identity --profile {named.value} shows {role}. Change no policy before that."
    )


_WORKS_WITH = (
    r"(?:--profile[ =]|profile_name=)[\"']?{}\b[^\n]{{0,80}}?(?<!not )\b(?:works?|worked|ok|fine|succeeds?|succeeded)\b"
)
"""Words that say that another program succeeds with the profile."""
_BACKEND = regex(r"\bbackend[ \t]+\"s3\"[ \t]*\{(?P<body>(?:[^{}]|\{[^{}]*\}){0,2000})\}")
_PROVIDER = regex(
    r"\bprovider[ \t]+\"aws\"[ \t]*\{[^{}]{0,1000}(?:\{[^{}]{0,400}?)?\brole_arn[ \t]*=[ \t]*\""
    r"(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)
_OWN_CREDENTIALS = regex(r"\b(?:role_arn|assume_role\w*|profile|access_key|shared_credentials_files?)\b")
_OF_A_STATE = ("s3:", "dynamodb:", "kms:")


def provider_role_beside_backend(text: str) -> str | None:
    """Return the ARN of the role that the provider assumes, if the S3 backend names no credentials; else None."""
    backend = _BACKEND.search(text)
    provider = _PROVIDER.search(text) if backend is not None else None
    if backend is None or provider is None or _OWN_CREDENTIALS.search(backend["body"]):
        return None
    return provider["arn"]


def _of_a_backend(denial: Denial) -> str:
    """Return a sentence on the provider's role, which Terraform's S3 backend does not use; "" otherwise.

    Terraform, "Backend Type: s3", "Credentials and Shared Configuration"
    (https://developer.hashicorp.com/terraform/language/backend/s3).
    """
    text = denial.pasted or denial.text
    arn = provider_role_beside_backend(text) if (denial.action or "").lower().startswith(_OF_A_STATE) else None
    if arn is None:
        return ""
    _, kind, caller = identity_of(denial.principal or "")
    account, _, role = identity_of(arn)
    if role == caller:
        return ""
    return (
        f"Terraform's S3 backend does not use the provider's role {role}: the backend block names no role or "
        f"profile, so the {kind} {caller} made the call. Add assume_role with {arn} to the backend block "
        f"(terraform init -reconfigure), or run with credentials of account {account}. Change no policy before "
        "that."
    )


def _beside_a_profile(denial: Denial, missing: str) -> str:
    """Return a sentence on the text's only profile with a role, if the call named no profile; "" otherwise.

    AWS CLI User Guide, "Using an IAM role in the AWS CLI": the role is used where its profile is named
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html).
    """
    text = denial.pasted or denial.text
    profiles = role_profiles(text)
    _, kind, caller = identity_of(denial.principal or "")
    if len(profiles) != 1 or around(text).profile is not None or missing.lower().startswith("sts:"):
        return ""
    ((name, arn),) = profiles.items()
    role = identity_of(arn)[2]
    if role == caller or (kind == "role" and not _OF_NO_SERVICE.search(denial.principal or "")):
        return ""
    on = f" on {denial.resource}" if denial.resource and denial.resource != "*" else ""
    return (
        f"The call was made as the {kind} {caller}, without a profile: the profile {name} in the text, with the "
        f"role {role}, was not used. If you meant that profile, name it (AWS_PROFILE={name} or --profile {name}; "
        f"the text does not show the role's permissions). Otherwise allow the {kind} {caller} {missing}{on}."
    )


def _beside_an_answer(denial: Denial, missing: str) -> str:
    """Return a sentence about a profile of another account, if the call specified no profile; "" otherwise."""
    text = denial.pasted or denial.text
    answers = {(each["name"], each["arn"]) for each in ANSWER_OF_PROFILE.finditer(text)}
    ours, kind, caller = identity_of(denial.principal or "")
    if len(answers) != 1 or not caller or len(_PROFILE_OPTION.findall(text)) != 1:
        return ""
    name, arn = answers.pop()
    theirs, its_kind, identity = identity_of(arn)
    if not (ours and theirs) or ours == theirs or account_of(denial.resource or "") == ours:
        return ""
    if kind == "role" and not _OF_NO_SERVICE.search(denial.principal or ""):
        return ""
    return (
        f"The call was made as the {kind} {caller} of account {ours}, without a profile. The profile {name} is the "
        f"{its_kind} {identity} of account {theirs}: if you meant that identity, name the profile in the call. "
        f"Only if account {ours} is right, allow the {kind} {caller} {missing}."
    )


_PROFILE_OPTION = regex(r"--profile\b|-ProfileName\b|\bAWS_PROFILE\b", re.IGNORECASE)
_OF_NO_SERVICE = regex(r"/AWSReservedSSO_")
"""A session of IAM Identity Center: its person may choose a profile. Other sessions are those of programs."""
