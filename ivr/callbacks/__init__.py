"""Callbacks: a promise to ring somebody, from the wish to the talk, or to the notice that it will be later."""
