"""Rebuild the tables and counts of Chen, Croft and Currie (2024) from their published evidence."""
