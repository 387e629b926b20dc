"""The manual, made by the program: ``python -m tests.support.papers.manual`` writes ``site/`` and the man page."""
