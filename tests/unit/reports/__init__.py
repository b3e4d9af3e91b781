"""Reports: how verdicts are counted, worded and opened, and what is in the files that are written."""
