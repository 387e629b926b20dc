"""Parse a role's spec from JSON, the input of ``rolescope create``.

`tui.commands.plans.create` documents the fields.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from iam.account import InlinePolicy
from iam.arn import meant_policy
from iam.creation.draft.role_draft import ChosenRecipe
from iam.creation.recipes.recipe import AccountFacts, Recipe, RecipeError, Statement, document_of
from iam.creation.recipes.table import PERMISSION_RECIPES, TRUST_RECIPES, permission_recipe, trust_recipe
from iam.creation.spec import NewPolicy, RoleSpec, numbered, trusts_ec2
from iam.json_faults import json_fault
from iam.policy.document import Document

MAX_CHARACTERS = 1024 * 1024
FIELDS = (
    "name",
    "path",
    "trust",
    "permissions",
    "inline",
    "attach",
    "policies",
    "boundary",
    "description",
    "tags",
    "max_session_seconds",
    "instance_profile",
)

AWS_KEYS = {
    "RoleName": "name",
    "Path": "path",
    "AssumeRolePolicyDocument": "trust",
    "Description": "description",
    "MaxSessionDuration": "max_session_seconds",
    "PermissionsBoundary": "boundary",
    "Tags": "tags",
}
"""The keys that ``aws iam create-role --generate-cli-skeleton`` prints. They are accepted too."""


class SpecError(ValueError):
    """Raised if a spec cannot be parsed. ``str()`` is one sentence that names the field."""


def decoded_json(text: str) -> Any:
    """Parse a text as JSON. Raises `SpecError`, also if an object contains the same key twice."""
    if len(text) > MAX_CHARACTERS:
        raise SpecError(f"The spec has {len(text):,} characters, which is too large for a role.")
    try:
        return json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise SpecError("The spec is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise SpecError(f"The spec is not JSON: {json_fault(error)}.") from None
    except ValueError as error:
        raise SpecError(f"The spec is not JSON: {error}.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key {next(key for key in keys if keys.count(key) > 1)!r} occurs twice in one object")
    return found


def spec_of(value: Any, facts: AccountFacts) -> RoleSpec:
    """Return the spec that decoded JSON describes.

    Raises `SpecError`. Whether the values follow IAM's rules is checked by `RoleSpec.field_faults`.
    """
    if not isinstance(value, dict):
        raise SpecError("The spec must be a JSON object with the fields of a role.")
    fields = _by_field(value)
    try:
        return _spec(fields, facts)
    except SpecError as error:
        # If the spec uses AWS's keys, errors name AWS's keys.
        said = str(error)
        for field in fields:
            said = said.replace(f"The field {field} ", f"The field {key_of(field, value)} ")
        raise SpecError(said) from None


def key_of(field: str, value: Mapping[str, Any], policy: str = "") -> str:
    """Return the key under which this spec contains a field of `RoleSpec` (``trust``, ``attached`` …).

    Inline policies can be under one of two keys: ``policy`` is the name of the policy in question.
    """
    written = value.get("inline")
    own = isinstance(written, dict) and (policy in written or not value.get("permissions"))
    inline = ("inline", "permissions") if own else ("permissions", "inline")
    named = {"attached": ("attach",), "inline": inline}.get(field, (field,))
    keys = [*named, *(key for key, own in AWS_KEYS.items() if own == field)]
    return next((key for key in keys if key in value), named[0])


def fields_of(value: Mapping[str, Any]) -> frozenset[str]:
    """Return the fields that a spec contains, under rolescope's names."""
    return frozenset(_by_field(value))


