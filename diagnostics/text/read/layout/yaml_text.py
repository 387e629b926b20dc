"""Parse YAML that a text contains."""

from __future__ import annotations

from typing import Any


def load_yaml(text: str) -> Any:
    """Parse YAML with CloudFormation's short functions as maps with one key; None if it is invalid.

    Aliases are rejected: they can expand a small text without limit.
    """
    import yaml

    class Loader(yaml.SafeLoader):  # type: ignore[misc]  # PyYAML ships no types
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("an alias")
            return super().compose_node(parent, index)

    def function(loader: Any, suffix: str, node: Any) -> dict[str, Any]:
        if isinstance(node, yaml.SequenceNode):
            return {f"Fn::{suffix}": loader.construct_sequence(node, deep=True)}
        return {f"Fn::{suffix}": str(getattr(node, "value", ""))[:200]}

    Loader.add_multi_constructor("!", function)
    # Versions of policies look like dates; they are texts here.
    Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))
    try:
        return yaml.load(text, Loader)
    except (yaml.YAMLError, RecursionError, ValueError):
        return None
