"""Check the held-out bilingual retrieval test and measure how many words it gives away.

Reads the files beside this script; needs the standard library only. Without arguments it checks
both sets of needs; `check.py NEEDS QRELS` checks the one set in those two files. Prints, per
language, how many relevant (need, activity) pairs share a content stem, and the agreement of the
two judging passes of the implicit set. Exits 1 and names every fault if the files break one of
the rules below.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from itertools import combinations
from pathlib import Path

Texts = dict[str, dict[str, str]]
"""id -> language -> text."""
Qrels = dict[str, dict[str, int]]
"""need id -> activity id -> grade; a pair that is absent has grade 0."""

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("da", "en")
STEM_LETTERS = 5
GRAM_LETTERS = 5
GRADES = (1, 2, 3)
NEED_SETS = (("needs.jsonl", "qrels.tsv"), ("needs_plain.jsonl", "qrels_plain.tsv"))
JUDGED_TWICE = "needs.jsonl"
MINIMUM_RELEVANT = 2
MAXIMUM_NEAR_COPY = 0.35
MAXIMUM_SHARED = 0.12
"""Largest allowed share of grade >= 2 pairs with a stem in common."""
WORD_BOUNDS = {"activities": (25, 60), "needs": (12, 45)}
EXPECTED_COUNT = {"activities": 90, "needs": 66}

# Function words, auxiliaries, light verbs and numerals only. Topic words and the days of the
# week stay out, since a lexical system would score them.
DANISH_STOP_WORDS = """
    ad af al aldrig alle allerede alt altid anden andet andre at bag bare begge blev blevet
    blive bliver da de dem den denne der deres det dets dette dig din dine dit du efter egen
    eget egne eller ellers en end endelig endnu ene eneste enten er et fem femten fik flere for
    forbi fordi fra fx få fået får før først første gang gange gerne gik gjort gå går gør gøre
    halv halvt ham han hans har havde have hele helt hen hende hendes her hinanden hos hun
    hundrede hvad hvem hver hverken hvis hvor hvordan hvorfor i igen ikke ind inde inden ingen
    ingenting intet ja jeg jeres jo kan kom komme kommer kun kunne lade lader langs lidt lige
    ligger lægge længe længere man mange med meget mellem men mens mere mest mig min mindst
    mindste mit mod må måtte ned nede nej nogen noget nogle nok nu ny når næste næsten og også
    om omkring op oppe os otte over på rundt samme samt se seks selv ser ses set siden sidste
    sig sin sine sit skal skulle snart som stadig stod store stort stå står syv så sådan tag
    tage tager taget ti til to tog tre tæt uanset ud ude uden under var ved vi vil ville være
    været
"""
ENGLISH_STOP_WORDS = """
    a about above after again ago all along already also always am an and another any anybody
    anyone anything are around as at away back be because been before began begin being below
    beside between both bring bringing but by came can can't cannot come comes could did do does
    doesn't doing don't done down each eight either else ever every everybody everyone
    everything few fifteen first five for four from get gets getting give given go goes going
    gone got had half has hasn't have haven't having he her here hers herself him himself his
    how however hundred i i'll if in into is isn't it it's its itself just keep keeps last later
    least less like long longer made make makes many may me mere more most mostly much must my
    myself never new next no nobody none nor not nothing now of off on once one only onto or
    other others our out over own per put puts rather she she's should since six so some
    somebody someone something still such take taken takes ten than that the their theirs them
    then there these they they're third this those though three through till to together too two
    under until up upon us use used very was wasn't we well went were what whatever when
    whenever where whether which while who whom whose why will with within without won't would
    yet you you're your yours