def _by_field(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values under rolescope's field names.

    Raises `SpecError` for an unknown key, or for a field given under both names.
    """
    found: dict[str, Any] = {}
    for key, each in value.items():
        field = AWS_KEYS.get(key, key)
        if field not in FIELDS:
            raise SpecError(f"The spec has no field {key!r}: {_meant(key, (*FIELDS, *AWS_KEYS))}")
        if field in found:
            raise SpecError(f"The spec has {field} and {key}, which mean the same: remove one of them.")
        found[field] = each
    return found


def _meant(key: str, known: Iterable[str]) -> str:
    """Return a hint with the most similar key, or with all keys."""
    names = list(known)
    folded = {"".join(char for char in name.lower() if char.isalnum()): name for name in reversed(names)}
    near = difflib.get_close_matches("".join(char for char in key.lower() if char.isalnum()), folded, 1)
    return f"did you mean {folded[near[0]]}?" if near else f"known are {', '.join(names)}."


def _spec(value: Mapping[str, Any], facts: AccountFacts) -> RoleSpec:
    name = _text(value, "name")
    if not name:
        raise SpecError("The spec needs a name.")
    if "trust" not in value:
        raise SpecError('The spec needs the field trust: a policy document, or a recipe such as {"service": "lambda"}.')
    trust = _trust(value["trust"], facts)
    seconds = value.get("max_session_seconds", 3600)
    if not isinstance(seconds, int) or isinstance(seconds, bool):
        raise SpecError("The field max_session_seconds must be an integer.")
    inline = [*_recipes(value.get("permissions", []), facts), *_inline(value.get("inline", {}))]
    return RoleSpec(
        name=name,
        trust=trust,
        path=_text(value, "path") or "/",
        description=_text(value, "description"),
        tags=_tags(value.get("tags", {})),
        max_session_seconds=seconds,
        boundary_arn=_boundary(value, facts),
        inline=tuple(inline),
        attached=_attached(value.get("attach", []), facts),
        new_policies=_policies(value.get("policies", [])),
        instance_profile=_profile(value, trust, name),
    )


def chosen_recipes(value: Mapping[str, Any], facts: AccountFacts) -> tuple[ChosenRecipe, ...]:
    """Return the recipes that a spec chooses under ``permissions``, with their answers. Raises `SpecError`."""
    found = []
    for slot, entry in enumerate(_entries(_by_field(value).get("permissions", []))):
        answers = {key: each for key, each in entry.items() if key not in ("name", "recipe")}
        recipe, _ = _statements("permissions", permission_recipe, entry.get("recipe", ""), answers, facts)
        typed = {key: _answer("permissions", key, each) for key, each in answers.items()}
        found.append(ChosenRecipe(slot, recipe, typed))
    return tuple(found)


def _text(value: Mapping[str, Any], key: str) -> str:
    found = value.get(key, "")
    if not isinstance(found, str):
        raise SpecError(f"The field {key} must be a string.")
    return found


def _document(value: Any, field: str) -> Document:
    if isinstance(value, str):
        return Document(value)
    if isinstance(value, dict):
        return Document(json.dumps(value, indent=2, ensure_ascii=False))
    raise SpecError(f"The field {field} must be a policy document: an object, or a string that contains one.")


def _trust(value: Any, facts: AccountFacts) -> Document:
    if isinstance(value, str) or (isinstance(value, dict) and "Statement" in value):
        return _document(value, "trust")
    if not isinstance(value, dict):
        raise SpecError('The field trust must be a policy document, or a recipe such as {"service": "lambda"}.')
    answers = dict(value)
    # The short forms: {"service": "lambda"}, {"account": "444455556666", "external_id": "…"}, {"github": {…}} …
    if "recipe" in answers:
        recipe_id = answers.pop("recipe")
    elif len(answers) == 1 and isinstance(next(iter(answers.values())), dict):
        recipe_id, answers = next(iter(answers.items()))
    else:
        recipe_id = next((each for each in ("service", "account") if each in answers), "")
    return document_of(_statements("trust", trust_recipe, recipe_id, answers, facts)[1])


def _statements(
    field: str, find: Any, recipe_id: Any, answers: Mapping[str, Any], facts: AccountFacts
) -> tuple[Recipe, list[Statement]]:
    try:
        recipe: Recipe = find(recipe_id)
    except (KeyError, TypeError):
        known = TRUST_RECIPES if field == "trust" else PERMISSION_RECIPES
        meant = _meant(str(recipe_id), [each.id for each in known])
        raise SpecError(f"The field {field} names an unknown recipe: {meant}") from None
    try:
        return recipe, recipe.statements({key: _answer(field, key, each) for key, each in answers.items()}, facts)
    except RecipeError as error:
        raise SpecError(f"The field {field}, {recipe.id}: {error}") from None


def _answer(field: str, key: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    raise SpecError(f"In the field {field}, {key} must be a string or a list of strings.")


def _recipes(value: Any, facts: AccountFacts) -> list[InlinePolicy]:
    """Return one inline policy for each recipe: ``[{"recipe": "read-bucket", "bucket": "…"}]``."""
    policies: list[InlinePolicy] = []
    for entry in _entries(value):
        answers = dict(entry)
        name = answers.pop("name", "")
        recipe, statements = _statements("permissions", permission_recipe, answers.pop("recipe", ""), answers, facts)
        taken = {policy.name for policy in policies}
        chosen = name if isinstance(name, str) and name else numbered(recipe.policy_name, taken)
        policies.append(InlinePolicy(chosen, document_of(statements)))
    return policies


def _entries(value: Any) -> list[Mapping[str, Any]]:
    listed = value if isinstance(value, list) else [value]
    if not all(isinstance(entry, dict) for entry in listed):
        raise SpecError(
            'The field permissions must be a list of recipes such as {"recipe": "read-bucket", "bucket": "…"}.'
        )
    return listed


def _inline(value: Any) -> list[InlinePolicy]:
    if not isinstance(value, dict):
        raise SpecError("The field inline must be an object that maps names to policy documents.")
    return [InlinePolicy(name, _document(document, f"inline.{name}")) for name, document in value.items()]


def _attached(value: Any, facts: AccountFacts) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise SpecError("The field attach must be a list of managed policies, by ARN or name.")
    return tuple(dict.fromkeys(meant_policy(each, facts.partition, facts.account_id) for each in value))


def _policies(value: Any) -> tuple[NewPolicy, ...]:
    if not isinstance(value, list):
        raise SpecError("The field policies must be a list of policies to create: objects with name and document.")
    found = []
    for index, entry in enumerate(value):
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str) or "document" not in entry:
            raise SpecError(
                f"The field policies[{index}] must be an object with name and document, and optionally path."
            )
        unknown = set(entry) - {"name", "document", "path", "description"}
        if unknown:
            key = sorted(unknown)[0]
            meant = _meant(key, ("name", "document", "path", "description"))
            raise SpecError(f"The field policies[{index}] has no {key!r}: {meant}")
        document = _document(entry["document"], f"policies[{index}].document")
        description = _text(entry, "description")
        found.append(NewPolicy(entry["name"], document, _text(entry, "path") or "/", description))
    return tuple(found)


def _boundary(value: Mapping[str, Any], facts: AccountFacts) -> str | None:
    text = _text(value, "boundary")
    return meant_policy(text, facts.partition, facts.account_id) if text else None


def _tags(value: Any) -> Mapping[str, str]:
    pairs: list[tuple[Any, Any]]
    if isinstance(value, dict):
        pairs = list(value.items())
    elif isinstance(value, list) and all(isinstance(each, dict) and set(each) == {"Key", "Value"} for each in value):
        pairs = [(each["Key"], each["Value"]) for each in value]
    else:
        raise SpecError("The field tags must be an object of keys and values.")
    if not all(isinstance(key, str) and isinstance(each, str) for key, each in pairs):
        raise SpecError("The values in the field tags must be strings.")
    if len(dict(pairs)) != len(pairs):
        raise SpecError("The field tags contains a key twice.")
    return dict(pairs)


def _profile(value: Mapping[str, Any], trust: Document, name: str) -> str | None:
    """Return the profile's name, or None; ``true`` means the role's name, which is also the default for EC2's roles."""
    chosen = value.get("instance_profile")
    if chosen is None:
        return name if "ec2.amazonaws.com" in trust.text and trusts_ec2(trust) else None
    if chosen is True:
        return name
    if chosen is False:
        return None
    if isinstance(chosen, str):
        return chosen or None
    raise SpecError("The field instance_profile must be a name, true for the role's name, or false for none.")
