"""Where the numbers of a material come from."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Provenance:
    """Origin of the curves of a material: paper, data set, sample, licence and method.

    Every field is text and may be empty.

    Parameters
    ----------
    doi : str
        DOI of the publication that measured the sample, without a leading address.
    source : str
        Data set, data sheet or instrument file the numbers were taken from.
    sample : str
        Identifier of the sample in the source.
    licence : str
        Terms under which the numbers may be passed on.
    method : str
        How the numbers were obtained (measured, digitised, reconstructed, by which rule).
    note : str
        What a reader must know before using them.

    Examples
    --------
    >>> Provenance(doi="https://doi.org/10.1021/cm5041826", source="ESTM").cite()
    'doi 10.1021/cm5041826; ESTM'
    """

    doi: str = ""
    source: str = ""
    sample: str = ""
    licence: str = ""
    method: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "doi", plain_doi(self.doi))

    def cite(self) -> str:
        """One line to quote: the DOI, the source and the sample, as far as they are known."""
        parts = (f"doi {self.doi}" if self.doi else "", self.source, self.sample)
        return "; ".join(part for part in parts if part)

    def to_dict(self) -> dict[str, str]:
        """Fields that are not empty, by name."""
        return {f.name: text for f in fields(self) if (text := getattr(self, f.name))}

    def with_note(self, note: str) -> Provenance:
        """Copy with a sentence added to the note.

        Examples
        --------
        >>> Provenance(note="One sample.").with_note("Sorted by temperature.").note
        'One sample. Sorted by temperature.'
        """
        values = self.to_dict() | {"note": " ".join(filter(None, [self.note, note]))}
        return Provenance(**values)


def plain_doi(text: str) -> str:
    """DOI without the address or the word in front of it.

    Examples
    --------
    >>> plain_doi("https://doi.org/10.1021/cm5041826"), plain_doi("doi: 10.1021/cm5041826")
    ('10.1021/cm5041826', '10.1021/cm5041826')
    """
    text = text.strip()
    for lead in ("https://", "http://"):
        text = text.removeprefix(lead)
    for lead in ("www.doi.org/", "dx.doi.org/", "doi.org/"):
        text = text.removeprefix(lead)
    if text[:4].casefold() == "doi:":
        text = text[4:]
    return text.strip()
