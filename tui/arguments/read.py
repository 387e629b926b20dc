"""The arguments of the commands that only read: roles, role, who-can, review, use, diff, snapshot."""

from __future__ import annotations

import argparse

from tui.arguments.shared import SEVERITIES, Commands, account, masking, several_accounts, shard


def jobs(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 256:
        raise argparse.ArgumentTypeError("takes a number of processes, from 1 to 256.")
    return int(text)


def add_roles(commands: Commands) -> None:
    roles = commands.add_parser(
        "roles", parents=[account, several_accounts, masking], help="list roles, filtered as on the screen"
    )
    roles.add_argument(
        "words", nargs="*", metavar="WORD", help="such as lambda, trust:lambda, tag:team=ferry, unused:90d, action:s3:*"
    )
    roles.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "markdown", "csv"),
        default="text",
        help="jsonl: one role per line",
    )
    roles.add_argument("--json", action="store_true", help="short for --format json")
    roles.set_defaults(module="tui.commands.roles")


def add_role(commands: Commands) -> None:
    role = commands.add_parser("role", parents=[account, masking], help="show everything about one role, as Markdown")
    role.add_argument("role_name", metavar="NAME", help="a role's name or ARN")
    role.add_argument("--json", action="store_true", help="one JSON document")
    role.set_defaults(module="tui.commands.role")


def add_who_can(commands: Commands) -> None:
    who_can = commands.add_parser(
        "who-can",
        parents=[account, several_accounts, shard, masking],
        help="every principal that may perform an action, and why",
    )
    who_can.add_argument(
        "action",
        metavar="ACTION",
        help=(
            "such as s3:GetObject, s3:Get* or *; or from, followed by a role or user, to list what that role or "
            "user can reach"
        ),
    )
    who_can.add_argument(
        "resource", nargs="?", default="*", metavar="RESOURCE", help="an ARN; without one: any resource"
    )
    who_can.add_argument("--context", action="append", default=[], metavar="KEY=VALUE", help="a condition key's value")
    who_can.add_argument(
        "--hops", action="store_true", help="also list who may assume those roles, over any number of hops"
    )
    who_can.add_argument(
        "--ways",
        action="store_true",
        help="also list who may change those roles and users, pass the roles to a service, or run code as them",
    )
    who_can.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "mermaid", "dot", "svg"),
        default="text",
        help="jsonl: one principal per line; the last three also draw the hops",
    )
    who_can.add_argument("--json", action="store_true", help="short for --format json")
    who_can.set_defaults(module="tui.commands.who_can")


def add_review(commands: Commands) -> None:
    review = commands.add_parser(
        "review",
        parents=[account, several_accounts, shard, masking],
        help="the least-privilege findings of the account",
    )
    review.add_argument(
        "--rule", action="append", default=[], metavar="ID", help="only this rule, or this topic (trust)"
    )
    review.add_argument("--role", metavar="NAME", default=argparse.SUPPRESS, help="only this role or user")
    review.add_argument(
        "--accept",
        metavar="FILE",
        help="the file of accepted findings (default: accepted.toml next to the configuration)",
    )
    review.add_argument("--fail-on", choices=SEVERITIES, help="exit status 1 if a finding is at least this severe")
    review.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help=(
            "a trail's file, or a folder of such files: report access that the recorded changes opened (default: "
            "changes found earlier)"
        ),
    )
    review.add_argument(
        "--jobs", type=jobs, default=1, metavar="N", help="with a folder: review the accounts in N processes"
    )
    review.add_argument("--no-workloads", action="store_true", help="do not read what runs as the roles")
    review.add_argument(
        "--every-region",
        action="store_true",
        help="read what runs as the roles in every enabled Region (default: in the Region in use)",
    )
    review.add_argument(
        "--format",
        choices=("text", "json", "jsonl", "markdown", "csv", "sarif", "mermaid", "dot", "svg"),
        default="text",
        help="jsonl: one finding per line; the last three draw the escalation paths",
    )
    review.add_argument("--json", action="store_true", help="short for --format json")
    review.set_defaults(module="tui.commands.review")


