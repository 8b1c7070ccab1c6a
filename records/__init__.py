"""What is kept: the database, people, the ledger, keys and sealed fields."""
