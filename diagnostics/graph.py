"""Write a directed graph of who can reach what, in the languages of Markdown pages and drawing tools."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from iam.foreign_text import visible


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the graph.

    ``source`` and ``target`` are the displayed names of nodes: equal names mean the same node.
    """

    source: str
    target: str
    label: str = ""


def to_mermaid(edges: Iterable[Edge]) -> str:
    """Return a Mermaid flowchart (https://mermaid.js.org/syntax/flowchart.html)."""
    return _written(
        edges,
        "flowchart LR",
        '  {id}["{name}"]',
        '  {source} -->|"{label}"| {target}',
        "  {source} --> {target}",
        _entity,
    )


def to_dot(edges: Iterable[Edge]) -> str:
    """Return a digraph for Graphviz (https://graphviz.org/doc/info/lang.html); ``dot -Tsvg`` converts it to SVG."""
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
    """Return the text with special characters as Mermaid entities, so that nothing in a name is parsed as syntax."""
    return "".join(char if char.isalnum() or char in " :/.,-_@+=*" else f"#{ord(char)};" for char in visible(text))


def _escaped(text: str) -> str:
    return visible(text).replace("\\", "\\\\").replace('"', '\\"')
