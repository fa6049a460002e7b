"""A bot that says a bit of everything, and the way to play a test against it."""

from __future__ import annotations

from pathlib import Path

from runtime.project import open_project
from runtime.transcript.play import Outcome
from runtime.transcript.report import told
from runtime.transcript.suite import Suite, cases
from tests.world import write

SETTINGS = """
endpoints:
  shop:
    languages: [en, ja]
    timezone: Asia/Tokyo
    loading: 0
"""
TEA = """
flow: tea
vars:
  cups: {type: int, min: 1, max: 9}
  day: date
  nick: {type: text, keep: forever}
  price: {type: map, default: {}}
start:
  - keyword: {en: [tea], ja: [お茶]}
  - postback: {go: tea}
anytime:
  - keyword: [stop]
    do:
      - say: $stopped
      - end
steps:
  - ask: cups
    type: int
    say: $how_many
    quick: ["1", "2", {label: $many, value: "9"}]
    else: [$number_please]
    give_up: {goto: sorry}
    silent: {after: 10m, say: Still there?}
  - ask: day
    type: date
    say: Which day?
    picker: {label: Calendar, min: "2026-01-01"}
  - http: {get: "https://tea.test/price", query: {cups: "{{ cups }}"}}
    timeout: 3s
    save: {price: body}
    error:
      - say: No price today.
      - end
  - set: {nick: input.text}
  - say: $coming
  - end
sections:
  sorry:
    - say: Let us leave it.
    - end
texts:
  how_many: {en: "How many cups, {{ profile.name }}?", ja: "{{ profile.name }}さん、何杯ですか。"}
  number_please: {en: A number please., ja: 数字でお願いします。}
  coming: {en: "{{ cups }} cups for {{ price.yen }} yen.", ja: "{{ cups }}杯で{{ price.yen }}円です。"}
  many: {en: many, ja: たくさん}
  stopped: {en: All right., ja: かしこまりました。}
"""
SHOW = """
flow: show
start:
  - keyword: [cards]
    do:
      - cards:
          - {title: Green, text: tea, buttons: [{label: Take, postback: {take: green}}]}
          - {title: Black, text: tea, buttons: [{label: Take, postback: {take: black}}]}
        alt: two teas
  - postback: {take: green}
    do: [{say: Green it is.}]
  - postback: {take: black}
    do: [{say: Black it is.}]
  - message: sticker
    do: [{sticker: 446/1989}]
  - message: image
    do: [{image: "https://tea.test/cup.png"}]
  - message: location
    do: [{location: {title: Shop, address: Tokyo, latitude: 35.0, longitude: 139.0}}]
  - keyword: [yes or no]
    do:
      - confirm: {text: Really?, buttons: [{label: Yes, text: "yes"}, {label: No, text: "no"}]}
        alt: really
  - keyword: [flex]
    do:
      - flex: {type: bubble, body: {type: box, layout: vertical, contents: [{type: text, text: Receipt}]}}
        alt: a receipt
  - event: join
    do: [{say: Hello all.}]
  - event: unsend
    do: [{goto: quiet}]
  - event: edited
    do: [{say: "Now: {{ input.text }}"}]
  - event: member_joined
    do: [{say: Welcome.}]
  - keyword: [secret]
    do: [{notify: "{{ chat.user }}", say: Psst.}]
  - event: beacon
    do: [{say: You are near.}]
sections:
  quiet:
    - stop
fallback:
  - say: What?
steps:
  - end
"""
HEAD = 'test: it\nmock: {"GET https://tea.test/price": {json: {yen: 900}}}\n'
MAI = "given: {profile: {name: Mai}}\n"


def bot(root: Path, **more: str) -> Path:
    """The bot in a folder, with further files."""
    write(root, {"noren.yaml": SETTINGS, "flows/tea.yaml": TEA, "flows/show.yaml": SHOW, **more})
    return root


def played(root: Path, text: str) -> list[Outcome]:
    """How a test went, in each of its languages."""
    write(root, {"tests/it.yaml": text})
    project = open_project(root, lenient=True)
    return Suite(project).run(cases(project, root / "tests" / "it.yaml"), lambda case, outcome: None)


def failing(root: Path, text: str) -> list[str]:
    """The lines that are told about a test; none when it passes."""
    return [line for one in played(bot(root), text) for failure in one.failures for line in told(failure)]


def chat(*lines: str, given: str = MAI, more: str = "") -> str:
    """A test of these lines of a chat."""
    return f"{HEAD}{given}chat:\n" + "".join(f"  - {line}\n" for line in lines) + more
