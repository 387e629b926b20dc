"""The arguments of the commands for pipelines: lint, check, test, plan-review, merge, schema."""

from __future__ import annotations

from tui.arguments.shared import SEVERITIES, Commands, account, account_without_number, masking


def add_lint(commands: Commands) -> None:
    lint = commands.add_parser("lint", help="check policy documents; findings have the codes of IAM Access Analyzer")
    lint.add_argument("files", nargs="+", metavar="FILE", help="a policy document; - reads standard input")
    lint.add_argument(
        "--kind",
        choices=("identity", "trust", "boundary", "scp", "rcp", "resource"),
        help="the documents' purpose (default: inferred from their form if the form is clear)",
    )
    lint.add_argument(
        "--format",
        choices=("text", "json", "sarif", "github"),
        default="text",
        help="github: annotations for a workflow",
    )
    lint.add_argument("--json", action="store_true", help="short for --format json")
    lint.set_defaults(module="tui.commands.lint")


def add_check(commands: Commands) -> None:
    check = commands.add_parser(
        "check",
        help="check whether policies grant access that they should not: new, listed or public",
        description=(
            "Check the access that policy documents grant, with an allowed request as an example: no-new-access "
            "OLD NEW, access-not-granted POLICY, no-public-access POLICY. Exit status: 0 no such access, 1 such "
            "access or undecided, 2 wrong usage."
        ),
    )
    check.add_argument("check", choices=("no-new-access", "access-not-granted", "no-public-access"), metavar="CHECK")
    check.add_argument("documents", nargs="+", metavar="FILE", help="a policy document; - reads standard input")
    check.add_argument("--actions", nargs="+", default=[], metavar="A", help="such as iam:PassRole or s3:*")
    check.add_argument("--resources", nargs="+", default=[], metavar="R", help="ARNs, wildcards allowed")
    check.add_argument(
        "--resource", metavar="ARN", help="the resource that the policy belongs to (default: any resource in it)"
    )
    check.add_argument(
        "--kind",
        choices=("identity", "resource", "trust"),
        help="the documents' purpose (default: inferred from their form if the form is clear)",
    )
    check.add_argument("--json", action="store_true", help="one JSON document")
    check.set_defaults(module="tui.commands.check")


def add_test(commands: Commands) -> None:
    test = commands.add_parser(
        "test",
        parents=[account, masking],
        help="run policy tests: who must be allowed or denied what",
        description="Evaluate the policy tests of each FILE (YAML or JSON). Exit status: 0 if all tests pass, 1 if a "
        "test fails or depends on an unknown value, 2 if a file is invalid, 3 if the account could not be read.",
    )
    test.add_argument("files", nargs="*", metavar="FILE", help="policy tests; - reads standard input")
    test.add_argument(
        "--init",
        action="store_true",
        help="propose tests from what roles used, and write them to FILE or standard output",
    )
    test.add_argument(
        "--check", action="store_true", help="only read the test files: read no account, evaluate no test"
    )
    test.add_argument(
        "--skip-unread",
        action="store_true",
        help=(
            "evaluate as if unreadable layers did not exist; otherwise a test that depends on such a layer is unknown"
        ),
    )
    test.add_argument(
        "--after",
        metavar="FILE",
        help=(
            "test the account as it would be after the change in this file: a rolescope plan, or a file for plan-review"
        ),
    )
    test.add_argument("--format", choices=("text", "json", "junit"), default="text")
    test.add_argument("--json", action="store_true", help="short for --format json")
    test.set_defaults(module="tui.commands.test")


def add_plan_review(commands: Commands) -> None:
    plan_review = commands.add_parser(
        "plan-review",
        parents=[account_without_number, masking],
        help="review a change before it is merged: who gains and loses access, and which findings are new",
        description=(
            "Apply FILE to the account in memory and review what it changes. FILE is the output of terraform "
            "show -json or pulumi preview --json, a CloudFormation template or change set, or a CDK assembly "
            "(cdk.out). Exit status 1: an external principal gains access, a policy test does not pass, AWS "
            "would reject a policy, or a new finding is as severe as --fail-on."
        ),
    )
    plan_review.add_argument("file", metavar="FILE", help="the plan, template, change set, assembly or preview")
    plan_review.add_argument(
        "--fail-on",
        choices=SEVERITIES,
        default="high",
        help="exit status 1 if a new finding is at least this severe (high)",
    )
    plan_review.add_argument(
        "--tests",
        action="append",
        default=[],
        metavar="FILE",
        help="policy tests to run on the account after the change",
    )
    plan_review.add_argument(
        "--accept",
        metavar="FILE",
        help="the file of accepted findings (.rolescope/accepted.toml), each with an owner and a date",
    )
    plan_review.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="the value of a template's parameter; other parameters are unknown",
    )
    plan_review.add_argument(
        "--source",
        default=".",
        metavar="FOLDER",
        help="the folder of the .tf files, for the line numbers of annotations (.)",
    )
    plan_review.add_argument(
        "--offline",
        action="store_true",
        help="read no account; use only what the file says about the state before the change",
    )
    plan_review.add_argument("--account", metavar="NUMBER", help="with --offline: the account's number")
    plan_review.add_argument(
        "--format",
        choices=("text", "json", "markdown", "sarif", "github"),
        default="text",
        help="github: annotations for a workflow",
    )
    plan_review.add_argument("--json", action="store_true", help="short for --format json")
    plan_review.set_defaults(module="tui.commands.plan_review")


def add_merge(commands: Commands) -> None:
    merge = commands.add_parser(
        "merge",
        help="join the outputs for several parts of the accounts",
        description=(
            "Join the outputs of review, who-can or what-if with --json and --shard I/N, one FILE per part. The "
            "result is the output for all accounts. Exit status: 0 joined, 2 a part is missing or given twice."
        ),
    )
    merge.add_argument(
        "files", nargs="+", metavar="FILE", help="the output of review, who-can or what-if with --shard I/N"
    )
    merge.set_defaults(module="tui.commands.merge")


def add_schema(commands: Commands) -> None:
    schema = commands.add_parser("schema", help="print the JSON Schema of a command's --json output")
    schema.add_argument(
        "output", nargs="?", metavar="NAME", help="such as diagnose or review; without NAME, list the names"
    )
    schema.set_defaults(module="tui.commands.schema")
