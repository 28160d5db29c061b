"""Published devices and tables as executable evidence: what each paper states beside what `ioffe` computes.

One folder for each source, named after its first author and year. It holds `source.toml` (citation),
`values.toml` (published values with their place in the paper and what they prove), `assumptions.toml` (what
the paper does not give), device files in `devices/`, and the computations (`COMPUTATIONS`) and pictures
(`FIGURES`).
"""
