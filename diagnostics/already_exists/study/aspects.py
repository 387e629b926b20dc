"""The result of a comparison by aspect: what differs, what is equal, what could not be compared."""

from __future__ import annotations

from dataclasses import dataclass, field

from diagnostics.already_exists.study.documents import Difference, canonical
from iam.changes.plan import Call
from iam.policy.document import Document


@dataclass(slots=True)
class Aspects:
    differences: list[Difference] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def compare(self, aspect: str, wanted: str, there: str, call: Call | None = None) -> None:
        """Add the comparison of one aspect. ``call`` changes the existing value to the wanted one."""
        if wanted == there:
            self.same.append(aspect)
        else:
            self.differences.append(Difference(aspect, wanted, there, call))

    def compare_documents(self, aspect: str, wanted: Document, there: Document, call: Call | None = None) -> None:
        if canonical(wanted) == canonical(there):
            self.same.append(aspect)
        else:
            self.differences.append(Difference(aspect, "otherwise", "otherwise", call, wanted, there))
