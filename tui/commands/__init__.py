"""The commands that work without a terminal UI, one module each, with ``run(arguments) -> exit status``."""
