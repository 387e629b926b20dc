"""Sentences in which AWS's services report a denial in prose, one module for each topic."""
