from tests.support.driving.scripted_diagnosis import script

__all__ = ["script"]
