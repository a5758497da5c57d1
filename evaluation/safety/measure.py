"""Prints how much danger the safety rules notice, and how often they raise a false alarm.

python evaluation/safety/measure.py [development|test|second_development|second_test]
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from pathlib import Path

from spmatch.safety import TOPICS, find_dangers, find_risks, harmful

HERE = Path(__file__).parent
LANGUAGES = ("da", "en")


def rows_of(half: str, name: str) -> list[list[str]]:
    """The rows of one file of a half."""
    with (HERE / half / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def missed_dangers(half: str) -> list[tuple[str, str, str]]:
    """Language, topic and text of each dangerous text whose topic was not among those noticed."""
    return [
        (language, topic, text)
        for language, topic, text in rows_of(half, "danger")
        if topic not in {danger.topic for danger in find_dangers(text, language)}
    ]


def false_alarms(half: str) -> list[tuple[str, str]]:
    """Language and text of each harmless text in which a danger was noticed."""
    return [
        (language, text)
        for language, text in rows_of(half, "harmless")
        if find_dangers(text, language)
    ]


def misjudged_pairs(half: str) -> list[list[str]]:
    """The rows of person and activity that were flagged and should not be, or the other way round."""
    wrong = []
    for row in rows_of(half, "harm_pairs"):
        language, risk, flag, need, title, description = row
        said = harmful(f"{title}. {description}", None, None, find_risks(need, language))
        if (risk in said) != (flag == "1"):
            wrong.append(row)
    return wrong


def main() -> None:
    half = sys.argv[1] if len(sys.argv) > 1 else "development"
    dangers = rows_of(half, "danger")
    total = Counter((language, topic) for language, topic, _ in dangers)
    missed = Counter((language, topic) for language, topic, _ in missed_dangers(half))
    print(f"{half}: dangerous texts whose topic is noticed")
    for topic in TOPICS:
        parts = [
            f"{language} {total[language, topic] - missed[language, topic]}/{total[language, topic]}"
            for language in LANGUAGES
        ]
        print(f"  {topic:16} {'   '.join(parts)}")
    silent = sum(not find_dangers(text, language) for language, _, text in dangers)
    print(f"  recall {1 - missed.total() / len(dangers):.3f} of {len(dangers)}")
    print(f"  any danger noticed {1 - silent / len(dangers):.3f}")
    harmless = rows_of(half, "harmless")
    alarms = Counter(language for language, _ in false_alarms(half))
    for language in LANGUAGES:
        of = sum(row[0] == language for row in harmless)
        print(f"false alarms {language} {alarms[language]}/{of}")
    print(f"false alarms {alarms.total() / len(harmless):.3f} of {len(harmless)}")
    if not (HERE / half / "harm_pairs.tsv").exists():
        return
    pairs = rows_of(half, "harm_pairs")
    wrong = misjudged_pairs(half)
    by_flag = Counter(row[2] for row in wrong)
    print(f"harm pairs: {len(pairs) - len(wrong)} of {len(pairs)} right")
    print(f"  missed {by_flag['1']}, flagged in error {by_flag['0']}")


if __name__ == "__main__":
    main()
