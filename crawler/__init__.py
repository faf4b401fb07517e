"""Turns the pages of partner sites into proposals with their evidence. Never writes to the catalogue."""