"""
STOP_WORDS = {
    "da": frozenset(DANISH_STOP_WORDS.split()),
    "en": frozenset(ENGLISH_STOP_WORDS.split()),
}
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def stems(text: str, language: str) -> set[str]:
    """Return the content stems of a text: lower case, no stop word, cut after five letters."""
    words = (word.removesuffix("'s") for word in WORD.findall(text.lower().replace("\u2019", "'")))
    return {word[:STEM_LETTERS] for word in words if word not in STOP_WORDS[language]}


def grams(text: str) -> set[str]:
    """Return the character 5-grams of a text, with every run of other characters as one space."""
    line = " ".join(WORD.findall(text.lower()))
    return {line[i : i + GRAM_LETTERS] for i in range(len(line) - GRAM_LETTERS + 1)}


def jaccard(left: set[str], right: set[str]) -> float:
    """Return the overlap 0..1 of two sets; two empty sets have none."""
    union = left | right
    return len(left & right) / len(union) if union else 0.0


def read_texts(kind: str, path: Path, faults: list[str]) -> Texts:
    """Read one JSONL file, adding a fault for each id, language, length or count that is wrong.

    `kind` is "activities" or "needs" and picks the bounds that apply.
    """
    texts: Texts = {}
    lowest, highest = WORD_BOUNDS[kind]
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        row = json.loads(line)
        identifier = str(row.get("id", ""))
        if not identifier or identifier in texts:
            faults.append(f"{path.name} line {number}: id missing or used twice: {identifier!r}")
        texts[identifier] = {language: str(row.get(language, "")) for language in LANGUAGES}
        for language, text in texts[identifier].items():
            if not lowest <= len(text.split()) <= highest:
                faults.append(f"{identifier} {language}: {len(text.split())} words")
    if len(texts) != EXPECTED_COUNT[kind]:
        faults.append(f"{path.name}: {len(texts)} texts, expected {EXPECTED_COUNT[kind]}")
    return texts


def read_qrels(path: Path, needs: Texts, activities: Texts, faults: list[str]) -> Qrels:
    """Read a tab-separated TREC qrels file, adding a fault for each row that is not valid."""
    qrels: Qrels = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        fields = line.split("\t")
        if len(fields) != 4 or fields[1] != "0" or fields[3] not in map(str, GRADES):
            faults.append(f"{path.name} line {number}: not 'need_id 0 activity_id grade'")
            continue
        need, _, activity, grade = fields
        if need not in needs or activity not in activities:
            faults.append(f"{path.name} line {number}: unknown id {need} or {activity}")
        if activity in qrels.setdefault(need, {}):
            faults.append(f"{path.name} line {number}: {need} {activity} judged twice")
        qrels[need][activity] = int(grade)
    return qrels


def near_copies(texts: Texts) -> list[str]:
    """Return one fault for each pair of texts of one language that is too much alike."""
    faults = []
    for language in LANGUAGES:
        sets = {identifier: grams(text[language]) for identifier, text in texts.items()}
        for left, right in combinations(sets, 2):
            overlap = jaccard(sets[left], sets[right])
            if overlap > MAXIMUM_NEAR_COPY:
                faults.append(f"near-copy {left} {right} {language}: {overlap:.2f}")
    return faults


def shared_stems(
    needs: Texts, activities: Texts, qrels: Qrels, language: str, lowest_grade: int
) -> dict[tuple[str, str], set[str]]:
    """Return, for each pair judged at `lowest_grade` or more, the content stems it shares."""
    return {
        (need, activity): stems(needs[need][language], language)
        & stems(activities[activity][language], language)
        for need, judged in qrels.items()
        for activity, grade in judged.items()
        if grade >= lowest_grade
    }


def weighted_kappa(pairs: list[tuple[int, int]]) -> float:
    """Return Cohen's kappa with quadratic weights for pairs of grades (first, second).

    Raises ZeroDivisionError if both passes give every pair one and the same grade.
    """
    firsts = [first for first, _ in pairs]
    seconds = [second for _, second in pairs]
    observed = sum((first - second) ** 2 for first, second in pairs) / len(pairs)
    levels = (0, *GRADES)
    expected = (
        sum((i - j) ** 2 * firsts.count(i) * seconds.count(j) for i in levels for j in levels)
        / len(pairs) ** 2
    )
    return 1 - observed / expected


def report_agreement(first: Qrels, second: Qrels, activities: Texts) -> None:
    """Print kappa over the needs judged twice: all pairs, and those that either pass graded."""
    every = [
        (first.get(need, {}).get(activity, 0), judged.get(activity, 0))
        for need, judged in second.items()
        for activity in activities
    ]
    graded = [pair for pair in every if any(pair)]
    same = sum(left == right for left, right in graded)
    print(f"agreement on {len(second)} needs: quadratic weighted kappa {weighted_kappa(every):.3f}")
    print(f"  of {len(graded)} pairs graded > 0 by either pass, {same} have the same grade")


def report_set(
    needs: Texts, activities: Texts, qrels: Qrels, list_stems: bool, faults: list[str]
) -> None:
    """Print sizes and shared stems of one set, adding a fault if too many pairs share one."""
    grades = [grade for judged in qrels.values() for grade in judged.values()]
    counts = ", ".join(f"{grades.count(grade)} of grade {grade}" for grade in reversed(GRADES))
    print(f"{len(needs)} needs, {len(activities)} activities, {len(grades)} pairs: {counts}")
    unanswering = activities.keys() - {activity for judged in qrels.values() for activity in judged}
    print(f"activities that answer no need: {', '.join(sorted(unanswering)) or 'none'}")
    for language in LANGUAGES:
        for lowest_grade in (1, 2):
            shared = shared_stems(needs, activities, qrels, language, lowest_grade)
            share = sum(map(bool, shared.values())) / len(shared)
            mean = sum(map(len, shared.values())) / len(shared)
            print(
                f"{language} grade >= {lowest_grade}: {share:.1%} of {len(shared)} pairs share "
                f"a stem, {mean:.3f} stems a pair"
            )
            if list_stems:
                for pair, common in shared.items():
                    if common:
                        print("  ", *pair, *sorted(common))
            if lowest_grade == 2 and share >= MAXIMUM_SHARED:
                faults.append(f"{language}: {share:.1%} of pairs share a stem")


def main() -> int:
    """Run all checks, print the figures and return the exit status."""
    parser = argparse.ArgumentParser(description="Check the held-out needs and their judgements.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="NEEDS QRELS")
    parser.add_argument("--list", action="store_true", help="print the shared stems")
    arguments = parser.parse_args()
    if len(arguments.files) not in (0, 2):
        parser.error("give the needs and the qrels file, or neither")
    every_set = [(FOLDER / needs_name, FOLDER / qrels_name) for needs_name, qrels_name in NEED_SETS]
    chosen = [(arguments.files[0], arguments.files[1])] if arguments.files else every_set

    faults: list[str] = []
    activities = read_texts("activities", FOLDER / "activities.jsonl", faults)
    every_text = dict(activities)
    read: list[tuple[Path, Texts, Qrels]] = []
    for needs_path, qrels_path in chosen:
        needs = read_texts("needs", needs_path, faults)
        qrels = read_qrels(qrels_path, needs, activities, faults)
        for need in needs:
            if len(qrels.get(need, {})) < MINIMUM_RELEVANT:
                faults.append(f"{need}: fewer than {MINIMUM_RELEVANT} relevant activities")
        if every_text.keys() & needs.keys():
            faults.append(f"{needs_path.name}: ids that another file uses")
        every_text |= needs
        read.append((needs_path, needs, qrels))
    faults += near_copies(every_text)
    if faults:
        print("\n".join(faults), file=sys.stderr)
        return 1

    for needs_path, needs, qrels in read:
        print(needs_path.name)
        report_set(needs, activities, qrels, arguments.list, faults)
        if needs_path.name == JUDGED_TWICE:
            first = read_qrels(FOLDER / "qrels_first.tsv", needs, activities, faults)
            second = read_qrels(FOLDER / "qrels_second.tsv", needs, activities, faults)
            if first.keys() != second.keys():
                faults.append("qrels_first.tsv and qrels_second.tsv judge different needs")
            report_agreement(first, second, activities)
    if faults:
        print("\n".join(faults), file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
