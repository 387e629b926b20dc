"""The arguments of the commands that explain: diagnose, history, evaluate."""

from __future__ import annotations

import argparse

from tui.arguments.shared import Commands, account, add_query, masking


def add_diagnose(commands: Commands) -> None:
    diagnose = commands.add_parser("diagnose", parents=[account, masking], help="explain one failure")
    diagnose.add_argument(
        "text",
        nargs="?",
        default="-",
        help="the pasted text, or a file that contains the text; with - or no argument, standard input is read",
    )
    diagnose.add_argument(
        "--follow", action="store_true", help="keep reading, and answer each new failure as it arrives"
    )
    diagnose.add_argument("--offline", action="store_true", help="read only the text, no account")
    diagnose.add_argument(
        "--recent",
        nargs="?",
        const="",
        metavar="ROLE",
        help="list CloudTrail's latest denials for the account or for ROLE, instead of explaining a text",
    )
    diagnose.add_argument(
        "--organization",
        action="store_true",
        help="with --recent and --athena or --lake: denials in every account that the trail covers",
    )
    diagnose.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of such files, to search for the change that broke the request",
    )
    add_query(diagnose, "with --recent, the denials; otherwise the change that broke the request: ", days=7)
    diagnose.add_argument("--context", action="append", default=[], metavar="KEY=VALUE", help="a condition key's value")
    diagnose.add_argument("--json", action="store_true", help="one JSON document")
    diagnose.add_argument("--markdown", action="store_true", help="print Markdown, to keep or to send")
    diagnose.add_argument(
        "--case", metavar="FILE", help="also save the request and its deciding policies, for rolescope evaluate"
    )
    diagnose.add_argument(
        "--role", metavar="NAME", default=argparse.SUPPRESS, help="the role to diagnose, if the text names none"
    )
    diagnose.set_defaults(module="tui.commands.diagnose.texts")


def add_history(commands: Commands) -> None:
    history = commands.add_parser(
        "history", parents=[account, masking], help="show recorded changes, who made them, or a past state"
    )
    history.add_argument(
        "target", nargs="?", metavar="TARGET", help="a role, user or group by name, a policy or resource by ARN"
    )
    history.add_argument("--since", metavar="DATE", help="a date, or an age such as 30d (90d)")
    history.add_argument(
        "--trail",
        action="append",
        default=[],
        metavar="PATH",
        help="a trail's file, or a folder of such files (default: CloudTrail's event history)",
    )
    add_query(history)
    history.add_argument("--snapshots", metavar="FOLDER", help="dated snapshots of the account, to compare")
    history.add_argument("--blame", action="store_true", help="show each statement with the change that added it")
    history.add_argument("--as-of", metavar="TIME", help="show the role as it was at this time")
    history.add_argument("--by", default="", metavar="WHO", help="only changes of this person or role")
    history.add_argument("--via", default="", metavar="TOOL", help="only changes by this tool, such as terraform")
    history.add_argument("--kind", default="", metavar="EVENT", help="only this call, or part of its name")
    history.add_argument(
        "--effect", default="", metavar="ACTION", help="only changes that granted or removed this action"
    )
    history.add_argument("--widened", action="store_true", help="only changes that granted something")
    history.add_argument("--failed", action="store_true", help="also list calls that failed")
    history.add_argument(
        "--no-cache", action="store_true", help="do not save events on disk, and do not use saved events"
    )
    history.add_argument("--format", choices=("text", "json", "markdown", "csv"), default="text")
    history.add_argument("--json", action="store_true", help="short for --format json")
    history.set_defaults(module="tui.commands.history")


def add_evaluate(commands: Commands) -> None:
    evaluate = commands.add_parser("evaluate", help="evaluate requests against policies, one JSON object per line")
    evaluate.add_argument(
        "file", nargs="?", default="-", metavar="FILE", help="JSON lines; - or nothing: standard input"
    )
    evaluate.set_defaults(module="tui.commands.evaluate")
