/** A picture to move about in: drag, wheel, pinch, keys. Its steps can be chosen. */

import { useEffect, useRef } from "preact/hooks";
import { Button, looking } from "./kit";
import { fitted, readable, showing, taken, themed, zoomed, type Box, type Picture } from "./picture";
import { say } from "./words";

/** What the picture's own style does not say: steps can be chosen, one is waiting, some were walked. */
const EXTRA = `
:host{display:block;width:100%;height:100%}
svg{width:100%;height:100%;display:block;touch-action:none;user-select:none;-webkit-user-select:none}
.paper{fill:none!important}
[data-step]{cursor:pointer}
[data-step]:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
[data-step]:hover .card{filter:brightness(.97)}
`;

const KEYS: Record<string, (view: Box, size: Box) => Box> = {
  ArrowLeft: (view) => ({ ...view, x: view.x - view.width / 8 }),
  ArrowRight: (view) => ({ ...view, x: view.x + view.width / 8 }),
  ArrowUp: (view) => ({ ...view, y: view.y - view.height / 8 }),
  ArrowDown: (view) => ({ ...view, y: view.y + view.height / 8 }),
  "+": (view, size) => zoomed(view, 1.25, middle(view), size),
  "-": (view, size) => zoomed(view, 0.8, middle(view), size),
};

const middle = (view: Box) => ({ x: view.x + view.width / 2, y: view.y + view.height / 2 });

/** A picture in its window. Lives as long as the element; the picture in it is exchanged. */
class Stage {
  private shadow: ShadowRoot;
  private view: Box | null = null;
  private picture: Picture | null = null;
  private name = "";
  private css = "";
  private fingers = new Map<number, { x: number; y: number }>();
  private moved = false;

  constructor(private readonly host: HTMLElement) {
    this.shadow = host.attachShadow({ mode: "open" });
    host.addEventListener("pointerdown", (event) => this.down(event));
    host.addEventListener("pointermove", (event) => this.drag(event));
    for (const kind of ["pointerup", "pointercancel"] as const) host.addEventListener(kind, (event) => this.up(event));
    host.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    host.addEventListener("keydown", (event) => this.key(event));
    this.shadow.addEventListener("click", (event) => this.choose(event));
    this.shadow.addEventListener("focusin", (event) => {
      const step = event.target as SVGGraphicsElement;
      if (step.matches("[data-step]:focus-visible")) this.reveal(step);
    });
  }

  /** Show a picture; the same flow's next picture keeps the place that is looked at. */
  put(name: string, text: string, dark: boolean): void {
    const picture = taken(text);
    this.css = picture.css;
    for (const step of picture.svg.querySelectorAll<SVGElement>("[data-step]")) {
      step.setAttribute("tabindex", "0");
      step.setAttribute("role", "button");
      step.setAttribute("aria-label", label(step));
    }
    this.picture = picture;
    if (name !== this.name) this.view = null;
    this.name = name;
    this.shadow.replaceChildren(picture.svg);
    this.colour(dark);
    this.look(this.view ?? readable(picture.size, this.room()));
    this.follow();
  }

  colour(dark: boolean): void {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(themed(this.css, dark) + EXTRA);
    this.shadow.adoptedStyleSheets = [sheet];
  }

  fit(): void {
    if (this.picture) this.look(fitted(this.picture.size, this.room()));
  }

  zoom(by: number): void {
    if (this.picture && this.view) this.look(zoomed(this.view, by, middle(this.view), this.picture.size));
  }

  /** The window changed its shape: the same middle at the same scale. */
  resize(width: number, height: number, before: { width: number; height: number }): void {
    if (!this.view || !before.width || !width) return;
    const scale = this.view.width / before.width;
    const at = middle(this.view);
    this.look({ x: at.x - (width * scale) / 2, y: at.y - (height * scale) / 2, width: width * scale, height: height * scale });
  }

  /** Bring the waiting step into view, or the last one that was walked. */
  follow(): void {
    const walked = [...this.shadow.querySelectorAll<SVGGraphicsElement>(".walked")].at(-1);
    const step = this.shadow.querySelector<SVGGraphicsElement>(".waiting") ?? walked;
    if (step) this.reveal(step);
  }

  private reveal(step: SVGGraphicsElement): void {
    if (!this.view) return;
    const at = step.getBoundingClientRect();
    const of = this.host.getBoundingClientRect();
    if (!of.width) return;
    const scale = this.view.width / of.width;
    const box = { x: this.view.x + (at.x - of.x) * scale, y: this.view.y + (at.y - of.y) * scale, width: at.width * scale, height: at.height * scale };
    this.look(showing(this.view, box));
  }

