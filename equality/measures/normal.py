"""The normal distribution, as intervals and large-sample tests use it."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erfc, ndtri

from equality.measures.arrays import Floats


def quantile(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to each side: 1.959964 for 0.95."""
    return float(ndtri((1 + confidence) / 2))


def two_sided(z: ArrayLike) -> Floats:
    """Chance of a score at least as far from zero as ``z``, on either side."""
    return np.asarray(erfc(np.abs(np.asarray(z, dtype=float)) / np.sqrt(2)))
