"""Says how far a schema and its code can be trusted."""

from engine.assess.assess import assess

__all__ = ["assess"]
