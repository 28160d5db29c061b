"""Q. Pan et al.: Cu2SnTe3 additives in Bi0.5Sb1.5Te3; lattice, engineering ZT, generator of 17 pairs."""
