"""The arguments of the commands that plan a change: create, adopt, change, what-if, right-size."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from tui.arguments.shared import (
    CHECK_HELP,
    FAIL_ON_HELP,
    SEVERITIES,
    Commands,
    account,
    account_without_user,
    add_query,
    masking,
    several_accounts,
    shard,
)

EXPORTS = ("cli", "terraform", "cloudformation")
ADOPTIONS = (
    *("terraform", "cloudformation", "cdk", "sam", "pulumi"),
    *("eksctl", "serverless", "ansible", "crossplane", "ack"),
)


class AsWord(argparse.Action):
    """The option ``--as`` of ``create``: the plan's output format, or the name of a demo user."""

    forms: tuple[str, ...] = EXPORTS

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        setattr(namespace, "export" if values in self.forms else "as_user", values)


class SpecWord(AsWord):
    """The option ``--as`` of a ``create`` that can also print the spec file."""

    forms = (*EXPORTS, "file")


class AdoptWord(AsWord):
    """The option ``--as`` of ``adopt``: the tool that adopts the role, or the name of a demo user."""

    forms = ADOPTIONS


def add_create(commands: Commands) -> None:
    create = commands.add_parser(
        "create",
        parents=[account_without_user],
        help="plan a role from a spec, and create it on request",
        description=(
            "Check and print the plan for the role that SPEC describes, or for the differences if the role "
            "exists. With --apply, carry out the plan."
        ),
        epilog=(
            "--spec-help lists the fields of SPEC; --example KIND prints a SPEC to start from. --as cli, --as "
            "terraform and --as cloudformation choose how the plan is printed. With --demo, any other NAME after "
            "--as is the user who makes the calls; --as may be given twice."
        ),
    )
    create.add_argument("spec", nargs="?", metavar="SPEC", help="a JSON file; - reads standard input")
    create.add_argument(
        "--as",
        dest="as_words",
        action=SpecWord,
        metavar="cli|terraform|cloudformation|file|NAME",
        help=(
            "print the plan in this form, or print SPEC completed from the account; with --demo, also a user "
            "who then makes the calls"
        ),
    )
    create.add_argument("--spec-help", action="store_true", help="print the fields that a SPEC may have")
    create.add_argument("--example", metavar="KIND", help="print a SPEC to start from: ec2, lambda, ecs, eks, github …")
    create.add_argument("--json", action="store_true", help="one JSON document: plan, findings, outcomes")
    create.add_argument("--check", action="store_true", help=CHECK_HELP)
    create.add_argument("--fail-on", choices=SEVERITIES, help=FAIL_ON_HELP)
    create.add_argument(
        "--apply", action="store_true", help="carry out the plan (also needs --write, except in the demo)"
    )
    create.add_argument("--write", action="store_true", default=argparse.SUPPRESS, help="allow changes to the account")
    create.add_argument("--confirm", metavar="NAME", help="with --apply: the name that the plan asks you to type")
    again = create.add_mutually_exclusive_group()
    again.add_argument("--resume", metavar="ID", help="resume a plan that stopped in the middle")
    again.add_argument("--roll-back", metavar="ID", help="undo what a plan did")
    create.set_defaults(module="tui.commands.plans.create", export=None)


def add_adopt(commands: Commands) -> None:
    adopt = commands.add_parser(
        "adopt",
        parents=[account_without_user],
        help="put an existing role under the management of another tool, such as Terraform",
        description=(
            "Print the code or commands with which another tool adopts ROLE, its inline policies, attachments and "
            "instance profiles. The role is not changed. The output is Terraform's import blocks and resources, a "
            "CloudFormation or SAM template with the import command, a CDK construct, or Pulumi's import lines. "
            "The output can also be a configuration for eksctl or the Serverless Framework, Ansible's tasks, or a "
            "resource that Crossplane or ACK adopts."
        ),
    )
    adopt.add_argument("adopt_role", metavar="ROLE", help="a role's name or ARN")
    adopt.add_argument(
        "--as",
        dest="as_words",
        action=AdoptWord,
        metavar="TOOL|NAME",
        help=f"the tool: {', '.join(ADOPTIONS)} (terraform); with --demo, also a user who then makes the calls",
    )
    adopt.add_argument(
        "--logical-id", metavar="NAME", help="the tool's name for the role: an address, a logical ID, an object's name"
    )
    adopt.set_defaults(module="tui.commands.plans.adopt", export="terraform")


