"""Papers of customers, received by fax, e-mail, post, web or at the desk: who was told what of them, and when."""
