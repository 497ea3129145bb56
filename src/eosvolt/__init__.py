"""EOSVOLT runs charging stations, prices what they do, and proves every figure from its history."""

__version__ = "0.1.0"
