"""Lists of people for campaigns: imported from a file, or chosen among those who were served."""
