"""Change the evidence and every derived value, one place at a time: does verify notice each, and in which tables?

Run as `nox -s mutate`. A change of the evidence counts as noticed where the evidence is refused or a derived number
moves; what moves, or the refusal, is what `verify` would print. `-- --each` prints what each change moved.
"""

import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import mutations
from moved_tables import moved

from analysis.study import loading

PROCESSES = 2
SECONDS_BETWEEN_WORDS = 5


def main() -> int:
    """Try every change, with progress; return 1 if one went unnoticed."""
    study, each = loading.load(), "--each" in sys.argv[1:]
    if differing := moved(study):
        print(f"The evidence does not give what is committed: {', '.join(differing)}. Run 'nox -s verify' first.")
        return 1
    unnoticed = 0
    with ProcessPoolExecutor(PROCESSES) as pool:
        for what, changes in (
            ("links of claims", mutations.of_links(study)),
            ("arguments of claims", mutations.of_arguments(study)),
            ("steps of the model", mutations.of_model(study)),
            ("datapackage.json", mutations.of_description()),
            ("derived values", mutations.of_values()),
            ("codings", mutations.of_codings(study)),
        ):
            unnoticed += tried(pool, what, dict(changes), each)
    print(f"{unnoticed} went unnoticed." if unnoticed else "None went unnoticed.")
    return 1 if unnoticed else 0


def tried(pool: ProcessPoolExecutor, what: str, changes: dict[str, mutations.Change], each: bool) -> int:
    """Try changes of one kind; print those that nothing noticed and which tables moved; return how many did not."""
    effects: Counter[str] = Counter()
    told = time.monotonic()
    for done, (name, effect) in enumerate(
        zip(changes, pool.map(_call, changes.values(), chunksize=10), strict=True), 1
    ):
        if each or not effect:
            print(f"{name}: {', '.join(effect) or 'UNNOTICED'}")
        effects.update(effect or ("unnoticed",))
        if time.monotonic() - told > SECONDS_BETWEEN_WORDS or done == len(changes):
            print(f"{what}: {done:,} of {len(changes):,} changes tried, {effects['unnoticed']} unnoticed", flush=True)
            told = time.monotonic()
    for table, number in effects.most_common():
        print(f"  {table}: {number:,}")
    return effects["unnoticed"]


def _call(change: mutations.Change) -> tuple[str, ...]:
    return change()


if __name__ == "__main__":
    sys.exit(main())
