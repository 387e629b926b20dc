"""The arguments of the command line: a module for each group of commands in ``--help``."""
