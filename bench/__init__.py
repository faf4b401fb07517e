"""Measurements, each next to what it is compared with in the same run: machines differ, ratios less so."""
