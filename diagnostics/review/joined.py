"""The reviews of several accounts as one document, which is the same however the accounts were divided."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from diagnostics.review.across import Around, Reviewed, around_lines
from diagnostics.review.patterns import PatternedFinding, open_findings, pattern_lines, patterns
from iam.foreign_text import visible
from iam.risks.risk import Severity
from iam.words import plural

_RANK = {severity.value: severity.rank for severity in Severity}
_ORDER_AROUND = {
    "reach": ("account", "resource", "statement", "who"),
    "stale_names": ("account", "resource", "statement", "name"),
    "trusted": ("account", "who"),
}


def in_order(findings: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return findings in the document's order: the most severe first, then by rule, account and subject."""
    return sorted(findings, key=lambda one: (*_group(one), one["subject"], one["summary"]))


def _group(one: Mapping[str, Any]) -> tuple[int, str, str]:
    return _RANK[one["severity"]], one["rule"], one["account"]


class JoinedReview:
    """The findings from the reviews of several accounts.

    The findings of 500 accounts do not fit into memory. Those of one rule and one account are compressed together.
    """

    def __init__(self) -> None:
        self.counts = dict.fromkeys(_RANK, 0)
        """The number of open findings of each severity."""
        self._accounts: list[Mapping[str, Any]] = []
        self._findings: dict[tuple[int, str, str], list[bytes]] = {}
        self._open: list[PatternedFinding] = []
        self._causes: dict[tuple[str, str], dict[str, Any]] = {}
        self._around: dict[str, list[dict[str, Any]]] = {key: [] for key in _ORDER_AROUND}
        self._unread: dict[str, Mapping[str, Any]] = {}
        self._lines: list[tuple[str, bytes]] = []

    def add(self, one: Reviewed) -> None:
        """Add the review of an account."""
        self._add(one.findings)
        self._accounts.append(one.account)
        for key, found in one.around.items():
            self._around[key] += found
        self._add_unread(one.unread)
        name = one.account["name"] or one.account["alias"]
        words = f"{name} ({one.account['id']})" if name else one.account["id"]
        lines = ("", visible(f"ACCOUNT {words}"), *(one.text or ("", "  no findings")))
        self._lines.append((str(one.account["id"]), _packed("\n".join(lines))))

    def add_missing(self, account: str, why: str) -> None:
        """Add an account that was not reviewed; ``why`` is a sentence."""
        self._add_unread([{"what": why, "rules": [], "account": account}])

    def add_document(self, part: Mapping[str, Any]) -> None:
        """Add the review document of some of the accounts.

        Raises `KeyError` or `TypeError` if ``part`` is not a review document.
        """
        self._add(part["findings"])
        self._accounts += part["accounts"]
        for key in _ORDER_AROUND:
            self._around[key] += part["reach"] if key == "reach" else part.get(key, ())
        self._add_unread(part["unread"])

    def _add(self, findings: Iterable[Mapping[str, Any]]) -> None:
        groups: dict[tuple[int, str, str], list[Mapping[str, Any]]] = {}
        for one in in_order(findings):
            groups.setdefault(_group(one), []).append(one)
            self.counts[one["severity"]] += "accepted" not in one and "double_of" not in one
            cause = self._causes.setdefault(
                (one["severity"], one["rule"]),
                {
                    "rule": one["rule"],
                    "severity": one["severity"],
                    "title": one["title"],
                    "accounts": {},
                    "findings": 0,
                },
            )
            cause["accounts"][one["account"]] = None
            cause["findings"] += 1
        for key, several in groups.items():
            self._findings.setdefault(key, []).append(_packed(json.dumps(several)))
            self._open += open_findings(several)

    def _add_unread(self, unread: Iterable[Mapping[str, Any]]) -> None:
        for one in unread:
            self._unread.setdefault(json.dumps(one, sort_keys=True), one)

    def findings(self) -> Iterator[Mapping[str, Any]]:
        """Yield all findings in the order of `in_order`, with only a few of them in memory."""
        for _, packed in sorted(self._findings.items()):
            yield from in_order(one for each in packed for one in json.loads(zlib.decompress(each)))

    def document(self) -> dict[str, Any]:
        """Return the document of ``rolescope review --json``. Its ``findings`` are an iterator (see `json_pieces`)."""
        return {
            "account": None,
            "accounts": sorted(self._accounts, key=lambda one: str(one["id"])),
            "counts": self.counts,
            "findings": self.findings(),
            **self._overall(),
        }

    def _overall(self) -> dict[str, Any]:
        around = {
            key: sorted(self._around[key], key=lambda one: [one[name] for name in order])
            for key, order in _ORDER_AROUND.items()
        }
        return {
            "causes": sorted(
                ({**one, "accounts": sorted(one["accounts"])} for one in self._causes.values()),
                key=lambda one: (_RANK[one["severity"]], -len(one["accounts"]), one["rule"]),
            ),
            "patterns": [one.json() for one in patterns(sorted(self._open, key=_order_of))],
            **around,
            "unread": sorted(self._unread.values(), key=lambda one: (one["account"], one["what"], one["rules"])),
        }

    def lines(self) -> Iterator[str]:
        """Yield the review as text. Only accounts that were added with `add` are listed individually."""
        whole = self._overall()
        counts = ", ".join(f"{count:,} {severity}" for severity, count in self.counts.items() if count)
        yield f"{plural(len(self._accounts), 'account')}: {counts or 'no findings'}"
        for cause in whole["causes"]:
            where = plural(len(cause["accounts"]), "account")
            yield f"  {cause['severity']:<8} {cause['rule']}: {cause['findings']} in {where}"
        yield from map(visible, pattern_lines(whole["patterns"]))
        yield from around_lines({key: whole[key] for key in Around().json()})
        for _, packed in sorted(self._lines):
            yield zlib.decompress(packed).decode("utf-8", "surrogatepass")
        if whole["unread"]:
            yield from ("", "NOT READ")
        for one in whole["unread"]:
            rules = f" Incomplete rules: {', '.join(one['rules'])}." if one["rules"] else ""
            yield visible(f"  {one['account']}: {one['what']}{rules}")


def _order_of(one: PatternedFinding) -> tuple[int, str, str, str, str]:
    return one.severity.rank, one.rule, one.account, one.subject, one.summary


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode("utf-8", "surrogatepass"), 1)
