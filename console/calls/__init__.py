"""The calls of the line: found again, opened one by one, heard, taken along."""
