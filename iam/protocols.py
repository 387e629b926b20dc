"""What an interface is made of: ``typing.Protocol`` for mypy, and at run time nothing.

To make a class a protocol takes ten times as long as to make a class, and nobody asks at run time what is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Protocol as Protocol
else:
    Protocol = object
