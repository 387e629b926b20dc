"""The next steps after a role was created: attach it or use it, with the commands to do so.

Everything is derived from the role's trust policy, so that copied roles and custom documents work as well.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from iam.creation.recipes.recipe import AccountFacts
from iam.creation.spec import RoleSpec
from iam.policy.match import names_action
from iam.policy.operators import operator
from iam.policy.statements import Statement

EXECUTION_POLICY = "AmazonECSTaskExecutionRolePolicy"
_ACCOUNT = re.compile(r"(?:arn:[^:]+:(?:iam|sts)::)?(\d{12})(?::.*)?")


def next_steps(spec: RoleSpec, facts: AccountFacts) -> tuple[str, ...]:
    """Return the next steps as paragraphs. Each is a sentence, or lines to copy."""
    found: list[str] = []
    for statement in _allows(spec):
        for kind, value in statement.principal or ():
            steps = steps_for(spec, facts, statement, kind, value)
            if steps and steps[-1] not in found:
                found += steps
    return tuple(found) or ("The role's ARN:", spec.arn(facts.partition, facts.account_id))


def steps_for(spec: RoleSpec, facts: AccountFacts, statement: Statement, kind: str, value: str) -> tuple[str, ...]:
    """Return the next steps for one principal in one statement of the trust policy."""
    return _for_principal(_Use(spec, spec.arn(facts.partition, facts.account_id), facts), statement, kind, value)


@dataclass(frozen=True, slots=True)
class _Use:
    spec: RoleSpec
    arn: str
    facts: AccountFacts

    @property
    def quoted(self) -> str:
        return shlex.quote(self.arn)


def _allows(spec: RoleSpec) -> Iterator[Statement]:
    return (each for each in spec.trust.readable_statements if each.effect == "Allow")


def _value(statement: Statement, key: str) -> str:
    """Return the first value that the statement's conditions require of a key, or "".

    A key that begins with ``:`` represents the claim of any provider: ``:sub``.
    """
    for block in statement.conditions:
        what = operator(block.operator)
        written = block.key.lower()
        fits = written.endswith(key) if key.startswith(":") else written == key.lower()
        if fits and what is not None and not what.negated and block.values:
            return block.values[0]
    return ""


def _for_principal(use: _Use, statement: Statement, kind: str, value: str) -> tuple[str, ...]:
    if kind == "Service":
        name = value.lower().partition(".amazonaws.com")[0]
        return _pod_identity(use, statement) if name == "pods.eks" else _service(use, name)
    if kind == "Federated":
        if ":saml-provider/" in value:
            return _saml(use, value)
        return _web_identity(use, statement, value.partition(":oidc-provider/")[2] or value)
    if kind == "AWS":
        return _account(use, statement, value)
    return ()


# Services.


def _service(use: _Use, name: str) -> tuple[str, ...]:
    spec, arn = use.spec, use.quoted
    match name:
        case "ec2" if spec.instance_profile:
            profile = f"--iam-instance-profile Name={shlex.quote(spec.instance_profile)}"
            return (
                "Attach the instance profile to the instance:",
                f"aws ec2 associate-iam-instance-profile --instance-id INSTANCE-ID {profile}",
            )
        case "ec2":
            return ("EC2 requires an instance profile, but no instance profile contains this role.",)
        case "lambda":
            return (
                "Use the role for the function:",
                f"aws lambda update-function-configuration --function-name FUNCTION --role {arn}",
            )
        case "ecs-tasks" if _starts_containers(spec):
            return (
                "In the task definition, as the task execution role:",
                f'"executionRoleArn": "{arn}"',
            )
        case "ecs-tasks":
            return ("In the task definition, as the task role:", f'"taskRoleArn": "{arn}"')
        case "states":
            return (
                "Use the role for the state machine:",
                f"aws stepfunctions update-state-machine --state-machine-arn STATE-MACHINE-ARN --role-arn {arn}",
            )
        case "codebuild":
            return (
                "Use the role for the project:",
                f"aws codebuild update-project --name PROJECT --service-role {arn}",
            )
        case "glue":
            return ("Set the ARN as the role of the job or crawler:", f"--role {arn}")
        case "scheduler":
            return ("Set the ARN in the schedule's target:", f'"RoleArn": "{arn}"')
    return ("Enter the role's ARN where the service asks for a role:", arn)


def _starts_containers(spec: RoleSpec) -> bool:
    """Whether the role has the permission that ECS needs to start a task: to log in to the image registry."""
    if any(arn.endswith(f"/{EXECUTION_POLICY}") for arn in spec.attached):
        return True
    return any(
        statement.effect == "Allow" and names_action(statement.action, "ecr:GetAuthorizationToken")
        for inline in spec.inline
        for statement in inline.document.readable_statements
    )


def _pod_identity(use: _Use, statement: Statement) -> tuple[str, ...]:
    cluster, namespace, account = (
        shlex.quote(_value(statement, f"aws:RequestTag/{tag}") or word)
        for tag, word in (
            ("eks-cluster-name", "CLUSTER"),
            ("kubernetes-namespace", "NAMESPACE"),
            ("kubernetes-service-account", "SERVICE-ACCOUNT"),
        )
    )
    return (
        "Associate the role with the service account:",
        f"aws eks create-pod-identity-association --cluster-name {cluster} --namespace {namespace} "
        f"--service-account {account} --role-arn {use.quoted}",
    )


# Web identities: well-known issuers by name, others by the form of the subject.


def _web_identity(use: _Use, statement: Statement, issuer: str) -> tuple[str, ...]:
    subject, audience = _value(statement, ":sub"), _value(statement, ":aud")
    if issuer.startswith("oidc.eks.") or subject.startswith("system:serviceaccount:"):
        return _irsa(use, subject)
    if issuer == "token.actions.githubusercontent.com" or subject.startswith("repo:"):
        return ("In the workflow:", _GITHUB.format(arn=use.arn, region=use.facts.region))
    if issuer == "gitlab.com" or subject.startswith("project_path:"):
        return ("In .gitlab-ci.yml:", _GITLAB.format(arn=use.arn, audience=audience or f"https://{issuer}"))
    if issuer == "app.terraform.io" or ":run_phase:" in subject:
        lines = ["TFC_AWS_PROVIDER_AUTH=true", f"TFC_AWS_RUN_ROLE_ARN={use.arn}"]
        if audience not in ("", "aws.workload.identity"):
            lines.append(f"TFC_AWS_WORKLOAD_IDENTITY_AUDIENCE={audience}")
        return ("In the workspace's environment variables:", "\n".join(lines))
    if issuer == "cognito-identity.amazonaws.com":
        pool, who = shlex.quote(audience), _value(statement, ":amr") or "authenticated"
        return (
            "Set the role for the identity pool (one call sets the roles of both kinds of users):",
            f"aws cognito-identity set-identity-pool-roles --identity-pool-id {pool} --roles {who}={use.quoted}",
        )
    name = use.spec.name[:64]
    return (
        f"Assume the role with a token from {issuer}:",
        f"aws sts assume-role-with-web-identity --role-arn {use.quoted} --role-session-name {shlex.quote(name)} "
        "--web-identity-token TOKEN",
    )


def _irsa(use: _Use, subject: str) -> tuple[str, ...]:
    parts = subject.split(":")
    namespace, account = parts[2:4] if len(parts) == 4 else ("NAMESPACE", "SERVICE-ACCOUNT")
    return (
        "Annotate the service account, then restart its pods:",
        f"kubectl annotate serviceaccount -n {shlex.quote(namespace)} {shlex.quote(account)} "
        f"eks.amazonaws.com/role-arn={use.quoted}",
    )


_GITHUB = """permissions:
  id-token: write
  contents: read
