"""Who comes to what through whom, as a directed graph in the languages that pages and tools draw."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from iam.foreign_text import visible


@dataclass(frozen=True, slots=True)
class Edge:
    """``source`` and ``target`` are names as they are shown: the same name is the same node."""

    source: str
    target: str
    label: str = ""


def to_mermaid(edges: Iterable[Edge]) -> str:
    """A flowchart (https://mermaid.js.org/syntax/flowchart.html)."""
    return _written(
        edges,
        "flowchart LR",
        '  {id}["{name}"]',
        '  {source} -->|"{label}"| {target}',
        "  {source} --> {target}",
        _entity,
    )


def to_dot(edges: Iterable[Edge]) -> str:
    """A digraph for Graphviz (https://graphviz.org/doc/info/lang.html); ``dot -Tsvg`` makes an SVG of it."""
    text = _written(
        edges,
        "digraph {\n  rankdir=LR;\n  node [shape=box];",
        '  {id} [label="{name}"];',
        '  {source} -> {target} [label="{label}"];',
        "  {source} -> {target};",
        _escaped,
    )
    return f"{text}}}\n"


def _written(
    edges: Iterable[Edge], head: str, node: str, labelled: str, plain: str, quoted: Callable[[str], str]
) -> str:
    edges = list(dict.fromkeys(edges))
    names = dict.fromkeys(name for edge in edges for name in (edge.source, edge.target))
    ids = {name: f"n{number}" for number, name in enumerate(names)}
    lines = [head, *(node.format(id=ids[name], name=quoted(name)) for name in names)]
    lines += [
        (labelled if edge.label else plain).format(
            source=ids[edge.source], target=ids[edge.target], label=quoted(edge.label)
        )
        for edge in edges
    ]
    return "\n".join(lines) + "\n"


def _entity(text: str) -> str:
    """Mermaid's entities: nothing of a name is syntax."""
    return "".join(char if char.isalnum() or char in " :/.,-_@+=*" else f"#{ord(char)};" for char in visible(text))


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')
