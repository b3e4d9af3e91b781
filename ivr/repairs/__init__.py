"""Repairs handed over: a visit, a parcel or a repair shop, with the reference by which it can be asked after (A23)."""
