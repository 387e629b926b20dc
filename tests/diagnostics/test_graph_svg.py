"""A graph as an SVG: every name and step in it, nothing of a name is markup, circles end."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from diagnostics.graph import Edge
from diagnostics.graph_svg import to_svg

SVG = "{http://www.w3.org/2000/svg}"


def texts(edges: list[Edge]) -> dict[str, float]:
    """What is written, and how far to the right."""
    root = ElementTree.fromstring(to_svg(edges))
    return {each.text or "": float(each.get("x") or 0) for each in root.iter(f"{SVG}text")}


def test_who_comes_first_stands_on_the_left() -> None:
    found = texts(
        [Edge("ci", "deploy", "assume"), Edge("deploy", "all", "pass"), Edge("ci", "all"), Edge("x", "deploy")]
    )
    assert found["ci"] == found["x"] < found["assume"] < found["deploy"] < found["pass"] < found["all"]


def test_nothing_of_a_name_is_markup() -> None:
    hostile = '<script>&"\x1b[31m]]>'
    root = ElementTree.fromstring(to_svg([Edge(hostile, "b" * 200, hostile)]))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} == {
        *("svg", "defs", "marker", "path", "rect", "text", "title")
    }
    titles = [each.text for each in root.iter(f"{SVG}title")]
    assert titles.count("b" * 200) == 1 and sum("<script>&" in (each or "") for each in titles) == 2


@pytest.mark.parametrize("edges", [[], [Edge("a", "a")], [Edge("a", "b"), Edge("b", "c"), Edge("c", "a")]])
def test_nothing_and_circles(edges: list[Edge]) -> None:
    assert set(texts(edges)) == {name for edge in edges for name in (edge.source, edge.target)}
