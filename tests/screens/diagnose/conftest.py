from tests.screens.diagnose.scripted import script

__all__ = ["script"]
