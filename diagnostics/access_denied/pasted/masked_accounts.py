"""Put numbers in place of the accounts that a text masks, so that its policies can be compared with its request.

A text that masks its accounts shows everything else that a policy is compared with. The numbers are only for the
evaluation; the answer contains the masks.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from iam.lazy_pattern import regex

T = TypeVar("T")
_ACCOUNT = regex(r"arn:[\w-]+:[\w-]+:[\w-]*:(?P<account>[^:\s\"']*):")
_MASK = regex(
    r"x{2,14}|\*{3,14}|#{3,14}|\.{3}|…|(?=[\dx*#]{4,14}$)\d*[x*#]{2,}\d*|<[^<>]{1,40}>|\[[^\[\]]{1,40}\]|\{[^{}$]{1,40}\}"
    r"|(?:my|your|aws|the)?[_-]?(?:account|acct)(?:[_-]?(?:id|number|no))?|(?:\W{0,3})(?:redacted|masked|hidden)(?:\W{0,3})",
)
_OPEN = ("", "*", "aws", "cloudfront")
"""Account fields in a text that name no account."""


@dataclass(frozen=True, slots=True)
class StandIns:
    """A denial with numbers in place of its masks, which are mapped back to the masks in the text."""

    denial: Denial
    masks: dict[str, str]

    def restored(self, finding: Finding) -> Finding:
        """Return the finding with the text's masks in place of the numbers, and without the evaluation's evidence."""
        return self._with_masks(replace(finding, evidence=()))

    def _with_masks(self, value: T) -> T:
        if isinstance(value, str):
            said = str(value)
            for number, mask in self.masks.items():
                said = said.replace(number, mask)
            return said if type(value) is str else value  # type: ignore[return-value]
        if isinstance(value, tuple):
            return tuple(map(self._with_masks, value))  # type: ignore[return-value]
        if is_dataclass(value) and not isinstance(value, type):
            shown = {each.name: self._with_masks(getattr(value, each.name)) for each in fields(value) if each.init}
            return replace(value, **shown)
        return value


def with_stand_ins(denial: Denial) -> StandIns | None:
    """Return the denial with a number for each masked account; None if no account is masked, or not all are.

    A mask and a number may represent the same account or two accounts.
    """
    if ":execute-api:" in (denial.resource or ""):
        return None  # API Gateway's own messages show four digits of the account
    asked = (_ACCOUNT.match(each or "") for each in (denial.principal, denial.resource))
    masks = list(dict.fromkeys(each["account"] for each in asked if each is not None and _is_mask(each["account"])))
    text = denial.pasted or denial.text
    if not masks or any(_is_number(each["account"]) for each in _ACCOUNT.finditer(text)):
        return None
    numbers = {mask: f"{900_000_000_001 + at}" for at, mask in enumerate(masks)}
    if any(each in text for each in numbers.values()):
        return None

    def shown(had: str | None) -> str | None:
        for mask, number in numbers.items():
            had = had.replace(f":{mask}:", f":{number}:").replace(f'"{mask}"', f'"{number}"') if had else had
        return had

    denial = replace(
        denial,
        text=shown(denial.text) or "",
        pasted=shown(denial.pasted) or "",
        principal=shown(denial.principal),
        resource=shown(denial.resource),
    )
    return StandIns(denial, {number: mask for mask, number in numbers.items()})


def _is_mask(account: str) -> bool:
    return account not in _OPEN and _MASK.fullmatch(account.lower()) is not None


def _is_number(account: str) -> bool:
    return account.isdecimal() and len(account) == len("111122223333")
