"""Li et al., Nat. Commun. 16 (2025), doi 10.1038/s41467-025-56861-3: Sb on MgAgSb, contacts that improve."""
