/** Photos, videos, voice messages and files, of bots (by address) and of people (content kept by the simulator). */

import { useRef, useState } from "preact/hooks";
import { BASE } from "../api";
import type { Entry } from "../shapes";
import { Large } from "./large";
import { Picture } from "./picture";
import { number, record, source, text } from "./read";

import { setOf } from "./sets";
import { say } from "./words";

/** Where the bytes of what a person sent are, or the address that came instead. */
export function contentOf(entry: Entry, name: "originalContentUrl" | "previewImageUrl"): string {
  const { message } = entry;
  const provider = record(message.contentProvider);
  if (provider.type === "external") return source(provider[name]) || source(provider.originalContentUrl);
  if (provider.type === "line" || message.type === "file") return `${BASE}/messages/${encodeURIComponent(entry.id)}/content`;
  return source(message[name]);
}

/** Width ÷ height of images seen so far, so that a message that comes back into view has its width at once. */
const ratios = new Map<string, number>();
const HEIGHT = 180;
const NARROWEST = 96;
const WIDEST = 260;

/** All photos and videos are as high; the width follows the image, so that nothing below moves when it loads. */
function useWidth(url: string): [string, (ratio: number) => void] {
  const [ratio, setRatio] = useState(ratios.get(url) ?? 4 / 3);
  const sized = (found: number): void => {
    ratios.set(url, found);
    setRatio(found);
  };
  return [`${Math.round(Math.max(NARROWEST, Math.min(HEIGHT * ratio, WIDEST)))}px`, sized];
}

/** A photo, or all photos of its set. */
export function Photos({ entry }: { entry: Entry }) {
  const all = setOf(entry);
  if (all.length < 2) return <Photo entry={entry} />;
  return (
    <div class={`bubble-set ${all.length === 2 || all.length === 4 ? "is-two" : ""}`} role="group" aria-label={say("photos", all.length)}>
      {all.map((one) => (
        <Photo key={one.id} entry={one} tile />
      ))}
    </div>
  );
}

function Photo({ entry, tile = false }: { entry: Entry; tile?: boolean }) {
  const preview = contentOf(entry, "previewImageUrl") || contentOf(entry, "originalContentUrl");
  const [width, sized] = useWidth(preview);
  const [large, setLarge] = useState(false);
  const set = record(entry.message.imageSet);
  const total = number(set.total);
  const label = total > 1 ? say("photo_of", number(set.index, 1), total) : say("photo");
  return (
    <>
      <button
        type="button"
        class={`bubble-photo ${tile ? "is-tile" : ""}`}
        style={tile ? {} : { width }}
        onClick={() => setLarge(true)}
        aria-label={`${label}. ${say("enlarge")}`}
      >
        <Picture url={preview} alt={label} sized={sized} />
      </button>
      {large && <Large url={contentOf(entry, "originalContentUrl") || preview} alt={label} close={() => setLarge(false)} />}
    </>
  );
}

interface VideoProps {
  url: string;
  preview: unknown;
  label?: string;
  /** Heard when it was watched to its end. */
  ended?: () => void;
  /** Heard when it cannot be played here. */
  failed?: () => void;
}

/** A preview with a button; the video itself is only loaded when it is played. */
export function Player({ url, preview, label = say("video"), ended, failed }: VideoProps) {
  const [state, setState] = useState<"still" | "playing" | "broken">("still");
  if (state === "playing") {
    return (
      <video
        class="bubble-player"
        src={url}
        controls
        autoplay
        playsinline
        aria-label={label}
        onEnded={ended}
        onError={() => {
          setState("broken");
          failed?.();
        }}
      />
    );
  }
  return (
    <button
      type="button"
      class="bubble-player"
      aria-label={`${say("play")}: ${label}`}
      disabled={state === "broken" || !url}
      onClick={() => setState("playing")}
    >
      {source(preview) ? <Picture url={preview} alt="" /> : <span class="bubble-dark" />}
      <span class="bubble-play" aria-hidden="true" />
      {(state === "broken" || !url) && <span class="bubble-trouble">{say("no_video")}</span>}
    </button>
  );
}

