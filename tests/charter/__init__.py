"""One file per institution, a test per promise of its charter; the ids are those of the promises."""
