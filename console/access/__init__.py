"""The access log: who saw or took personal data, when and why."""
