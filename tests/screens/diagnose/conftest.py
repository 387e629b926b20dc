from tests.support.scripted_diagnosis import script

__all__ = ["script"]
