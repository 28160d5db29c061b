"""Line scans computed from known values, and the generator of `examples/line-scan.csv`."""

from pathlib import Path

import numpy as np

from ioffe.measure.line_scans import Scan

AREA = 9e-6
EXAMPLE = Path(__file__).parents[2] / "examples" / "line-scan.csv"


def resistance(x, *, contacts, sigma, edges, area=AREA, metal=5e-7, width=0.0):
    """R(x) of metal | leg (| metal) in ohm, with probes of a width."""
    slope_metal, slope_leg = metal / area, 1.0 / (sigma * area)
    out = slope_metal * x
    for index, (at, contact) in enumerate(zip(edges, contacts, strict=True)):
        change = (slope_leg - slope_metal) * (1 if index == 0 else -1)
        if width:
            inside = np.clip((x - at) / width + 0.5, 0.0, 1.0)
            ramp = np.where(x - at >= width / 2, x - at, width * inside**2 / 2)
            out = out + contact / area * inside + change * ramp
        else:
            out = out + contact / area * (x > at) + change * np.maximum(x - at, 0.0)
    return out


def scan(
    rng,
    *,
    contacts=(10e-10, 10e-10),
    sigma=43200.0,
    step=50e-6,
    noise=1e-6,
    edges=(1e-3, 6e-3),
    length=7e-3,
    start=0.0,
    outliers=0.0,
    tilt=0.0,
    scatter=0.0,
    width=0.0,
    time=None,
    name="",
):
    """One scan with noise; `tilt` in ohm/m, `scatter` of the contacts relative, a share of `outliers`."""
    x = np.arange(start, length, step)
    real = np.array(contacts) * (1.0 + scatter * rng.normal(size=len(contacts)))
    R = resistance(x, contacts=real, sigma=sigma, edges=edges, width=width) + tilt * x
    R = R + noise * rng.normal(size=x.size)
    far = rng.random(x.size) < outliers
    return Scan(x, R + far * rng.normal(size=x.size) * 50 * noise, time, name)


def example_text():
    """`examples/line-scan.csv`: three lines over CuNi | leg | CuNi of 3 mm x 3 mm x 5 mm.

    432 S/cm, 2.72 and 2.80 uohm cm2. Points lie 2 um apart within 24 um of an interface, on both sides of it
    at the same distances, and 0.1 mm elsewhere; the noise is 0.2 uohm.
    """
    rng = np.random.default_rng(20)
    edges = (1.5e-3, 6.5e-3)
    rows = []
    for line in (1, 2, 3):
        coarse = np.arange(0.05e-3, 8e-3, 0.1e-3)
        fine = np.concatenate([at + np.arange(-23, 24, 2) * 1e-6 for at in edges])
        x = np.sort(np.concatenate([coarse[np.min(np.abs(coarse[:, None] - edges), axis=1) > 30e-6], fine]))
        R = resistance(x, contacts=(2.72e-10, 2.80e-10), sigma=43200.0, edges=edges, metal=4e-7)
        R = R + 0.4e-3 + 0.2e-6 * rng.normal(size=x.size)
        rows += [f"{line},{a * 1e3:.4f},{b * 1e3:.6f}" for a, b in zip(x, R, strict=True)]
    head = [
        "# note: synthetic, no real sample; computed from 432 S/cm, 2.72 and 2.80 uohm cm2",
        "# sample: metal | leg | metal, 3 mm x 3 mm x 5 mm, four probes",
        "scan,x (mm),R (mohm)",
    ]
    return "\n".join([*head, *rows]) + "\n"


if __name__ == "__main__":
    EXAMPLE.write_text(example_text(), encoding="utf-8")
