"""Databases: Starrydata, teMatDb, sysTEm and ESTM, a module each."""