def add_use(commands: Commands) -> None:
    use = commands.add_parser(
        "use",
        parents=[account],
        help="show how a role can be used, by whom, and with which command; or start a session",
        description=(
            "Show every way to assume ROLE. Each way is evaluated before it is tried. The options for a session "
            "start a session, whose credentials are not written to any file."
        ),
    )
    use.add_argument("use_role", metavar="ROLE", help="a role's name or ARN")
    use.add_argument("--json", action="store_true", help="one JSON document")
    use.add_argument(
        "--from",
        dest="from_principal",
        metavar="PRINCIPAL",
        help="show the ways for this user, role or session, across all accounts of a folder",
    )
    use.add_argument(
        "--my-session-policy", action="store_true", help="ask CloudTrail whether your own session has a session policy"
    )
    use.add_argument(
        "--sessions", action="store_true", help="show who uses the role: its sessions, and what runs as it"
    )
    session = use.add_argument_group("a session of the role")
    session.add_argument(
        "--exec", action="store_true", help="-- COMMAND…: run COMMAND with the session in its environment"
    )
    session.add_argument("--export", action="store_true", help="print the credentials for a shell to evaluate")
    session.add_argument("--shell", choices=("sh", "fish", "powershell", "env"), default="sh", help="which shell")
    session.add_argument(
        "--credential-process",
        action="store_true",
        help="print the output that credential_process in the AWS configuration expects",
    )
    session.add_argument("--console", action="store_true", help="print a link that signs in to the console")
    session.add_argument("--profile-snippet", action="store_true", help="print the lines for ~/.aws/config")
    session.add_argument("--yes-show-secrets", action="store_true", help="print credentials even on a terminal")
    given = use.add_argument_group("values for the call")
    given.add_argument("--external-id", metavar="ID", help="sts:ExternalId")
    given.add_argument(
        "--mfa-serial",
        metavar="ARN",
        help="the MFA device for --mfa-code, if rolescope cannot read which device you have",
    )
    given.add_argument("--session-name", metavar="NAME", help="the session's name")
    given.add_argument("--tag", action="append", default=[], metavar="KEY=VALUE", help="a session tag")
    given.add_argument("--source-identity", metavar="NAME", help="the source identity")
    given.add_argument(
        "--reason",
        metavar="TEXT",
        help="the reason for using a break-glass role; becomes the session's name or the source identity",
    )
    given.add_argument("--duration", type=int, metavar="SECONDS", help="how long the session is valid")
    given.add_argument("--via", action="append", default=[], metavar="ROLE", help="assume this role first")
    given.add_argument(
        "--context",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a condition key's value, or a token's claim",
    )
    use.set_defaults(module="tui.commands.use.ways")


def add_diff(commands: Commands) -> None:
    diff = commands.add_parser(
        "diff",
        parents=[account, masking],
        help="compare two snapshots, or a snapshot and the account: what changed, and for whom",
    )
    diff.add_argument("before", metavar="A", help="a snapshot")
    diff.add_argument("after", nargs="?", metavar="B", help="a later snapshot (default: the account)")
    diff.add_argument("--fail-on", choices=SEVERITIES, help="exit status 1 if a new finding is at least this severe")
    diff.add_argument("--json", action="store_true", help="one JSON document")
    diff.set_defaults(module="tui.commands.diff")


def add_snapshot(commands: Commands) -> None:
    snapshot = commands.add_parser(
        "snapshot",
        parents=[account, several_accounts],
        help="save the account to a file, or several to a folder",
    )
    snapshot.add_argument(
        "file",
        metavar="FILE|FOLDER",
        help="the file, written completely or not at all, with mode 0600; with --accounts, a folder",
    )
    snapshot.add_argument(
        "--full",
        action="store_true",
        help=(
            "with --accounts: also save events, stacks, workloads, Access Analyzer and last access, which need the "
            "most calls"
        ),
    )
    snapshot.add_argument("--json", action="store_true", help="print what was saved as one JSON document")
    snapshot.set_defaults(module="tui.commands.snapshot")
