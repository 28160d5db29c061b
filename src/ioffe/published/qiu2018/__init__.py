"""Qiu et al., Nat. Commun. 9 (2018) 2910, doi 10.1038/s41467-018-05248-8: metal from mixed conductors."""
