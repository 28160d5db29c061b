"""Composition of a leg over time: conservation of the metal, deposition at the ends, and its return."""

from __future__ import annotations

from ioffe.migration.status import MigrationStatus
from ioffe.migration.transient.march import CurrentStep
from ioffe.migration.transient.result import Deposit, MigrationResult
from ioffe.migration.transient.simulate import simulate

__all__ = ["CurrentStep", "Deposit", "MigrationResult", "MigrationStatus", "simulate"]
