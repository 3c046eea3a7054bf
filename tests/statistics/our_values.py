"""What this house computes for each id of ``expected.csv``, a function for each family of ids."""

from collections.abc import Iterator
from dataclasses import replace

from citizen_portal.statistics import intervals, quality
from citizen_portal.statistics.change import change, holm
from citizen_portal.statistics.designs import raked_sample
from citizen_portal.statistics.jackknife import jackknife
from citizen_portal.statistics.raking import trimmed
from citizen_portal.statistics.raoscott import independence
from citizen_portal.statistics.shares import Estimate, estimate, unweighted_share
from citizen_portal.statistics.tallies import EVERYONE, Domain, by_value
from tests.statistics.r_profile import read_off_a_spline
from tests.statistics.synthetic_survey import (
    GROUPINGS,
    WAVES,
    answers,
    margins,
    one_answer,
    rows_of,
    sample,
    tallies,
)

AREAS = ("A", "B", "C", "D")
Values = Iterator[tuple[str, float | None]]


def ends(name: str, interval: tuple[float, float] | None) -> Values:
    low, high = interval or (None, None)
    yield f"{name}.lo", low
    yield f"{name}.hi", high


def share(wave: str, question: str, domain: Domain = EVERYONE) -> Estimate:
    return estimate(sample(wave), answers(wave, question, domain))


def unweighted() -> Values:
    shares = []
    for wave in WAVES:
        counts = by_value(answers(wave, "otrygg"))
        n, yes = sum(counts.values()), counts[1]
        yield from {f"unw.{wave}.n": n, f"unw.{wave}.k": yes, f"unw.{wave}.p": yes / n}.items()
        yield from ends(f"unw.{wave}.wilson", intervals.wilson(yes, n))
        yield from ends(f"unw.{wave}.cp", intervals.clopper_pearson(yes, n))
        shares.append(unweighted_share(answers(wave, "otrygg")))
    yield from ends("unw.zero.cp23", intervals.clopper_pearson(0, 23))
    wald = change(shares[1], shares[0])
    yield from ends("unw.diff.wald", (wald.low, wald.high))


def raked() -> Values:
    for wave in WAVES:
        drawn = sample(wave)
        weights = [drawn.weights[cell] for cell, size in drawn.sizes.items() for _person in range(size)]
        deff = quality.kish_design_effect(drawn)
        yield f"rake2.{wave}.sumw", sum(weights)
        yield f"rake2.{wave}.minw", min(weights)
        yield f"rake2.{wave}.maxw", max(weights)
        yield f"rake2.{wave}.cv2", deff - 1
        yield f"rake2.{wave}.deff_kish", deff
        yield f"rake2.{wave}.neff_kish", quality.kish_effective_size(drawn)
        for question in ("otrygg", "undvik", "utsatt"):
            yield from shares_with_six_intervals(wave, question)
        yield from scale(wave)


def shares_with_six_intervals(wave: str, question: str) -> Values:
    name, found = f"rake2.{wave}.{question}", share(wave, question)
    p, se, df = found.value, found.se, found.df
    yield from {f"{name}.p": p, f"{name}.se": se, f"{name}.df": df}.items()
    yield from ends(f"{name}.logit", intervals.logit_interval(p, se, df))
    yield from ends(f"{name}.xlogit", intervals.logit_interval(p, se, df))
    yield from ends(f"{name}.likelihood", read_off_a_spline(p, se, df, people(wave, question)))
    yield from ends(f"{name}.asin", intervals.asin_interval(p, se, df))
    yield from ends(f"{name}.beta", intervals.beta_interval(p, se, df, sample(wave).size))
    yield from ends(f"{name}.mean", intervals.mean_interval(p, se, df))
    yield f"{name}.se_naive", estimate(replace(sample(wave), raked=0), answers(wave, question)).se


def people(wave: str, question: str) -> list[tuple[float, float, int]]:
    """Answers with weights scaled to add up to the size of the wave, and how many gave them."""
    drawn, said = sample(wave), answers(wave, question)
    whole = sum(drawn.weights[cell] * count for cell, values in said.items() for count in values.values())
    scaled = {cell: weight * drawn.size / whole for cell, weight in drawn.weights.items()}
    return [(value, scaled[cell], count) for cell, values in said.items() for value, count in values.items()]


