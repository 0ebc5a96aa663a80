"""Backups of PostgreSQL in an object store: made, listed, verified, restored, pruned."""
