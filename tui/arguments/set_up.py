"""The arguments of the commands that set rolescope up: permissions, config, completion, info, serve, mcp."""

from __future__ import annotations

import argparse

from tui.arguments.shared import Commands, account, account_without_number

DEPTHS = ("browse", "diagnose", "review", "use", "create", "change", "trail")  # as in `iam.sources.aws.read_calls`


def add_permissions(commands: Commands) -> None:
    permissions = commands.add_parser(
        "permissions",
        parents=[account_without_number],
        help="print the least-privilege policy that rolescope itself needs",
        description="Print the IAM policy that rolescope needs for one purpose (DEPTH). Without DEPTH, list the "
        "purposes.",
    )
    permissions.add_argument("depth", nargs="?", metavar="DEPTH", choices=DEPTHS, help=", ".join(DEPTHS))
    permissions.add_argument("--account", metavar="NUMBER", help="the account (default: the caller's)")
    permissions.add_argument("--partition", choices=("aws", "aws-cn", "aws-us-gov"), help="the account's partition")
    permissions.add_argument(
        "--roles",
        metavar="PATTERN",
        default="*",
        help="allow changing and assuming only these roles: path and name, teams/web/*",
    )
    permissions.add_argument(
        "--buckets", metavar="PATTERN", help="with trail: the buckets of trails and of Athena's results"
    )
    permissions.add_argument(
        "--only",
        action="store_true",
        help="print only this depth's own permissions, without the depths on which it builds",
    )
    permissions.add_argument("--format", choices=("json", "terraform"), default="json")
    permissions.set_defaults(module="tui.commands.permissions")


def add_config(commands: Commands) -> None:
    config = commands.add_parser("config", help="write a commented configuration file, or print where it is")
    config.set_defaults(module="tui.commands.config")


def add_completion(commands: Commands) -> None:
    completion = commands.add_parser("completion", help="print the script for completion in a shell")
    completion.add_argument("shell", choices=("bash", "zsh", "fish"))
    completion.set_defaults(module="tui.commands.completion")


def add_info(commands: Commands) -> None:
    info = commands.add_parser("info", parents=[account], help="show versions, paths, the account and the caller")
    info.add_argument("--json", action="store_true", help="one JSON document")
    info.set_defaults(module="tui.commands.info")


def add_serve(commands: Commands) -> None:
    serve = commands.add_parser(
        "serve",
        parents=[account],
        help="serve the terminal UI to a browser, read-only by default (needs the extra serve)",
        description=(
            "Serve the terminal UI to browsers with textual-serve. The command prints an address that contains a "
            "token; anyone who has the address can use this machine's credentials."
        ),
    )
    serve.add_argument("--host", default="localhost", help="the host to listen on (localhost)")
    serve.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
    serve.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="another host name under which the server is reached, such as a proxy's (repeatable)",
    )
    serve.add_argument(
        "--sessions", type=int, default=8, metavar="N", help="how many sessions can be open at the same time (8)"
    )
    serve.add_argument("--write", action="store_true", default=argparse.SUPPRESS, help="allow changes to the account")
    serve.set_defaults(module="tui.commands.serve")


def add_mcp(commands: Commands) -> None:
    mcp = commands.add_parser(
        "mcp",
        parents=[account],
        help="read-only tools for coding assistants, over standard input and output (needs the extra mcp)",
        description="Serve read-only tools over the Model Context Protocol: explain_denial, who_can, can, role, "
        "review, what_if, history and plan_change. No call that changes the account can be made. Account numbers and "
        "names are masked.",
    )
    mcp.add_argument("--unmasked", action="store_true", help="do not mask account numbers and names")
    mcp.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of such files, for history",
    )
    mcp.set_defaults(module="tui.commands.mcp")
