"""Material cards: TOML files with the curves of a material, their units and their source."""

from __future__ import annotations

from ioffe.material.card.read import material_of, read_card
from ioffe.material.card.schema import Card
from ioffe.material.card.write import card_of, card_text, dumps

__all__ = ["Card", "card_of", "card_text", "dumps", "material_of", "read_card"]
