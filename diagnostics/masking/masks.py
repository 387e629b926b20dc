"""Mask what others should not see in a text: account and key IDs, external IDs, passwords, tokens, e-mail addresses.

Public IP addresses are masked too, and on request the account's names. Equal IDs get the same mask in all texts that
one `Masks` has processed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from diagnostics.diagnosis import Diagnosis
from diagnostics.masking.kinds import EXTERNAL_IDS, FoundSecret, SecretKind, find, unescaped
from diagnostics.masking.names import find_names, names_in, names_of, worth_masking
from iam.account import Account
from iam.foreign_text import json_text
from iam.lazy_pattern import regex
from iam.organization.tree import OrganizationTree
from iam.own_command import private_options
from iam.words import listing, plural

_EXTERNAL_VALUE = regex(r"[\w+=,.@:/-]+")
_NOTHING = regex(r"(?!)")
_ACCOUNT_ID = regex(r"[0-9]{12}")
_MASK = regex(r"(?<![A-Za-z0-9-])[A-Z]+(?:-[A-Z]+){0,2}-[0-9]+(?![A-Za-z0-9-])")
_SHORTEST = 4
"""An external ID with fewer characters is masked only next to its name, because elsewhere it may be an ordinary word.
"""


class Masks:
    """The masks for secrets and IDs. A mask contains no character that is special in a shell, Markdown or an ARN.

    With ``names``, the account's names are masked too, as far as they are known (`learn_account`) or the text marks
    them as names.
    """

    def __init__(self, *, names: bool = False) -> None:
        self.names = names
        self._names: set[str] = set()
        self._external: set[str] = set()
        self._external_pattern = (0, _NOTHING)
        self._given: dict[SecretKind, dict[str, str]] = {kind: {} for kind in SecretKind}

    def learn(self, diagnosis: Diagnosis) -> None:
        """Remember the external IDs and names in the diagnosis's policies and request, to mask them everywhere.

        The diagnosis's sentences repeat them without a label, so they could not be recognized there.
        """
        for text in _texts(diagnosis):
            self.learn_text(text)
        self._add_names(
            each.policy or ""
            for step in diagnosis.steps
            for each in step.evidence
            if ":aws:policy/" not in (each.arn or "")
        )

    def learn_account(self, account: Account) -> None:
        """Remember the account's names, and the external IDs in its roles' trust policies, to mask them."""
        for role in account.roles:
            if role.trust is not None and "xternal" in role.trust.text:
                self._learn_external(role.trust.text)
        if self.names:
            self._add_names(names_of(account))

    def learn_tree(self, tree: OrganizationTree) -> None:
        """Remember the names of an organization's units, accounts, SCPs and RCPs, to mask them."""
        if self.names:
            self._add_names(each.name for each in tree.units)
            self._add_names(each.name for each in tree.members or ())
            guardrails = (*(tree.scps or ()), *(tree.rcps or ()))
            self._add_names(each.name for each in guardrails if "::aws:policy/" not in each.arn)

    def sentence(self) -> str:
        """Return a sentence that says what was masked so far."""
        found = [plural(len(given), kind.value[1]) for kind, given in self._given.items() if given and kind.value[1]]
        hidden = [kind.value[0].lower() + "s" for kind, given in self._given.items() if given and not kind.value[1]]
        parts = found + hidden
        return f"Masked: {listing(parts, limit=len(parts))}." if parts else "Nothing had to be masked."

    def text(self, text: str) -> str:
        """Return ``text`` masked."""
        self.learn_text(text)
        parts, at = [], 0
        for found in _apart(self._find(unescaped(text))):
            parts += [text[at : found.start], self._mask(found.kind, text[found.start : found.end])]
            at = found.end
        return "".join((*parts, text[at:]))

    def value(self, value: Any) -> Any:
        """Return decoded JSON with all its strings masked."""
        for text in _strings(value):
            self.learn_text(text)
        return self._value(value)

    def document(self, text: str) -> str:
        """Return ``text`` masked as by `text`, except that JSON stays valid JSON."""
        if text.lstrip()[:1] not in ("{", "["):
            return self.text(text)
        try:
            decoded = json.loads(text)
        except ValueError:
            return self.text(text)
        indent = 2 if "\n  " in text else None
        value = self.value(decoded)
        return (json.dumps(value, indent=indent) if text.isascii() else json_text(value, indent=indent)) + "\n"

    def revealed(self, text: str) -> str:
        """Return a text with its masks replaced by what they represent."""
        known = {mask: plain for given in self._given.values() for plain, mask in given.items()}
        return _MASK.sub(lambda match: known.get(match[0], match[0]), text)

    def lit(self, masked: str) -> list[tuple[str, bool]]:
        """Split a masked text into pieces, each with a flag that says whether it is a mask."""
        words = "|".join(
            sorted((each for given in self._given.values() for each in given.values()), key=len, reverse=True)
        )
        if not words:
            return [(masked, False)]
        pieces = re.split(rf"(?<![A-Za-z-])({words})(?![A-Z0-9-])", masked)
        return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self._value_of(key, inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._value(inner) for inner in value]
        if isinstance(value, int) and 10**11 <= value < 10**12:
            return self.text(str(value))
        return value

    def _value_of(self, key: str, value: Any) -> Any:
        """Return a JSON value masked together with its key, which may show that it is secret."""
        if not isinstance(value, str):
            return self._value(value)
        before = f'"{key}": "'
        masked = self.text(f'{before}{value}"')
        return masked.removeprefix(before)[:-1] if masked.startswith(before) else self.text(value)

    def _find(self, text: str) -> Iterator[FoundSecret]:
        for pattern in EXTERNAL_IDS:
            for match in pattern.finditer(text):
                for start, end in _external_values(match):
                    yield FoundSecret(start, end, SecretKind.EXTERNAL_ID)
        yield from find(text)
        for match in self._known_external().finditer(text):
            yield FoundSecret(*match.span(), SecretKind.EXTERNAL_ID)
        for option, value in private_options():
            before = "" if "/" in value else rf"{option}\s{{1,80}}"
            for match in re.finditer(rf"(?<![\w./-]){before}({_as_written(value)})(?![\w./-]*[\w/-])", text):
                yield FoundSecret(*match.span(1), SecretKind.NAME)
        if self.names:
            yield from (FoundSecret(start, end, SecretKind.NAME) for start, end in find_names(text, self._names))

    def _known_external(self) -> re.Pattern[str]:
        """Return a pattern for the external IDs known so far. It is compiled again only if there are more."""
        count, pattern = self._external_pattern
        if count != len(self._external):
            known = sorted((id for id in self._external if len(id) >= _SHORTEST), key=len, reverse=True)
            words = "|".join(map(_as_written, known))
            pattern = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])") if known else _NOTHING
            self._external_pattern = len(self._external), pattern
        return pattern

    def _mask(self, kind: SecretKind, what: str) -> str:
        word, counted = kind.value
        plain = what.replace("\\", "")
        plain = plain.replace("-", "") if kind is SecretKind.ACCOUNT else plain
        given = self._given[kind]
        return given.setdefault(plain, f"{word}-{len(given) + 1}" if counted else word)

    def learn_text(self, text: str) -> None:
        """Remember the external IDs and names in the text, so that they are masked everywhere."""
        text = unescaped(text)
        self._learn_external(text)
        if self.names:
            self._add_names(names_in(text))

    def _learn_external(self, text: str) -> None:
        for pattern in EXTERNAL_IDS:
            for match in pattern.finditer(text):
                self._external.update(text[start:end] for start, end in _external_values(match))

    def _add_names(self, names: Iterable[str]) -> None:
        self._names.update(filter(worth_masking, names))


