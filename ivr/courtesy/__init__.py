"""The telephone-courtesy survey (promise T11): form, sample, sheets, agreement of raters, appeals and results."""
