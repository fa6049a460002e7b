/** Flex messages, laid out by the browser's own flexbox after LINE's rules. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Player } from "../media";
import { among, color, isRecord, list, record, source, text } from "../read";
import type { Loose } from "../read";
import { Scroller } from "../scroller";
import { named, useTap } from "../taps";
import { Unknown } from "../unknown";
import { Box, Part, Separator, holdsActions } from "./parts";
import type { Place } from "./place";
import { BUBBLES, ratio } from "./values";
import "./flex.css";

export function Flex({ message }: { message: Loose }) {
  const container = record(message.contents);
  const label = text(message.altText);
  if (container.type === "bubble") {
    return (
      <div class="flex" role="group" aria-label={label}>
        <Card bubble={container} />
      </div>
    );
  }
  if (container.type !== "carousel") return <Unknown message={message} />;
  const bubbles = list(container.contents).filter(isRecord);
  const cards = bubbles.map((bubble, index) => <Card key={index} bubble={bubble} aside />);
  return <Scroller label={label} cards={cards} class="flex" />;
}

const SIZES = ["mega", "nano", "micro", "deca", "hecto", "kilo", "giga"] as const;
const BLOCK: Place = { axis: "block", spacing: undefined, depth: 0 };

function Card({ bubble, aside = false }: { bubble: Loose; aside?: boolean }) {
  const size = among(bubble.size, SIZES);
  const styles = record(bubble.styles);
  const blocks = (["header", "hero", "body", "footer"] as const).filter((name) => isRecord(bubble[name]));
  const inner = blocks.map((name) => bubble[name]);
  const tap = useTap(bubble.action, "", holdsActions(inner));
  return (
    <div
      class={`flex-bubble is-${size}`}
      style={{ width: `${BUBBLES[size]}px` }}
      dir={bubble.direction === "rtl" ? "rtl" : "ltr"}
      {...tap}
    >
      {blocks.map((name, index) => (
        <Block key={name} name={name} style={record(styles[name])} first={index === 0} ends={name === "body" && isRecord(bubble.footer)}>
          {name === "hero" ? (
            <Hero hero={record(bubble.hero)} moving={!aside && ["kilo", "mega", "giga"].includes(size)} />
          ) : (
            <Box part={record(bubble[name])} place={BLOCK} />
          )}
        </Block>
      ))}
    </div>
  );
}

interface BlockProps {
  name: string;
  style: Loose;
  first: boolean;
  ends: boolean;
  children: ComponentChildren;
}

/** A block with its background; the first one has no separator, whatever its style says. */
function Block({ name, style, first, ends, children }: BlockProps) {
  return (
    <>
      {style.separator === true && !first && <Separator part={{ type: "separator", color: style.separatorColor }} place={BLOCK} />}
      <div class={`flex-block is-${name} ${ends ? "has-footer" : ""}`} style={{ backgroundColor: color(style.backgroundColor) }}>
        {children}
      </div>
    </>
  );
}

function Hero({ hero, moving }: { hero: Loose; moving: boolean }) {
  if (hero.type !== "video") return <Part part={hero} place={BLOCK} />;
  return moving ? <Moving video={hero} /> : <Part part={record(hero.altContent)} place={BLOCK} />;
}

/** Its link stands in a corner, and in the middle once the video is over. */
function Moving({ video }: { video: Loose }) {
  const [over, setOver] = useState(false);
  const action = record(video.action);
  const tap = useTap(video.action, named(action));
  return (
    <div class="flex-video" style={{ aspectRatio: String(ratio(video.aspectRatio)) }}>
      <Player url={source(video.url)} preview={video.previewUrl} ended={() => setOver(true)} failed={() => setOver(true)} />
      {isRecord(video.action) && (
        <div class={`flex-link ${over ? "is-over" : ""}`} {...tap}>
          {text(action.label)}
        </div>
      )}
    </div>
  );
}
