"""The common causes of a denial, one module for each topic."""
