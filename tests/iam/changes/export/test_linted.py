"""Exports, read by parsers and linters of their own kind: python-hcl2 for Terraform, cfn-lint for CloudFormation, bash
for scripts. What a plan sends to AWS comes back from each, whatever is in it.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from iam.account import Account, InlinePolicy
from iam.changes.apply import CallStatus
from iam.changes.builders.roles import update_trust
from iam.changes.export.cli import to_cli, to_cloudformation, to_terraform, written
from iam.changes.plan import Plan, PlanError
from iam.creation.plan import create_role
from iam.creation.recipes.table import AccountFacts, trust_recipe
from iam.creation.spec import NewPolicy, RoleSpec
from tests.support.accounts.documents import READ, policy
from tests.support.changes.recipes import FEW_TRUSTS
from tests.support.driving.aws_cli import run_script
from tests.support.faults.trouble_plans import creation, deletion, edition, policy_deletion, version
from tests.support.faults.troubles import Setting, photo
from tests.support.gate.let_through import apply

if TYPE_CHECKING:
    from iam.demo.aws.world import World

# Whatever could end a string, a line or a comment, or mean something to one of the languages.
HOSTILE = (
    "${aws:username}",
    "%{ if true }",
    "$${x} %%{y} $$${z}",
    'it\'s "quoted" \\ \\\\ \\n',
    "a\nb\r\n\tc",
    "# no comment // /* */",
    "$(touch /tmp/pwned) `id` !! & ; | > <",
    "<<EOF\nx\nEOF",
    "- [a, {b: c}] : ? * & ! |",
    "true",
    "null",
    "2012-10-17",
    "0x1F",
    "1_000",
    "~",
    " leading and trailing ",
    "Ünïcödé ÿ ¡",
    "--help",
    "@file",
    "x" * 300,
)
NOT_LATIN = ("“curly”", "日本", "\U0001f680", "\u2028", "\U000e0041")


def hostile(spec: RoleSpec) -> RoleSpec:
    """Every hostile text as a value in a policy; those that IAM takes there also as description and tags."""
    document = policy(
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::b/*",
            "Condition": {"StringEquals": {f"aws:PrincipalTag/{n}": text for n, text in enumerate(HOSTILE)}},
        }
    )
    escaped = policy(
        {
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::b/*",
            "Condition": {"StringEquals": {"aws:PrincipalTag/x": list(NOT_LATIN)}},
        }
    )
    return replace(
        spec,
        description="".join(text for text in HOSTILE if len(text) < 100),
        tags={"team": "a=b c:/@+-", "Größe_1.0": "", "日本": "東京"},
        inline=(*spec.inline, InlinePolicy("hostile=1,2", document), InlinePolicy("escaped", escaped)),
        new_policies=(NewPolicy("thumbnails", READ, "/app/", 'what\'s "this" ${x}'),),
    )


Loads = Callable[[str], Any]


@pytest.fixture(scope="module")
def hcl() -> Loads:
    import hcl2

    loads: Loads = hcl2.loads
    return loads


def unquoted(text: str) -> str:
    """The value of a quoted template of HCL that has no live interpolation."""
    inner = text[1:-1]
    assert not re.search(r"(?<!\$)\$\{|(?<!%)%\{", inner.replace("$${", "").replace("%%{", ""))
    inner = inner.replace("$${", "${").replace("%%{", "%{")
    inner = re.sub(r"\\U([0-9a-f]{8})", lambda match: chr(int(match[1], 16)), inner)
    return re.sub(r"\\(u[0-9a-f]{4}|.)", lambda match: str(json.loads(f'"\\{match[1]}"')), inner)


def evaluated(value: Any, hcl: Loads) -> Any:
    """python-hcl2's values as Terraform would have them; references stay as they are written."""
    if isinstance(value, dict):
        return {
            evaluated(key, hcl) if key.startswith('"') else key: evaluated(each, hcl)
            for key, each in value.items()
            if not key.startswith("__")
        }
    if isinstance(value, list):
        return [evaluated(each, hcl) for each in value]
    if isinstance(value, str) and value.startswith("${jsonencode("):
        return evaluated(hcl(f"x = {value.removeprefix('${jsonencode(').removesuffix(')}')}")["x"], hcl)
    if isinstance(value, str) and value.startswith('"'):
        return unquoted(value)
    return value


