"""Lines as data: numbers, hours, menus, teams and rules of one hotline, read from its file and checked."""
