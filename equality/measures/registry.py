"""Where each measure is worked out. To add one: write its function in the module of its subject, under the measure's
own id; name it here; define it in ``definitions/``.

Modules are imported when one of their measures is first asked for: a page that lists the catalogue loads neither
scipy.stats nor statsmodels."""

from collections.abc import Callable
from functools import cache
from importlib import import_module

from equality.measures.answers import Answer

MODULES: dict[str, tuple[str, ...]] = {
    "adverse_impact": ("four_fifths", "four_fifths_flip_one", "sd_binomial", "sd_two_sample"),
    "benchmarks": ("representation_vs_benchmark", "binomial_vs_benchmark"),
    "charts": ("p_chart", "xmr_limits", "spc_flags", "spc_seven_point_trend"),
    "clusters": ("icc_anova_binary", "design_effect"),
    "conclusions": ("two_group_comparison",),
    "differences": ("newcombe_diff_ci", "mn_diff_ci"),
    "disproportionality": (
        "rri_counts", "rri_rates", "rri_from_shares", "rri_log_ci", "rri_exact_ci", "rri_ojjdp_code",
    ),
    "exact_tests": ("fisher_exact", "fisher_midp"),
    "funnel": ("funnel_limits", "funnel_overdispersion", "funnel_poisson_sr"),
    "hourly_pay": ("gpg_hourly_rate",),
    "intersections": ("intersectional_percent", "intersectional_comparison"),
    "missing": ("missing_share_range", "missing_difference_range", "missing_pay_gap_range"),
    "odds": ("or_woolf_ci", "or_conditional_ci"),
    "pay": ("gpg_mean_gap", "mean_pay_gap_ci", "pay_gap_pct", "pence_in_the_pound", "pay_gap_multi_group"),
    "pay_quarters": ("gpg_quarter_sizes", "gpg_quarter_ties"),
    "pay_reporting": ("gpg_bonus_proportion", "gpg_quarter_percent", "gpg_from_employees"),
    "proportions": ("wilson_ci", "clopper_pearson_ci", "midp_proportion_ci"),
    "rates": ("rate_percent", "rate_per_100_staff"),
    "ratios": ("katz_rr_ci", "koopman_rr_ci", "mn_rr_ci"),
    "representation": ("declaration_rate", "representation_declared"),
    "rounded_counts": ("suppress_and_round",),
    "several": ("p_adjust",),
    "strata": ("cmh", "breslow_day"),
    "sufficiency": ("hmip_percent_sufficient", "hmip_rating"),
    "trends": ("cochran_armitage",),
    "wdes": ("wdes1_percent", "wdes2_relative_likelihood", "wdes3_two_year", "wdes4_9_survey", "wdes10_board_gap"),
    "workforce_standards": ("relative_likelihood",),
    "wres": (
        "wres1_percent", "wres2_appointment", "wres3_disciplinary", "wres4_training", "wres5_8_survey",
        "wres9_board_gap", "race_disparity_ratio",
    ),
}  # fmt: skip


@cache
def function_of(measure_id: str) -> Callable[..., Answer]:
    """What works out a measure. Raises LookupError for one that is not registered."""
    for module, ids in MODULES.items():
        if measure_id in ids:
            function: Callable[..., Answer] = getattr(import_module(f"equality.measures.{module}"), measure_id)
            return function
    raise LookupError(f"no module of equality.measures works out {measure_id}")
