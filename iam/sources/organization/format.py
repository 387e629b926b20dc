"""The format of ``organization.json``, the data that the accounts in a folder share: one row for each part."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from iam.organization.tree import Guardrail, Member, OrganizationTree, Unit
from iam.sources.json_values import DOCUMENT, TEXT, TEXTS, TIME, JsonObject, MalformedJson, objects_of
from iam.sources.json_values import JsonRow as Row
from iam.sources.source_error import SourceError

FILE = "organization.json"
FORMAT = "rolescope-organization"
VERSION = 1


@dataclass(frozen=True, slots=True)
class UnreadAccount:
    """An entry under ``Unread``: an account that could not be read."""

    account: str
    why: str


_UNIT = JsonObject(
    Unit,
    Row("Id", "id", TEXT, required=True),
    Row("Name", "name", TEXT, missing=""),
    Row("Parent", "parent", TEXT, missing=""),
)
_MEMBER = JsonObject(
    Member,
    Row("Id", "id", TEXT, required=True),
    Row("Name", "name", TEXT, missing=""),
    Row("Parent", "parent", TEXT, missing=""),
    Row("Status", "status", TEXT, missing="ACTIVE"),
)
_GUARDRAIL = JsonObject(
    Guardrail,
    Row("Arn", "arn", TEXT, missing=""),
    Row("Name", "name", TEXT, missing=""),
    Row("Document", "document", DOCUMENT, null=True),
    Row("Targets", "targets", TEXTS, missing=()),
)
_UNREAD = JsonObject(
    UnreadAccount,
    Row("Account", "account", TEXT, required=True),
    Row("Why", "why", TEXT, missing=""),
)
_TREE = JsonObject(
    OrganizationTree,
    Row("Id", "id", TEXT, missing=""),
    Row("ManagementAccountId", "management_account_id", TEXT),
    Row("CapturedAt", "captured_at", TIME),
    Row("Root", "root", TEXT, missing=""),
    Row("Units", "units", objects_of(_UNIT), missing=()),
    Row("Accounts", "members", objects_of(_MEMBER)),
    Row("ServiceControlPolicies", "scps", objects_of(_GUARDRAIL)),
    Row("ResourceControlPolicies", "rcps", objects_of(_GUARDRAIL)),
)


def tree_of(value: Mapping[str, Any]) -> OrganizationTree:
    """Return the tree that the JSON of ``organization.json`` describes. Raises `MalformedJson`."""
    if not isinstance(value, dict):
        raise MalformedJson("an object", value)
    guardrails = {
        key: [_with_document(each) for each in value[key]]
        for key in ("ServiceControlPolicies", "ResourceControlPolicies")
        if isinstance(value.get(key), list)
    }
    tree = _TREE.read({**value, **guardrails})
    unread = objects_of(_UNREAD).read(value.get("Unread") or [])
    return replace(tree, unread={each.account: each.why for each in unread})


def _with_document(entry: Any) -> Any:
    """Return an entry without the key of its document if the document was not read."""
    if isinstance(entry, dict) and "Document" in entry and entry["Document"] is None:
        return {key: value for key, value in entry.items() if key != "Document"}
    return entry


def json_of(tree: OrganizationTree) -> dict[str, Any]:
    """Return the JSON of ``organization.json`` for a tree."""
    unread = [_UNREAD.write(UnreadAccount(account, why)) for account, why in tree.unread.items()]
    return {"Format": FORMAT, "Version": VERSION, **_TREE.write(tree), "Unread": unread}


def read_tree(path: Path) -> OrganizationTree:
    """Read the tree from a file. Raises `SourceError` that names the file, the location of the error and what to do."""
    try:
        value = json.loads(path.read_bytes())
        if not isinstance(value, dict) or value.get("Format", FORMAT) != FORMAT:
            raise SourceError(f"{path} is not a {FORMAT}: write the folder again with `rolescope snapshot FOLDER`.")
        version = value.get("Version", VERSION)
        if not isinstance(version, int) or version > VERSION:
            raise SourceError(f"{path} has version {version}, but this rolescope reads {VERSION}: update rolescope.")
        return tree_of(value)
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror or error}.") from error
    except MalformedJson as error:
        raise SourceError(f"{path}: {error}.") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"{path} is not JSON: {error}.") from error