export function Video({ entry, watched }: { entry: Entry; watched: (entry: Entry) => void }) {
  const { message } = entry;
  const own = message.contentProvider !== undefined;
  const preview = own && record(message.contentProvider).type !== "external" ? "" : contentOf(entry, "previewImageUrl");
  const [width, sized] = useWidth(preview);
  const [told, setTold] = useState(false);
  const tells = text(message.trackingId) !== "" && entry.who === "bot" && entry.chat.startsWith("U");
  const ended = (): void => {
    if (!tells) return;
    setTold(true);
    watched(entry);
  };
  return (
    <div class="bubble-video" style={{ width }}>
      <Player url={contentOf(entry, "originalContentUrl")} preview={preview} ended={ended} />
      {preview && <Measure url={preview} sized={sized} />}
      {tells && (
        <button type="button" class="bubble-watched" title={`trackingId: ${text(message.trackingId)}`} onClick={ended}>
          {say("watched")}
          {told && <i role="status"> · {say("told")}</i>}
        </button>
      )}
    </div>
  );
}

/** Learns the shape of a preview without showing it. */
function Measure({ url, sized }: { url: string; sized: (ratio: number) => void }) {
  return (
    <span class="bubble-measure" aria-hidden="true">
      <Picture url={url} alt="" sized={sized} />
    </span>
  );
}

export function Audio({ entry }: { entry: Entry }) {
  const player = useRef<HTMLAudioElement>(null);
  const length = number(entry.message.duration) / 1000;
  const [at, setAt] = useState(0);
  const [state, setState] = useState<"still" | "playing" | "broken">("still");
  const url = contentOf(entry, "originalContentUrl");
  const toggle = (): void => {
    const sound = player.current;
    if (!sound) return;
    if (state === "playing") sound.pause();
    else sound.play().catch(() => setState("broken"));
  };
  return (
    <div class="bubble-audio" role="group" aria-label={`${say("audio")}, ${clock(length)}`}>
      <audio
        ref={player}
        src={url}
        preload="none"
        onPlay={() => setState("playing")}
        onPause={() => setState("still")}
        onEnded={() => setAt(0)}
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
      />
      <button type="button" class={`is-${state}`} aria-label={say(state === "playing" ? "pause" : "play")} onClick={toggle} />
      <span class="bubble-wave" aria-hidden="true">
        {BARS.map((height, index) => (
          <i key={index} class={index / BARS.length < at / (length || 1) ? "is-played" : ""} style={{ height: `${height}px` }} />
        ))}
      </span>
      <time>{clock(state === "playing" || at > 0 ? at : length)}</time>
      {state === "broken" && <span class="bubble-trouble">{say("no_audio")}</span>}
    </div>
  );
}

const BARS = [6, 10, 16, 9, 13, 20, 12, 7, 15, 18, 10, 6, 12, 17, 8, 11] as const;

/** Seconds as 0:07. */
export const clock = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

export function File({ entry }: { entry: Entry }) {
  const name = text(entry.message.fileName) || say("file");
  return (
    <a class="bubble-file" href={contentOf(entry, "originalContentUrl")} download={name} aria-label={say("download", name)}>
      <svg viewBox="0 0 20 24" aria-hidden="true">
        <path d="M2 1h11l5 5v17H2z" fill="#fff" stroke="#9aa3b0" />
        <path d="M13 1v5h5M5 11h10M5 14.500h10M5 18h6" fill="none" stroke="#9aa3b0" />
      </svg>
      <span>
        <b>{name}</b>
        <small>{size(number(entry.message.fileSize))}</small>
      </span>
    </a>
  );
}

/** Bytes as people read them. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
}