def _change_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that are accepted both before and after the arguments that describe the change.

    An option given before these arguments keeps its value if it is not repeated after them.
    """
    absent = argparse.SUPPRESS
    parser.add_argument(
        "--also",
        action="append",
        default=absent,
        metavar="ROLE",
        help="also change this role, in the same plan (repeatable)",
    )
    parser.add_argument(
        "--json",
        action="store_true",
        default=absent,
        help="one JSON document: effects, calls, who uses the role, outcomes",
    )
    parser.add_argument(
        "--as",
        dest="as_words",
        action=AsWord,
        default=absent,
        metavar="cli|terraform|cloudformation|NAME",
        help="print the plan in this form; with --demo, also a user who then makes the calls",
    )
    parser.add_argument("--check", action="store_true", default=absent, help=CHECK_HELP)
    parser.add_argument("--fail-on", choices=SEVERITIES, default=absent, help=FAIL_ON_HELP)
    parser.add_argument(
        "--apply",
        action="store_true",
        default=absent,
        help="carry out the plan (also needs --write, except in the demo)",
    )
    parser.add_argument("--write", action="store_true", default=absent, help="allow changes to the account")
    parser.add_argument(
        "--confirm",
        default=absent,
        metavar="NAME",
        help="with --apply: the name that the plan asks you to type",
    )
    parser.add_argument(
        "--keep-within",
        type=duration,
        default=absent,
        metavar="TIME",
        help="with --apply: wait, and undo the change after TIME (90s, 10m, 1h) unless --keep ID keeps it",
    )
    parser.add_argument(
        "--undo-profile",
        default=absent,
        metavar="NAME",
        help="with --keep-within: the profile whose credentials undo the change, if your own could not",
    )


def watch_time(text: str) -> timedelta:
    from tui.commands.plans.watched import watch_time

    try:
        return watch_time(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def duration(text: str) -> timedelta:
    from tui.commands.plans.timed import duration

    try:
        return duration(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def add_change(commands: Commands) -> None:
    """Add ``change`` with a subcommand for each change of `diagnostics.plans.role_change` and a few more."""
    change = commands.add_parser(
        "change",
        parents=[account_without_user],
        help="plan a change of an existing role, see who gains and loses access, and carry out the plan on request",
        description=(
            "Print the plan for a change of ROLE: first who gains and who loses which access, then who uses the "
            "role, then the calls with their undo. With --apply, carry out the plan. If nothing has to change, "
            "the command says so, with exit status 0. POLICY is an ARN, aws:NAME for an AWS managed policy, or "
            "the name of a policy that is attached to the role or managed by the account. FILE is a document; - "
            "reads standard input."
        ),
    )
    change.add_argument("change_role", metavar="ROLE", nargs="?", help="a role's name or ARN")
    change.add_argument("--keep", metavar="ID", help="keep a change that was made with --keep-within")
    _change_options(change)
    change.set_defaults(
        also=[],
        json=False,
        check=False,
        fail_on=None,
        apply=False,
        confirm=None,
        keep_within=None,
        undo_profile=None,
        export=None,
        change=None,
        module="tui.commands.plans.change",
    )
    kinds = commands.inside(change.add_subparsers(title="changes", metavar="CHANGE", dest="change", required=False))

    def kind(name: str, help: str, *arguments: tuple[str, dict[str, Any]]) -> None:
        parser = kinds.add_parser(
            name,
            parents=[account_without_user],
            help=help,
            description=f"{help[0].upper()}{help[1:]}.",
        )
        _change_options(parser)
        for argument, given in arguments:
            parser.add_argument(argument, **given)
        parser.set_defaults(module="tui.commands.plans.change")

    policy = ("policy", {"metavar": "POLICY"})
    file = ("file", {"metavar": "FILE"})
    inline = ("name", {"metavar": "NAME"})
    kind("trust", "replace the trust policy", file)
    kind("inline", "add an inline policy, or replace the one with that name", inline, file)
    kind("delete-inline", "delete an inline policy", inline)
    kind("attach", "attach a managed policy", policy)
    kind("detach", "detach a managed policy", policy)
    kind(
        "own-copy",
        "replace an AWS managed policy with a customer managed copy",
        policy,
        ("name", {"metavar": "NAME", "nargs": "?", "default": "", "help": "the copy's name"}),
    )
    kind("boundary", "set the permissions boundary", policy)
    kind("no-boundary", "remove the permissions boundary")
    kind(
        "policy",
        "save a new version of a customer managed policy of the role; the version applies wherever the policy "
        "is attached",
        policy,
        file,
    )
    version = ("version", {"metavar": "vN"})
    kind("version", "make another version of a customer managed policy the default", policy, version)
    profile = ("name", {"metavar": "NAME", "nargs": "?", "default": "", "help": "an instance profile"})
    way = ("way", {"choices": ("add", "remove"), "help": "add the role, creating the profile, or remove the role"})
    kind("profile", "add the role to an instance profile, or remove the role from one", way, profile)
    instance = ("instance", {"metavar": "INSTANCE", "help": "an EC2 instance's ID or ARN"})
    kind(
        "instance",
        "attach the role's instance profile to an EC2 instance, replacing any other profile of the instance",
        instance,
        profile,
    )
    kind("tag", "add tags", ("tags", {"metavar": "KEY=VALUE", "nargs": "+"}))
    kind("untag", "remove tags", ("tags", {"metavar": "KEY", "nargs": "+"}))
    kind("description", "change the description", ("text", {"metavar": "TEXT"}))
    kind("session", "change the maximum session duration", ("seconds", {"metavar": "SECONDS", "type": int}))
    kind("disable", "deny all access until the role is enabled again")
    kind("enable", "undo what disable did")
    kind("revoke", "deny all access to sessions created until now")
    provider = ("provider", {"metavar": "PROVIDER", "help": "an OIDC provider's ARN or URL"})
    kind("audience", "add an audience to an OIDC provider", provider, ("audience", {"metavar": "AUDIENCE"}))
    kind(
        "provider",
        "create an OIDC provider",
        provider,
        ("audiences", {"metavar": "AUDIENCE", "nargs": "*", "default": ["sts.amazonaws.com"]}),
    )
    kind("copy", "create a new role like this one, under another name", ("name", {"metavar": "NAME"}))
    kind(
        "rename",
        "the same as copy, and documents that name the old role then name both roles",
        ("name", {"metavar": "NEW"}),
    )


def add_what_if(commands: Commands) -> None:
    what_if = commands.add_parser(
        "what-if",
        parents=[account, several_accounts, shard, masking],
        help="show who gains or loses access if a policy is added, changed or removed",
    )
    what_if.add_argument(
        "--policy",
        metavar="FILE|ARN",
        help=(
            "the policy's file; - reads standard input; the ARN of a managed policy attaches that policy. With "
            "--remove: the name or ARN of the policy to remove (--remove without --policy deletes the role, user "
            "or group)"
        ),
    )
    what_if.add_argument(
        "--at",
        metavar="ARN|TARGET",
        help=(
            "the ARN of a policy, role, user or group (role/PATH/*: all roles under a path); or a root, OU or "
            "account of the organization"
        ),
    )
    what_if.add_argument("--remove", action="store_true", help="remove the policy")
    what_if.add_argument(
        "--move", metavar="ACCOUNT", help="with --to and a folder: move this account to another organizational unit"
    )
    what_if.add_argument(
        "--to", metavar="UNIT", help="the organizational unit (or root) that --move moves the account to"
    )
    what_if.add_argument(
        "--kind",
        choices=("identity", "trust", "boundary", "scp", "rcp"),
        help="the kind of policy (default: inferred from its form if that is clear)",
    )
    what_if.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of such files: report which recorded calls by roles would have been denied",
    )
    add_query(what_if)
    what_if.add_argument("--json", action="store_true", help="one JSON document")
    what_if.set_defaults(module="tui.commands.what_if")


def add_right_size(commands: Commands) -> None:
    right_size = commands.add_parser(
        "right-size",
        parents=[account, masking],
        help="reduce a role's policies to what the role used, and replay its recorded calls",
    )
    right_size.add_argument("right_size_role", metavar="ROLE", help="a role's name, ARN or unique ID")
    right_size.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of such files (default: CloudTrail's event history)",
    )
    add_query(right_size)
    right_size.add_argument("--strict", action="store_true", help="also remove actions whose use is unknown")
    right_size.add_argument("--no-trail", action="store_true", help="use only IAM's last accessed information")
    right_size.add_argument(
        "--events", type=int, default=20_000, metavar="N", help="how many events of the event history to read (20000)"
    )
    right_size.add_argument(
        "--watch",
        type=watch_time,
        metavar="TIME",
        help=(
            "carry out the plan, watch the event history for TIME (30m, 8h, 7d), and restore permissions whose "
            "calls are denied"
        ),
    )
    right_size.add_argument(
        "--write", action="store_true", default=argparse.SUPPRESS, help="with --watch: allow changes to the account"
    )
    right_size.add_argument("--confirm", metavar="NAME", help="with --watch: the name that the plan asks you to type")
    right_size.add_argument("--json", action="store_true", help="one JSON document")
    right_size.set_defaults(module="tui.commands.right_size", check=False, fail_on=None)
