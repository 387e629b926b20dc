"""The base class of interfaces: ``typing.Protocol`` for mypy, a plain class at run time.

Creating a protocol class takes ten times as long as creating a plain class, and nothing checks protocols at run time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Protocol as Protocol
else:
    Protocol = object
