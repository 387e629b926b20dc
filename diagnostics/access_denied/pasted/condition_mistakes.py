"""Values of conditions in a form that no request has, with the form that requests have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.operators import operator
from iam.policy.value_forms import AN_ARN, FORMS, mistaken
from iam.words import listing

_ROUTE_53 = "route53:changeresourcerecordsets"
_FORMS: dict[str, tuple[Callable[[str], str], str]] = {
    f"{_ROUTE_53}normalizedrecordnames": (
        lambda had: had.lower().rstrip("."),
        "lower case and without a dot at the end",
    ),
    f"{_ROUTE_53}recordtypes": (str.upper, "capital letters"),
    f"{_ROUTE_53}actions": (str.upper, "capital letters"),
}
"""For each key, a function that converts a value to the form that requests have, and a description of that form.

   Amazon Route 53 Developer Guide, "Using IAM policy conditions for fine-grained access control", normalizing the
condition key values (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/specifying-conditions-route53.html).
"""


@dataclass(frozen=True, slots=True)
class OutOfForm:
    """A condition that no request meets, because its values have the wrong form. ``why`` names the right values."""

    key: str
    values: tuple[str, ...]
    why: str

    def fix(self, which: str, who: Who) -> Fix:
        note = Note("the policy in the text", f"{self.why[0].upper()}{self.why[1:]}. Keep the condition.")
        return Fix(f"Correct the values of {self.key} in {which}", who, note)


_WILD = regex(r"[*?]")
_VARIABLE = regex(r"\$\{[^{}]*\}")


def _as_literal(name: str, key: str, value: str) -> str:
    """Return what is wrong with a wildcard that the operator takes literally; "" if the value has none.

    IAM User Guide, "IAM JSON policy elements: Condition operators": only StringLike and the operators on ARNs have
    wildcards (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    parts, form = operator(name), FORMS.get(key.lower())
    if parts is None or form is None or parts.form.patterns or not _WILD.search(_VARIABLE.sub("", value)):
        return ""
    instead = "use ArnLike" if form is AN_ARN else f"write {form.noun} ({form.written})"
    return f"{name} takes * and ? literally: {instead}"


def out_of_form(conditions: Iterable[tuple[str, str, tuple[str, ...]]], *, negated: bool = False) -> OutOfForm | None:
    """Return the first condition none of whose values has the form of a request's value; None if there is none.

    Each condition is its operator, key and values. ``negated``: examine only negated operators, which make exceptions
    from a Deny; otherwise only the other operators.
    """
    for name, key, wanted in conditions:
        parts, (normal, form) = operator(name), _FORMS.get(key.lower(), (None, ""))
        tested = parts is not None and parts.negated is negated
        wrong = [_as_literal(name, key, value) or mistaken(key, value) for value in wanted] if tested else []
        if wrong and all(wrong):
            return OutOfForm(key, wanted, f"no request has such a value: {wrong[0]}")
        if normal is None or parts is None or not tested or negated or "IgnoreCase" in name:
            continue
        values = [value for value in wanted if "${" not in value]
        right = [normal(value) for value in values]
        if values and all(value != other for value, other in zip(values, right, strict=True)):
            why = f"requests have the value in {form}, so the condition never matches: write {listing(right)}"
            return OutOfForm(key, wanted, why)
    return None
