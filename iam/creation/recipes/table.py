"""All recipes by their IDs: for trust policies (who may assume a role) and for permissions (what it may do)."""

from __future__ import annotations

from iam.creation.recipes.permissions import PERMISSION_RECIPES
from iam.creation.recipes.recipe import AccountFacts, CheckedAnswers, Recipe, RecipeError, RecipeQuestion
from iam.creation.recipes.trust import TRUST_RECIPES
from iam.creation.recipes.trust_services import service_principal

__all__ = [
    "PERMISSION_RECIPES",
    "TRUST_RECIPES",
    "AccountFacts",
    "CheckedAnswers",
    "Recipe",
    "RecipeError",
    "RecipeQuestion",
    "forbidden_try",
    "permission_recipe",
    "service_principal",
    "trust_recipe",
]


def trust_recipe(recipe_id: str) -> Recipe:
    """Return the trust recipe with this ID. Raises KeyError for an unknown ID."""
    return {recipe.id: recipe for recipe in TRUST_RECIPES}[recipe_id]


def permission_recipe(recipe_id: str) -> Recipe:
    """Return the permission recipe with this ID. Raises KeyError for an unknown ID."""
    return {recipe.id: recipe for recipe in PERMISSION_RECIPES}[recipe_id]


def forbidden_try(recipe: Recipe, answers: dict[str, str], facts: AccountFacts) -> tuple[str, str] | None:
    """Return an action and resource that the role must be denied, for testing it; None if the recipe has none.

    For example, a write on the resource that the role may only read. Raises `RecipeError`.
    """
    if recipe.forbidden is None:
        return None
    action = recipe.forbidden[0]
    resources = [resource for _, resource in recipe.promises(answers, facts) if resource != "*"]
    wants_object = action in ("s3:PutObject",)
    fitting = [resource for resource in resources if ("/" in resource) == wants_object or ":s3:::" not in resource]
    return (action, fitting[0]) if fitting else None
