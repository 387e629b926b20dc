"""Read which service accounts have a role, from a table that kubectl printed.

Amazon EKS User Guide, "Assign IAM roles to Kubernetes service accounts"
(https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html). Kubernetes, "kubectl reference",
custom columns: a field that the object lacks is printed as ``<none>``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.text.read.printed_values import Output, outputs

_KINDS = ("sa", "serviceaccount", "serviceaccounts")
_NONE = "<none>"


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """A service account of a table. ``namespace`` is "" if the text does not say it; ``role`` is "" without one."""

    name: str
    namespace: str
    role: str


def listed_service_accounts(text: str) -> tuple[ListedAccount, ...]:
    """Return the service accounts of the tables in the text that have a column for the role."""
    return tuple(account for made in outputs(text) for account in _rows(made))


def _rows(made: Output) -> Iterator[ListedAccount]:
    format_, _, columns = made.options.get("o", made.options.get("output", "")).partition("=")
    if made.program != "kubectl" or made.operation not in _KINDS or format_ != "custom-columns":
        return
    paths = [each.partition(":")[2] for each in columns.split(",")]
    named = next((at for at, path in enumerate(paths) if path.endswith("metadata.name")), None)
    has = next((at for at, path in enumerate(paths) if path.replace("\\", "").endswith("/role-arn")), None)
    space = next((at for at, path in enumerate(paths) if path.endswith("metadata.namespace")), None)
    if named is None or has is None:
        return
    cells = [each.value for each in made.fields]
    default = made.options.get("n", made.options.get("namespace", ""))
    for start in range(len(paths), len(cells) - len(paths) + 1, len(paths)):
        row = cells[start : start + len(paths)]
        if row[has] != _NONE and not row[has].startswith("arn:"):
            return  # something else follows the table
        role = "" if row[has] == _NONE else row[has]
        yield ListedAccount(row[named], default if space is None else row[space], role)