def declared(text: str, hcl: Loads) -> list[tuple[str, dict[str, Any]]]:
    """(type, attributes) of each resource."""
    found = []
    for block in hcl(text)["resource"]:
        [(kind, labelled)] = block.items()
        [(_, attributes)] = labelled.items()
        found.append((kind.strip('"'), evaluated(attributes, hcl)))
    return found


# The arguments that the AWS provider's documentation lists for each.
ARGUMENTS = {
    "aws_iam_policy": {"name", "path", "description", "policy", "tags"},
    "aws_iam_role": {
        *("name", "path", "description", "assume_role_policy", "max_session_duration", "permissions_boundary", "tags"),
    },
    "aws_iam_role_policy": {"name", "role", "policy"},
    "aws_iam_role_policy_attachment": {"role", "policy_arn"},
    "aws_iam_instance_profile": {"name", "path", "role"},
}


def test_terraform_gives_every_value_back(account: Account, spec: RoleSpec, hcl: Loads) -> None:
    plan = create_role(hostile(spec), account)
    resources = declared(to_terraform(plan), hcl)
    assert all(set(attributes) <= ARGUMENTS[kind] for kind, attributes in resources)
    calls = [call for call in plan.calls if call.operation != "AddRoleToInstanceProfile"]
    assert len(resources) == len(calls)
    for call, (kind, attributes) in zip(calls, resources, strict=True):
        for name, value in call.parameters.items():
            match name:
                case "AssumeRolePolicyDocument" | "PolicyDocument":
                    written = attributes["assume_role_policy" if name.startswith("Assume") else "policy"]
                    said = json.loads(written) if isinstance(written, str) else written
                    assert said == json.loads(value)
                case "Tags":
                    assert attributes["tags"] == dict(value)
                case "Path" | "Description":
                    assert attributes[name.lower()] == value
                case "MaxSessionDuration":
                    assert attributes["max_session_duration"] == value
                case "PermissionsBoundary":
                    assert attributes["permissions_boundary"] == value
                case "PolicyArn":
                    assert attributes["policy_arn"] in (value, "${aws_iam_policy.thumbnails.arn}")
                case "PolicyName" | "InstanceProfileName":
                    assert attributes["name"] == value
                case "RoleName":
                    same = attributes["name"] == value if kind == "aws_iam_role" else None
                    assert same or attributes["role"] == "${aws_iam_role.thumbnail-worker.name}"


@pytest.fixture(scope="module")
def cloudformation_faults() -> Callable[[str], list[str]]:
    """cfn-lint, with every rule that it has without a network."""
    from cfnlint.api import lint

    return lambda text: [f"{match.rule.id} {match.message}" for match in lint(text)]


def test_cloudformation_gives_every_value_back(account: Account, spec: RoleSpec) -> None:
    wanted = hostile(spec)
    plan = create_role(wanted, account)
    resources = yaml.safe_load(to_cloudformation(plan))["Resources"]
    role = resources["ThumbnailWorkerRole"]["Properties"]
    assert role["Description"] == wanted.description
    assert {each["Key"]: each["Value"] for each in role["Tags"]} == dict(wanted.tags)
    assert role["AssumeRolePolicyDocument"] == wanted.trust.value
    documents = {each["PolicyName"]: each["PolicyDocument"] for each in role["Policies"]}
    assert documents == {each.name: each.document.value for each in wanted.inline}
    assert resources["ThumbnailsPolicy"]["Properties"]["Description"] == wanted.new_policies[0].description


def test_the_linter_sees_faults(
    cloudformation_faults: Callable[[str], list[str]], account: Account, spec: RoleSpec
) -> None:
    text = to_cloudformation(create_role(spec, account))
    assert cloudformation_faults(text.replace("RoleName:", "RollName:"))


