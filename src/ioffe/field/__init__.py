"""Modules in three dimensions: plates and electrodes in cosines, legs by the one-dimensional engine."""
