"""The manual, made by the program itself: ``python -m tests.support.manual`` writes ``site/`` and the man page."""
