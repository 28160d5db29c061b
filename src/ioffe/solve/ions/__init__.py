"""Ion migration in solved devices: margins, safe region, barriers."""