def scale(wave: str) -> Values:
    name, found = f"rake2.{wave}.fort", share(wave, "fort")
    yield from {f"{name}.mean": found.value, f"{name}.se": found.se}.items()
    yield from ends(f"{name}.ci", intervals.mean_interval(found.value, found.se, found.df))
    for step in range(1, 6):
        chosen = estimate(sample(wave), one_answer(answers(wave, "fort"), step))
        yield f"{name}.dist.{step}", chosen.value
        yield f"{name}.dist_se.{step}", chosen.se


def domains() -> Values:
    for wave in WAVES:
        for by in GROUPINGS:
            for group in tallies(wave, "otrygg").groups(by):
                name, found = f"dom.{wave}.{by}.{group}", share(wave, "otrygg", Domain(by, group))
                p, se, df = found.value, found.se, found.df
                yield from {f"{name}.n": found.n, f"{name}.p": p, f"{name}.se": se, f"{name}.df": df}.items()
                yield from ends(f"{name}.logit", intervals.logit_interval(p, se, df))
                yield from ends(f"{name}.beta", intervals.beta_interval(p, se, df, sample(wave).size))


def differences() -> Values:
    for question in ("otrygg", "undvik"):
        yield from one_change(f"change.{question}", question, EVERYONE)
    both = change(share("2025", "otrygg"), share("2024", "otrygg"))
    yield from {"change1.otrygg.diff": both.diff, "change1.otrygg.se": both.se, "change1.otrygg.df": both.df}.items()
    p_values = []
    for area in AREAS:
        values = list(one_change(f"change.area.{area}", "otrygg", Domain("area", area)))
        p_values.append(values[-1][1])
        yield from values
    yield from ((f"change.area.holm.{area}", p) for area, p in zip(AREAS, holm(p_values), strict=True))


def one_change(name: str, question: str, domain: Domain) -> Values:
    found = change(share("2025", question, domain), share("2024", question, domain))
    yield from {f"{name}.diff": found.diff, f"{name}.se": found.se, f"{name}.t": found.t}.items()
    yield from ends(f"{name}.ci", (found.low, found.high))
    yield f"{name}.pvalue", found.p


def rao_scott() -> Values:
    for wave in WAVES:
        found = independence(sample(wave), {area: answers(wave, "otrygg", Domain("area", area)) for area in AREAS})
        parts = {"F": found.f, "ndf": found.ndf, "ddf": found.ddf, "pvalue": found.p}
        yield from ((f"raoscott.{wave}.{part}", value) for part, value in parts.items())


def nobody_said_yes() -> Values:
    said = answers("2025", "otrygg", Domain("area", "D"))
    all_no = {cell: {0: sum(values.values())} for cell, values in said.items()}
    found = estimate(sample("2025"), all_no)
    yield from {"zero.2025.D.p": found.value, "zero.2025.D.se": found.se}.items()
    for method in ("logit", "beta", "mean"):
        yield from ends(f"zero.2025.D.{method}", None)


def korn_graubard() -> Values:
    for area in AREAS:
        name, domain = f"kg.2025.{area}", Domain("area", area)
        found, counts = share("2025", "otrygg", domain), by_value(answers("2025", "otrygg", domain))
        size = intervals.effective_size(found.value, found.se, found.df, found.n)
        interval = intervals.korn_graubard(found.value, found.se, found.df, found.n)
        yield f"{name}.neff", size
        yield from ends(name, interval)
        yield f"{name}.width", interval.width
        yield f"{name}.relwidth", interval.width / found.value
        yield from {f"{name}.n": found.n, f"{name}.n1": counts[1]}.items()
        yield f"{name}.show_quality", quality.good_enough(found.value, size, interval)
        yield f"{name}.show_sdc", quality.enough_people(counts[1], counts[0])


