"""What to do with a role once it is there: attach it, or use it, in the words of the tool that does so."""

from __future__ import annotations

import shlex

from iam.changes.recipe import Facts
from iam.changes.spec import RoleSpec


def next_steps(spec: RoleSpec, kind: str, answers: dict[str, str], facts: Facts) -> tuple[str, ...]:
    """Paragraphs: a sentence, or lines to copy. ``kind`` is the id of the trust recipe and ``answers`` its answers."""
    arn = spec.arn(facts.partition, facts.account_id)
    quoted = shlex.quote(arn)
    match kind:
        case "service":
            return _service(spec, answers.get("service", ""), quoted)
        case "pod-identity":
            names = [answers.get(key) or word for key, word in _POD]
            cluster, namespace, account = map(shlex.quote, names)
            return (
                "Associate it with the service account:",
                f"aws eks create-pod-identity-association --cluster-name {cluster} --namespace {namespace} "
                f"--service-account {account} --role-arn {quoted}",
            )
        case "irsa":
            namespace, account = (shlex.quote(answers.get(key, "")) for key in ("namespace", "service_account"))
            return (
                "Annotate the service account, then start its pods anew:",
                f"kubectl annotate serviceaccount -n {namespace} {account} eks.amazonaws.com/role-arn={quoted}",
            )
        case "github":
            return ("In the workflow:", _GITHUB.format(arn=arn, region=facts.region))
        case "gitlab":
            audience = answers.get("audience") or "https://gitlab.com"
            return ("In .gitlab-ci.yml:", _GITLAB.format(arn=arn, audience=audience))
        case "terraform":
            return (
                "In the workspace's environment variables:",
                f"TFC_AWS_PROVIDER_AUTH=true\nTFC_AWS_RUN_ROLE_ARN={arn}",
            )
        case "cognito":
            pool = shlex.quote(answers.get("pool", ""))
            who = answers.get("sign_in") or "authenticated"
            return (
                "Give it to the identity pool (both kinds of users are set by one call):",
                f"aws cognito-identity set-identity-pool-roles --identity-pool-id {pool} --roles {who}={quoted}",
            )
        case "saml":
            provider = answers.get("provider", "")
            if not provider.startswith("arn:"):
                provider = f"arn:{facts.partition}:iam::{facts.account_id}:saml-provider/{provider}"
            return (
                "The identity provider sends it in the attribute https://aws.amazon.com/SAML/Attributes/Role:",
                f"{arn},{provider}",
            )
        case "account":
            return _account(spec, answers, arn, facts)
    return ("The role's ARN, for whoever uses it:", arn)


_POD = (("cluster", "CLUSTER"), ("namespace", "NAMESPACE"), ("service_account", "SERVICE-ACCOUNT"))

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
    - echo "$AWS_TOKEN" > /tmp/token
    - export AWS_ROLE_ARN={arn} AWS_WEB_IDENTITY_TOKEN_FILE=/tmp/token
    - aws sts get-caller-identity"""


def _service(spec: RoleSpec, service: str, arn: str) -> tuple[str, ...]:
    name = service.lower().removesuffix(".amazonaws.com")
    match name:
        case "ec2" if spec.instance_profile:
            profile = f"--iam-instance-profile Name={shlex.quote(spec.instance_profile)}"
            return (
                "Attach the instance profile to the instance:",
                f"aws ec2 associate-iam-instance-profile --instance-id INSTANCE-ID {profile}",
            )
        case "ec2":
            return ("EC2 takes the role only in an instance profile, and this one is in none.",)
        case "lambda":
            return (
                "Give it to the function:",
                f"aws lambda update-function-configuration --function-name FUNCTION --role {arn}",
            )
        case "ecs-tasks":
            return (
                "In the task definition, as what the containers use or as what ECS itself uses to start them:",
                f'"taskRoleArn": "{arn}"\n"executionRoleArn": "{arn}"',
            )
        case "states":
            return (
                "Give it to the state machine:",
                f"aws stepfunctions update-state-machine --state-machine-arn STATE-MACHINE-ARN --role-arn {arn}",
            )
        case "codebuild":
            return ("Give it to the project:", f"aws codebuild update-project --name PROJECT --service-role {arn}")
        case "glue":
            return ("Name it as the role of the job or crawler:", f"--role {arn}")
        case "scheduler":
            return ("Name it in the schedule's target:", f'"RoleArn": "{arn}"')
    return ("Name it where the service asks for a role:", arn)


def _account(spec: RoleSpec, answers: dict[str, str], arn: str, facts: Facts) -> tuple[str, ...]:
    lines = [f"[profile {spec.name}]", f"role_arn = {arn}", "source_profile = default"]
    if answers.get("external_id"):
        lines.append(f"external_id = {answers['external_id']}")
    if answers.get("mfa") == "yes":
        lines.append("mfa_serial = arn:aws:iam::ACCOUNT:mfa/DEVICE")
    found: tuple[str, ...] = ("In ~/.aws/config of whoever assumes it:", "\n".join(lines))
    account = answers.get("account", "")
    if account and account != facts.account_id:
        found += (
            f"The other half: account {account} has to allow its people",
            f'{{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "{arn}"}}',
        )
    return found
