"""The commands that run without the terminal UI: one module each, with ``run(arguments) -> exit status``."""