  private room(): { width: number; height: number } {
    return { width: this.host.clientWidth || 600, height: this.host.clientHeight || 400 };
  }

  private look(view: Box): void {
    this.view = view;
    this.picture?.svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  }

  private down(event: PointerEvent): void {
    if (event.button) return;
    if (!this.fingers.size) this.moved = false;
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  private drag(event: PointerEvent): void {
    const was = this.fingers.get(event.pointerId);
    if (!was || !this.view || !this.picture) return;
    const now = { x: event.clientX, y: event.clientY };
    if (!this.moved && Math.hypot(now.x - was.x, now.y - was.y) < 4) return;
    if (!this.moved) this.host.setPointerCapture(event.pointerId);
    this.moved = true;
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    const scale = this.view.width / this.room().width;
    if (other) {
      const by = Math.hypot(now.x - other.x, now.y - other.y) / (Math.hypot(was.x - other.x, was.y - other.y) || 1);
      this.look(zoomed(this.view, by, this.point((now.x + other.x) / 2, (now.y + other.y) / 2), this.picture.size));
    } else {
      this.look({ ...this.view, x: this.view.x - (now.x - was.x) * scale, y: this.view.y - (now.y - was.y) * scale });
    }
  }

  private up(event: PointerEvent): void {
    this.fingers.delete(event.pointerId);
  }

  private wheel(event: WheelEvent): void {
    if (!this.view || !this.picture) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) {
      this.look(zoomed(this.view, Math.exp(-event.deltaY / 200), this.point(event.clientX, event.clientY), this.picture.size));
      return;
    }
    const scale = this.view.width / this.room().width;
    const [dx, dy] = event.shiftKey && !event.deltaX ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
    this.look({ ...this.view, x: this.view.x + dx * scale, y: this.view.y + dy * scale });
  }

  private point(x: number, y: number): { x: number; y: number } {
    const of = this.host.getBoundingClientRect();
    const view = this.view!;
    return { x: view.x + ((x - of.x) / of.width) * view.width, y: view.y + ((y - of.y) / of.height) * view.height };
  }

  private key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") {
      const step = this.shadow.activeElement?.closest("[data-step]");
      if (step) open(step);
      if (step) event.preventDefault();
    } else if (event.key === "0") {
      this.fit();
    } else if (this.view && this.picture && KEYS[event.key]) {
      event.preventDefault();
      this.look(KEYS[event.key]!(this.view, this.picture.size));
    }
  }

  private choose(event: Event): void {
    const step = (event.target as Element).closest?.("[data-step]");
    if (step && !this.moved) open(step);
  }
}

function open(step: Element): void {
  const { file, line } = (step as SVGElement).dataset;
  if (file) looking.value = { file, line: Number(line) || 1 };
}

function label(step: SVGElement): string {
  const words = [...step.querySelectorAll("text")].map((text) => text.textContent?.trim()).filter(Boolean);
  const state = step.classList.contains("waiting") ? `${say("waitingHere")}: ` : "";
  return `${state}${step.dataset.step} ${words.join(" ")}`.slice(0, 200);
}

export function Viewer({ name, text, dark }: { name: string; text: string; dark: boolean }) {
  const host = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage | null>(null);
  useEffect(() => {
    if (!host.current) return undefined;
    stage.current = new Stage(host.current);
    let before = { width: host.current.clientWidth, height: host.current.clientHeight };
    const sizes = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect;
      stage.current?.resize(width, height, before);
      before = { width, height };
    });
    sizes.observe(host.current);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => stage.current?.put(name, text, dark), [name, text]);
  useEffect(() => stage.current?.colour(dark), [dark]);
  return (
    <div class="insp-stage">
      <div class="insp-canvas" ref={host} tabIndex={0} role="group" aria-label={say("pictureHelp")} />
      <div class="insp-zoom">
        <Button label={say("zoomIn")} onClick={() => stage.current?.zoom(1.25)}>
          +
        </Button>
        <Button label={say("zoomOut")} onClick={() => stage.current?.zoom(0.8)}>
          −
        </Button>
        <Button label={say("fit")} onClick={() => stage.current?.fit()}>
          ⤢
        </Button>
        <Button label={say("toWaiting")} onClick={() => stage.current?.follow()}>
          ◎
        </Button>
      </div>
    </div>
  );
}
