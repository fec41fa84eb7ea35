"""Decade: will our customers last ten years, and what may we spend to win one?"""

__version__ = "0.1.0"
