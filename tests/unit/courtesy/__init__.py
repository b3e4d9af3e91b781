"""The telephone-courtesy survey: form, sample, sheets, agreement, appeals, results."""
