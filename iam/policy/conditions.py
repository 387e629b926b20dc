"""Conditions, compiled once for each statement (IAM User Guide, "IAM JSON policy elements: Condition operators").

AWS's rules that are easy to get wrong:

- Several values of one key in the policy are alternatives for a positive operator; a negated operator is true only
  if none of them matches.
- If the request lacks the key, a positive operator is false and a negated one true; ``…IfExists`` makes both true.
  ``ForAllValues:`` is true without the key; ``ForAnyValue:`` is false, even with ``IfExists``
  (https://repost.aws/questions/QU9HFmDzP0QGuU-fd7rS6B7w reports this). An empty list counts as an absent key;
  an empty string counts as null for ``ForAllValues``, ``ForAnyValue`` and ``Null``.
- A policy variable without a value is null, which nothing equals: no positive operator matches it, and a negated one
  "does match" (IAM User Guide, "IAM policy elements: Variables and tags", Policy variables with no value).
- A value that cannot be parsed as the operator's type (number, date, address) makes the condition false, even if it
  is negated. No condition becomes true because values could not be compared.
- A key with several values needs a set operator: without one the condition is false.
"""

from __future__ import annotations

from collections.abc import Callable

from iam.policy.condition_keys import KnownAbsent
from iam.policy.match import compile_glob
from iam.policy.operators import Test, any_of, any_value, incomparable, operator
from iam.policy.statements import ConditionBlock
from iam.policy.variables import Template, plain, shielded, template

_EXACT = frozenset({"StringEquals", "NumericEquals", "DateEquals", "Bool"})

Lookup = Callable[[str], "tuple[str, ...] | None"]


class Condition:
    """A condition ready to be evaluated: one operator and one key. ``key`` is in lower case."""

    __slots__ = ("_fixed", "_outcomes", "_test", "block", "key", "operator", "templates")

    def __init__(self, block: ConditionBlock, variables_live: bool) -> None:
        """Compile the condition. Raises ValueError if AWS has no such operator."""
        parts = operator(block.operator)
        if parts is None:
            raise ValueError(f"There is no condition operator {block.operator!r}")
        self.block = block
        self.key = block.key.lower()
        self.operator = parts
        self.templates: tuple[Template, ...] = ()
        self._fixed = block.values
        if variables_live and parts.variables and any("${" in text for text in block.values):
            found = [(text, template(text)) for text in block.values]
            self.templates = tuple(filled for _, filled in found if filled)
            self._fixed = tuple(text for text, filled in found if not filled)
        self._test: Test | None = None  # created on first use: most statements are about other actions
        self._outcomes: tuple[bool, bool] | None = None

    def holds(self, lookup: Lookup) -> bool:
        """Whether the condition is true for a request with these values."""
        parts = self.operator
        had = lookup(self.block.key)
        if parts.base == "Null":
            null = "true" if _is_null(had) else "false"
            return any(text.lower() == null for text in self.block.values)
        if not had:
            return parts.without_key
        test = self._compared(lookup)
        wanted = not parts.negated  # the required result of the test: a negated operator is true if nothing matches
        if parts.over is None:
            return len(had) == 1 and test(had[0]) is wanted
        if _is_null(had):
            return parts.over == "all"
        if parts.over == "all":
            return all(test(value) is wanted for value in had)
        return any(test(value) is wanted for value in had)

    def _compared(self, lookup: Lookup) -> Test:
        """Return a function that tests a value against the condition's values, with variables resolved.

        A condition value with an unset variable matches nothing.
        """
        form = self.operator.form
        test = self._test
        if test is None:
            test = self._test = any_value(form, self._fixed)
        if not self.templates:
            return test
        texts = [text for filled in self.templates if (text := filled.resolve(lookup)) is not None]
        if not texts:
            return test
        filled = tuple(texts if form.patterns else map(plain, texts))
        return any_of((test, any_value(form, filled)))

    @property
    def outcomes(self) -> tuple[bool, bool]:
        """Whether any value of the key makes the condition true, and whether any makes it false."""
        if self._outcomes is None:
            self._outcomes = self._possible_outcomes()
        return self._outcomes

    def _possible_outcomes(self) -> tuple[bool, bool]:
        form = self.operator.form
        if form.name == "Null":
            wants_presence = "false" in {text.lower() for text in self.block.values}
            return wants_presence, not wants_presence
        if not self._fixed:
            return True, True
        comparable = bool(self.templates) or any(form.prepare(text) is not incomparable for text in self._fixed)
        matches_all = form.matches_all(self._fixed)
        if self.operator.negated:
            return comparable and not matches_all, True
        return comparable, not matches_all

    @property
    def names_values(self) -> bool:
        """Whether the key, if present, must equal one of the literal values."""
        parts = self.operator
        return parts.base in _EXACT and not parts.negated and parts.over is None and not self.templates

    def is_dead(self, lookup: Lookup, absent: KnownAbsent) -> bool:
        """Whether no value can match, because each contains a variable that is known to have no value."""
        return not self._fixed and all(
            any(absent(key.lower()) for key in filled.unresolved(lookup)) for filled in self.templates
        )

    def may_resolve(self, had: tuple[str, ...], lookup: Lookup) -> tuple[tuple[str, ...], ...]:
        """Return the keys of unset variables for each of the policy's values that could match one of ``had``."""
        return tuple(
            keys
            for filled in self.templates
            if (keys := filled.unresolved(lookup))
            and any(compile_glob(filled.open(lookup).lower())(shielded(value.lower())) for value in had)
        )

    def matching(self, lookup: Lookup) -> tuple[str, ...]:
        """Return the policy's values as they are compared: variables are resolved if they have a value."""
        if not self.templates:
            return self.block.values
        texts = []
        for text in self.block.values:
            filled = template(text)
            resolved = filled.resolve(lookup) if filled else None
            texts.append(text if resolved is None else plain(resolved))
        return tuple(texts)

    def unresolved(self, lookup: Lookup) -> tuple[str, ...]:
        """Return the keys of policy variables that have no value in this request."""
        return tuple(key for filled in self.templates for key in filled.unresolved(lookup))


def _is_null(had: tuple[str, ...] | None) -> bool:
    """Whether a key is absent or empty.

    The set operators and ``Null`` treat a key that "resolves to a null dataset, such as an empty string" as absent (IAM
    User Guide, "Set operators for multivalued context keys").
    """
    return not had or had == ("",)