steps:
  - uses: aws-actions/configure-aws-credentials@v4
    with:
      role-to-assume: {arn}
      aws-region: {region}"""

_GITLAB = """job:
  id_tokens:
    AWS_TOKEN:
      aud: {audience}
  script:
    - export AWS_ROLE_ARN={arn} AWS_WEB_IDENTITY_TOKEN_FILE="$(mktemp)"
    - printf %s "$AWS_TOKEN" > "$AWS_WEB_IDENTITY_TOKEN_FILE"
    - aws sts get-caller-identity"""


# People.


def _saml(use: _Use, provider: str) -> tuple[str, ...]:
    return (
        "The identity provider sends this value in the attribute https://aws.amazon.com/SAML/Attributes/Role:",
        f"{use.arn},{provider}",
    )


def _account(use: _Use, statement: Statement, value: str) -> tuple[str, ...]:
    lines = [f"[profile {use.spec.name}]", f"role_arn = {use.arn}", "source_profile = default"]
    if external_id := _value(statement, "sts:ExternalId"):
        lines.append(f"external_id = {external_id}")
    if _value(statement, "aws:MultiFactorAuthPresent") == "true":
        lines.append("mfa_serial = arn:aws:iam::ACCOUNT:mfa/DEVICE")
    found: tuple[str, ...] = ("In the caller's ~/.aws/config:", "\n".join(lines))
    match = _ACCOUNT.fullmatch(value)
    if match is not None and match[1] != use.facts.account_id:
        found = (
            f"Account {match[1]} must also allow the call:",
            f'{{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{use.arn}"}}',
            *found,
        )
    return found