def designs() -> Values:
    by_area, three = ("area",), ("sex", "age", "area")
    for wave in WAVES:
        found = estimate(sample(wave, "stratified", by_area), answers(wave, "undvik", columns=by_area))
        yield from with_error(f"strat.{wave}.undvik", found)
        yield f"strat.{wave}.undvik.df", found.df
        drawn = sample(wave, "stratified raked", three)
        found = estimate(drawn, answers(wave, "undvik", columns=three))
        yield from with_error(f"stratrake.{wave}.undvik", found)
        yield f"stratrake.{wave}.undvik.deff", quality.design_effect(found, drawn)
        yield from ends(f"stratrake.{wave}.undvik.logit", intervals.logit_interval(found.value, found.se, found.df))
        drawn = sample(wave, "raked", by_area)
        yield from with_error(f"ps.{wave}.undvik", estimate(drawn, answers(wave, "undvik", columns=by_area)))
        drawn = sample(wave, "raked", three)
        yield from with_error(f"rake3.{wave}.otrygg", found := estimate(drawn, answers(wave, "otrygg", columns=three)))
        yield from ends(f"rake3.{wave}.otrygg.logit", intervals.logit_interval(found.value, found.se, found.df))
        yield from with_error(f"calraking.{wave}.otrygg", share(wave, "otrygg"))
        left_out = jackknife(tallies(wave, "otrygg"), ("sex", "age"), margins(wave), answers(wave, "otrygg"))
        yield from with_error(f"jk1.{wave}.otrygg", left_out)
        columns = ("sex3", "age")
        drawn = sample(wave, "raked", columns)
        yield from with_error(f"sex3.{wave}.otrygg", found := estimate(drawn, answers(wave, "otrygg", columns=columns)))
        yield from ends(f"sex3.{wave}.otrygg.logit", intervals.logit_interval(found.value, found.se, found.df))
        yield from trimming(wave)


def with_error(name: str, found: Estimate) -> Values:
    yield from {f"{name}.p": found.value, f"{name}.se": found.se}.items()


def trimming(wave: str) -> Values:
    drawn = sample(wave)
    mean = sum(size * drawn.weights[cell] for cell, size in drawn.sizes.items()) / drawn.size
    cut = replace(drawn, weights=trimmed(drawn.weights, drawn.sizes, 2 * mean))
    yield f"trim.{wave}.max", max(cut.weights.values())
    yield f"trim.{wave}.sum", sum(size * cut.weights[cell] for cell, size in cut.sizes.items())
    yield f"trim.{wave}.undvik.p", estimate(cut, answers(wave, "undvik")).value


def disagreeing_margins() -> Values:
    """Sex adds up to 37 505 and age to 37 491.

    The files hold the totals only. Of all whole numbers from -15 to 15 these alone, added to the levels, give R's
    share and standard error to the last digit. The sum of weights is the first margin's; R was given margins scaled
    to 37 500.
    """
    noise = {"K": 9, "M": -4, "16-29": -6, "30-49": 3, "50-64": -8, "65+": 2}
    exact = margins("2025")
    noisy = {name: {level: count + noise[level] for level, count in exact[name].items()} for name in ("sex", "age")}
    assert [sum(margin.values()) for margin in noisy.values()] == [37505, 37491]
    noisy["sex"] = {level: count * 37500 / 37505 for level, count in noisy["sex"].items()}
    drawn = raked_sample(tallies("2025", "otrygg").sizes, ("sex", "age"), noisy)
    yield "ckm.scaled.sumw", sum(size * drawn.weights[cell] for cell, size in drawn.sizes.items())
    yield from with_error("ckm.scaled.otrygg", estimate(drawn, answers("2025", "otrygg")))


def package_example() -> Values:
    """R's own example of ``svyciprop``: a share near zero in 183 schools of 15 districts, so 14 degrees of freedom.

    The schools are not here; the share and its standard error are read back from the symmetric interval.
    """
    expected = {row["id"]: float(row["value"]) for row in rows_of("expected.csv") if row["id"].startswith("api.ciprop")}
    name, df, schools = "api.ciprop.ell0", 14, 183
    low, high = expected[f"{name}.mean.lo"], expected[f"{name}.mean.hi"]
    p = (low + high) / 2
    se = (high - low) / (2 * intervals.t_quantile(0.975, df))
    yield from ends(f"{name}.mean", intervals.mean_interval(p, se, df))
    yield from ends(f"{name}.logit", intervals.logit_interval(p, se, df))
    yield from ends(f"{name}.xlogit", intervals.logit_interval(p, se, df))
    yield from ends(f"{name}.asin", intervals.asin_interval(p, se, df))
    yield from ends(f"{name}.beta", intervals.beta_interval(p, se, df, schools))
    near_zero = round(p * schools)
    equally_weighted = [(1, 1.0, near_zero), (0, 1.0, schools - near_zero)]
    yield from ends(f"{name}.likelihood", read_off_a_spline(p, se, df, equally_weighted))


FAMILIES = (
    *(unweighted, raked, domains, differences, rao_scott, nobody_said_yes, korn_graubard, designs),
    *(disagreeing_margins, package_example),
)
