"""Projects of Taguette, read from the SQLite file that it keeps or exports."""
