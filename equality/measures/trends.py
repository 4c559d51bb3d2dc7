"""Whether a share rises or falls over ordered periods: Cochran (1954) and Armitage (1955), equally spaced scores.

Code of our own: statsmodels' ``test_ordinal_association`` divides by N - 1 where the published test, SAS and R divide
by N."""

import numpy as np

from equality.measures.answers import Answer, answer, undefined
from equality.measures.normal import two_sided

LEAST_PERIODS = 3
LEAST_EXPECTED = 5
NO_VARIATION = "Nobody or everybody had the outcome, or only one period has people, so there is no trend to test."
FEW_PERIODS = f"A trend needs at least {LEAST_PERIODS} periods."
FEW_EXPECTED = f"Some period expects fewer than {LEAST_EXPECTED} with or without the outcome: too few for this test."


def cochran_armitage(*, n: list[int], x: list[int]) -> Answer:
    sizes, events = np.array(n, dtype=float), np.array(x, dtype=float)
    names = ("z", "chi2", "p")
    if len(sizes) < LEAST_PERIODS:
        return undefined(FEW_PERIODS, *names)
    people, rate = sizes.sum(), events.sum() / max(sizes.sum(), 1)
    scores = np.arange(len(sizes)) - (np.arange(len(sizes)) * sizes).sum() / max(people, 1)
    variance = rate * (1 - rate) * (sizes * scores**2).sum()
    if variance <= 0:
        return undefined(NO_VARIATION, *names)
    z = float((events * scores).sum() / np.sqrt(variance))
    least = sizes.min() * min(rate, 1 - rate)
    return answer({"z": z, "chi2": z**2, "p": two_sided(z)}, few=FEW_EXPECTED if least < LEAST_EXPECTED else None)
