"""The responses of the demo that replace or extend moto's: one module for each service."""
