/** What opens in place of a phone's keyboard: things to send, stickers, emoji. */

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { Sticker as Drawn } from "../bubbles/sticker";
import { tried } from "../toasts";
import { send, sendFiles } from "./acts";
import { askPicture, askPlace, askVoice } from "./asking";
import { EMOJI, SIGNS, STICKERS, type Sticker } from "./emoji";
import { EventForm } from "./events";
import { Icon, type IconName } from "./icons";
import { doubled, draft, openSheet, panel, write } from "./ui";
import { say } from "./words";

export function Panel() {
  if (!panel.value) return null;
  return <div class="panel">{panel.value === "attach" ? <Attach /> : <Palette />}</div>;
}

const close = (): void => void (panel.value = "");

function Attach() {
  return (
    <div class="attach">
      <Upload icon="image" label={say("album")} accept="image/*" kind="image" several />
      <Upload icon="video" label={say("video")} accept="video/*" kind="video" />
      <Thing icon="camera" label={say("camera")} act={() => askPicture("camera", (more) => void send({ type: "image", ...more }))} />
      <Thing icon="mic" label={say("voice")} act={askVoice} />
      <Upload icon="file" label={say("file")} accept="*/*" kind="file" />
      <Thing icon="pin" label={say("place")} act={() => askPlace((place) => void send({ type: "location", ...place }))} />
      <Thing
        icon="bolt"
        label={say("other_events")}
        act={() => openSheet(say("other_events"), (shut) => <EventForm close={shut} />)}
      />
      <Thing
        icon="taps"
        label={say("double_tap")}
        on={doubled.value}
        act={() => (doubled.value = !doubled.value)}
      />
    </div>
  );
}

interface ThingProps {
  icon: IconName;
  label: string;
  on?: boolean;
  act: () => unknown;
}

function Thing({ icon, label, on, act }: ThingProps) {
  return (
    <button
      type="button"
      class="thing"
      aria-pressed={on}
      onClick={() => {
        close();
        act();
      }}
    >
      <Icon name={icon} size={26} />
      {label}
    </button>
  );
}

interface UploadProps {
  icon: IconName;
  label: string;
  accept: string;
  kind: "image" | "video" | "file";
  several?: boolean;
}

function Upload({ icon, label, accept, kind, several }: UploadProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="thing" onClick={() => input.current?.click()}>
        <Icon name={icon} size={26} />
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        data-kind={kind}
        accept={accept}
        multiple={several}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          close();
          void tried(sendFiles(files, kind));
        }}
      />
    </>
  );
}

// ── stickers and emoji ──────────────────────────────────────────────────────────────────────────────────────

const TABS = ["sticker_tab", "emoji_tab", "line_emoji", "sticker_custom"] as const;

function Palette() {
  const [tab, setTab] = useState<(typeof TABS)[number]>("sticker_tab");
  const drawn: Record<(typeof TABS)[number], () => ComponentChildren> = {
    sticker_tab: Stickers,
    emoji_tab: Signs,
    line_emoji: LineEmojis,
    sticker_custom: () => <ByNumber />,
  };
  return (
    <>
      <div class="palette-tabs" role="tablist">
        {TABS.map((one) => (
          <button key={one} type="button" role="tab" aria-selected={one === tab} onClick={() => setTab(one)}>
            {say(one)}
          </button>
        ))}
      </div>
      <div class={`palette palette-${tab}`} role="tabpanel">
        {drawn[tab]()}
      </div>
    </>
  );
}

function sticker(one: Sticker): void {
  void send({ type: "sticker", package: one.package, sticker: one.sticker, keywords: one.keywords, resource: one.resource });
}

const Stickers = () =>
  STICKERS.map((one) => (
    <button key={one.sticker} type="button" onClick={() => sticker(one)} title={`${one.package} / ${one.sticker}`}>
      <Drawn message={{ packageId: one.package, stickerId: one.sticker, keywords: [...one.keywords], stickerResourceType: one.resource ?? "STATIC" }} />
    </button>
  ));

const insert = (text: string): void => write(draft().text + text);

const Signs = () =>
  SIGNS.map((sign) => (
    <button key={sign} type="button" onClick={() => insert(sign)}>
      {sign}
    </button>
  ));

const LineEmojis = () =>
  EMOJI.map(({ name, productId, emojiId }) => (
    <button key={name} type="button" title={`${productId} / ${emojiId}`} onClick={() => insert(`(${name})`)}>
      ({name})
    </button>
  ));

function ByNumber() {
  const [own, setOwn] = useState({ package: "446", sticker: "1988", keywords: "" });
  const field = (name: keyof typeof own, label: string) => (
    <label class="field">
      <span>{label}</span>
      <input value={own[name]} onInput={(event) => setOwn({ ...own, [name]: event.currentTarget.value })} />
    </label>
  );
  return (
    <form
      class="by-number"
      onSubmit={(event) => {
        event.preventDefault();
        sticker({ ...own, keywords: own.keywords.split(/[,、]/).map((word) => word.trim()).filter(Boolean) });
      }}
    >
      {field("package", say("package"))}
      {field("sticker", say("sticker"))}
      {field("keywords", say("keywords"))}
      <button class="button button-main">{say("send")}</button>
    </form>
  );
}
