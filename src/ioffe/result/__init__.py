"""What a solve returns: numbers along named axes with status, energy balance and error estimate."""
