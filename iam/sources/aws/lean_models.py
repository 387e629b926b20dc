"""boto3's descriptions of AWS's APIs without what the program never reads: EC2's alone take 18 MB as botocore has them.

Left out are the texts of the documentation; what is the same in many places of a description is kept once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from sys import intern
from typing import IO, Any, ClassVar

from botocore.loaders import JSONFileLoader

_LONGEST = 60
"""Characters of a text that may be a name, which stands in many places."""


class LeanFiles(JSONFileLoader):  # type: ignore[misc]  # botocore has no types
    """Reads botocore's files as its own loader does, into plain dicts."""

    _of_all_services: ClassVar[dict[str, Any]] = {}

    def _load_file(self, full_path: str, open_method: Callable[..., IO[bytes]]) -> Any:
        if full_path in self._of_all_services:
            return self._of_all_services[full_path]
        path = Path(full_path)
        if not path.is_file():
            return None
        with open_method(full_path, "rb") as file:
            found = _lean(file.read())
        if path.parent.name == "data":  # AWS's endpoints and partitions: every session has the same
            self._of_all_services[full_path] = found
        return found


def _lean(content: bytes) -> Any:
    references: dict[tuple[tuple[str, Any], ...], dict[str, Any]] = {}

    def lean(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        # An API's own member of that name has a dict as its value.
        found = {
            key: "" if key == "documentation" and isinstance(value, str) else _known(value) for key, value in pairs
        }
        # botocore copies a reference to a shape before it takes it apart.
        if "shape" in found and all(isinstance(value, str) for value in found.values()):
            found.pop("documentation", None)
            return references.setdefault(tuple(found.items()), found)
        return found

    return json.loads(content, object_pairs_hook=lean)


def _known(value: Any) -> Any:
    return intern(value) if isinstance(value, str) and len(value) < _LONGEST else value
