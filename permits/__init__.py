"""Who may stand there: plates, plate lists, vehicles, permits, tokens, printing, the gate."""