def test_cloudformation_passes_its_linter(
    cloudformation_faults: Callable[[str], list[str]], account: Account, spec: RoleSpec
) -> None:
    assert cloudformation_faults(to_cloudformation(create_role(hostile(spec), account))) == []


def test_every_trust_recipe_is_declared_cleanly(
    cloudformation_faults: Callable[[str], list[str]], account: Account, hcl: Loads
) -> None:
    """All of them in one template, since the linter's time is in its start."""
    facts = AccountFacts.of(account)
    template: dict[str, Any] = {}
    for number, (recipe, answers) in enumerate(FEW_TRUSTS):
        document = trust_recipe(recipe).document(answers, facts)
        bare = RoleSpec(f"{recipe}-{number}", document)
        plan = create_role(bare, account)
        [(_, role)] = declared(to_terraform(plan), hcl)
        assert role["assume_role_policy"] == document.value
        one = yaml.safe_load(to_cloudformation(plan))
        template = {**one, "Resources": {**template.get("Resources", {}), **one["Resources"]}}
        template.pop("Outputs", None)
    assert cloudformation_faults(yaml.safe_dump(template)) == []


# Every kind of plan.


def _trust(setting: Setting) -> Plan:
    return update_trust(setting.role("metrics-collector"), setting.spec.trust.text, setting.account)


def _audience(setting: Setting) -> Plan:
    from iam.changes.builders.policies import add_audience

    return add_audience((setting.account.oidc_providers or ())[0], "it's new", setting.account)


KINDS: dict[str, Callable[[Setting], Plan]] = {
    "creation": creation,
    "deletion": deletion,
    "edition": edition,
    "trust": _trust,
    "policy-version": version,
    "policy-deletion": policy_deletion,
    "audience": _audience,
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_plan_is_said_rightly_or_not_at_all(
    kind: str,
    cloudformation_faults: Callable[[str], list[str]],
    demo_world: World,
    account: Account,
    spec: RoleSpec,
    hcl: Loads,
    tmp_path: Path,
) -> None:
    plan = KINDS[kind](Setting(demo_world, account, spec))
    script = tmp_path / "plan.sh"
    script.write_text(to_cli(plan))
    assert subprocess.run(["bash", "-n", script], capture_output=True, check=False).returncode == 0
    assert json.loads(written(plan, "json"))["calls"]
    if kind == "creation":
        assert cloudformation_faults(to_cloudformation(plan)) == []
        assert declared(to_terraform(plan), hcl)
        return
    for form in ("terraform", "cloudformation"):
        with pytest.raises(PlanError, match="export the plan as CLI commands"):
            written(plan, form)


@pytest.mark.parametrize("kind", ["deletion", "edition", "policy-version"])
def test_the_script_does_what_the_plan_does(
    kind: str, demo_world: World, account: Account, spec: RoleSpec, tmp_path: Path
) -> None:
    setting = Setting(demo_world, account, spec)
    plan, twin = KINDS[kind](setting), setting.twin()
    *_, end = apply(plan, twin.reader, writable=False, directory=tmp_path / "journal", writer=twin.writer())
    assert end.status is CallStatus.VERIFIED
    done = run_script(to_cli(plan), demo_world, tmp_path)
    assert done.returncode == 0, done.stderr
    assert photo(setting.world) == photo(twin.world)


def test_the_script_s_undo_takes_a_creation_back(
    demo_world: World, account: Account, spec: RoleSpec, tmp_path: Path
) -> None:
    """The commands that stand commented out at its end."""
    setting = Setting(demo_world, account, spec)
    before = photo(setting.world)
    plan = creation(setting)
    *_, end = apply(plan, setting.reader, writable=False, directory=tmp_path / "journal", writer=setting.writer())
    assert end.status is CallStatus.VERIFIED
    _, _, undo = to_cli(plan).partition("# To undo it:\n")
    commands = "\n".join(line.removeprefix("#   ") for line in undo.splitlines())
    done = run_script(f"set -e\n{commands}\n", demo_world, tmp_path)
    assert done.returncode == 0, done.stderr
    assert photo(setting.world) == before
