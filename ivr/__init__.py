"""The rules of the hotline and its typed rows: decides, and knows no framework, no carrier and no clock."""