def _as_written(word: str) -> str:
    """Return a pattern for a word: Markdown may escape its characters, and a space may be a line end."""
    return "".join(r"\s{1,80}" if each == " " else rf"\\?{re.escape(each)}" for each in word)


def _external_values(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of the values after the name: a word, a word in quotation marks, or a list of these."""
    for each in _EXTERNAL_VALUE.finditer(match.string, *match.span(1)):
        value = each[0].rstrip(".,:")
        if len(value) > 1 and not _ACCOUNT_ID.fullmatch(value):
            yield each.start(), each.start() + len(value)


def _apart(found: Iterable[FoundSecret]) -> Iterator[FoundSecret]:
    """Yield the secrets, merging those that overlap; a merged secret has the kind of the one that begins first.

    Among secrets that begin at the same place, the longest decides. Text that looks like an e-mail address does not
    count as one if a password is before its @.
    """
    last: FoundSecret | None = None
    for each in sorted(found, key=lambda each: (each.start, each.kind is SecretKind.EMAIL, -each.end)):
        if each.start == each.end:
            continue
        if last is None or each.start >= last.end:
            if last is not None:
                yield last
            last = each
        elif each.end > last.end and each.kind is not SecretKind.EMAIL:
            last = FoundSecret(last.start, each.end, last.kind)
    if last is not None:
        yield last


def _texts(diagnosis: Diagnosis) -> Iterator[str]:
    for step in diagnosis.steps:
        yield from (each.document.text for each in step.evidence if each.document is not None)
    for fix in diagnosis.fixes:
        yield fix.text


def _strings(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield f"{key}: {json.dumps(inner)}" if isinstance(inner, (str, list, tuple)) else key
            yield from _strings(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _strings(inner)
