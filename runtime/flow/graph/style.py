"""Colours and type of the pictures, once for paper and once for the dark."""

from __future__ import annotations

SANS = "system-ui,-apple-system,'Segoe UI','Noto Sans','Hiragino Sans','Noto Sans CJK JP','Noto Sans Thai',sans-serif"
MONO = "ui-monospace,'SF Mono',Menlo,Consolas,'Noto Sans Mono','DejaVu Sans Mono',monospace"

LIGHT = {
    "paper": "#fbfaf7", "ink": "#23272e", "soft": "#6b7280", "line": "#8b929c",
    "say": "#ffffff", "say-edge": "#d5d8dd", "ask": "#f1faf3", "ask-edge": "#2f9e5b", "branch": "#fff6e0",
    "branch-edge": "#d99a1c", "effect": "#edf4ff", "effect-edge": "#4c82d6", "data": "#f1f2f4", "data-edge": "#c3c8cf",
    "start": "#f3edff", "start-edge": "#8361d1", "anytime": "#fdeef4", "anytime-edge": "#cf5d8f", "exit": "#3a404a",
    "exit-ink": "#ffffff", "chip": "#ffffff", "chip-edge": "#a9cdb7", "error": "#cc4b37", "all": "#2f9e5b",
    "some": "#e0a526", "none": "#d4523f", "walked": "#4c82d6", "waiting": "#0a8f4e",
}  # fmt: skip
DARK = {
    "paper": "#15181c", "ink": "#e8eaed", "soft": "#9aa3af", "line": "#78818d",
    "say": "#22272e", "say-edge": "#414954", "ask": "#16271d", "ask-edge": "#46b878", "branch": "#2c2413",
    "branch-edge": "#c9952f", "effect": "#172438", "effect-edge": "#5d93e6", "data": "#22262b", "data-edge": "#4a525c",
    "start": "#251f38", "start-edge": "#9c80e0", "anytime": "#331c28", "anytime-edge": "#d8709f", "exit": "#d9dde2",
    "exit-ink": "#1b1f24", "chip": "#1d3226", "chip-edge": "#3c7d58", "error": "#ee7461", "all": "#46b878",
    "some": "#e0ae45", "none": "#ec6d59", "walked": "#6fa3f2", "waiting": "#3fd88a",
}  # fmt: skip


def _names(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


STYLE = (
    f"svg{{{_names(LIGHT)}font-family:{SANS}}}"
    f"@media(prefers-color-scheme:dark){{svg{{{_names(DARK)}}}}}"
    ".paper{fill:var(--paper)}text{fill:var(--ink)}"
    ".head{font-size:22px;font-weight:650;letter-spacing:-.2px}.sub{font-size:12px;fill:var(--soft)}"
    ".t-title{font-size:11px;font-weight:600;letter-spacing:.2px;fill:var(--soft)}"
    ".t-line{font-size:13px}"
    f".t-code{{font-size:12px;font-family:{MONO}}}"
    ".t-note{font-size:11px;fill:var(--soft)}"
    ".t-chip{font-size:11px;text-anchor:middle}.t-pill{font-size:12px;text-anchor:middle;font-weight:550}"
    ".card{stroke-width:1.2}"
    ".say .card{fill:var(--say);stroke:var(--say-edge)}"
    ".ask .card{fill:var(--ask);stroke:var(--ask-edge)}.ask .bar{fill:var(--ask-edge)}"
    ".ask .t-title{fill:var(--ask-edge)}"
    ".branch .card{fill:var(--branch);stroke:var(--branch-edge)}.branch .t-title{fill:var(--branch-edge)}"
    ".effect .card{fill:var(--effect);stroke:var(--effect-edge)}.effect .t-title{fill:var(--effect-edge)}"
    ".data .card,.wait .card{fill:var(--data);stroke:var(--data-edge)}.wait .card{stroke-dasharray:4 3}"
    ".start .card{fill:var(--start);stroke:var(--start-edge)}.start .t-title{fill:var(--start-edge)}"
    ".anytime .card{fill:var(--anytime);stroke:var(--anytime-edge)}.anytime .t-title{fill:var(--anytime-edge)}"
    ".run .card{fill:var(--effect);stroke:var(--effect-edge)}.run .rail{stroke:var(--effect-edge);fill:none}"
    ".exit .card{fill:var(--exit)}.exit .t-pill{fill:var(--exit-ink)}"
    ".jump .card{fill:var(--paper);stroke:var(--effect-edge)}.jump .t-pill{fill:var(--effect-edge)}"
    ".chip{fill:var(--chip);stroke:var(--chip-edge)}"
    ".edge{fill:none;stroke:var(--line);stroke-width:1.5}.tip{fill:var(--line)}"
    ".edge.back{stroke-dasharray:5 3.5}"
    ".edge.error,.edge.give_up{stroke:var(--error)}.tip.error,.tip.give_up{fill:var(--error)}"
    ".edge.silent{stroke:var(--anytime-edge)}.tip.silent{fill:var(--anytime-edge)}"
    ".tag{fill:var(--paper);stroke:var(--line);stroke-width:.8}.tagged{font-size:11px;text-anchor:middle}"
    ".tag.error,.tag.give_up{stroke:var(--error)}.tagged.error,.tagged.give_up{fill:var(--error)}"
    ".tag.silent{stroke:var(--anytime-edge)}.tagged.silent{fill:var(--anytime-edge)}"
    ".mark{stroke:var(--paper);stroke-width:2}.mark.all{fill:var(--all)}.mark.some{fill:var(--some)}.mark.none{fill:var(--none)}"
    ".node.all .card{stroke:var(--all);stroke-width:2}.node.some .card{stroke:var(--some);stroke-width:2}"
    ".node.none .card{stroke:var(--none);stroke-width:2;stroke-dasharray:5 3}.exit.none .card{fill:var(--none)}"
    ".node.walked .card{stroke:var(--walked);stroke-width:2.2}"
    ".node.waiting .card{stroke:var(--waiting);stroke-width:3.4}"
    ".node.waiting{filter:drop-shadow(0 0 5px var(--waiting))}"
)
