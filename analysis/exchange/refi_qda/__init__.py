"""REFI-QDA 1.0: projects (.qdpx) and codebooks (.qdc) read, checked against the grammar, and written."""
