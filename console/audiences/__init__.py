"""Lists of people for campaigns: sent as a file, or made of those who were served."""
