"""Faults: what a portal meets when somebody, or something, means it ill."""
