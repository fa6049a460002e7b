/** The signs of all pages, drawn as lines in the colour of the text. */

import type { JSX } from "preact";

const PATHS = {
  all: "M4 6h16M4 12h16M4 18h16",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 8h5M12 12h7M12 16h6",
  back: "M15 4 7 12l8 8",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15zM10 21h4",
  bolt: "M13 2 5 13h6l-1 9 8-11h-6z",
  bot: "M5 9h14v10H5zM12 9V5M9 13.5h.01M15 13.5h.01M9.5 16.5h5M3 13v3M21 13v3",
  camera: "M3 8h4l2-3h6l2 3h4v11H3zM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7z",
  chart: "M4 20V10M10 20V4M16 20v-7M21 20H3",
  clip: "M20 11l-8.500 8.500a5 5 0 0 1-7-7L13 4a3.500 3.500 0 0 1 5 5l-8.500 8.500a2 2 0 0 1-3-3L14 7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  close: "M6 6l12 12M18 6 6 18",
  done: "M4 13l5 5L20 6",
  down: "M12 5v14M6 13l6 6 6-6",
  eye: "M2.5 12s3.5-6.500 9.500-6.500 9.500 6.500 9.500 6.500-3.500 6.500-9.500 6.500S2.500 12 2.500 12zM12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  flag: "M5 21V4h13l-3 4.500L18 13H5",
  fold: "m6 9 6 6 6-6",
  gear: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 3v3M12 18v3M3 12h3M18 12h3M5.6 5.6l2.1 2.1M16.3 16.3l2.1 2.1M5.6 18.4l2.1-2.1M16.3 7.7l2.1-2.1",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9.3 9.5a2.8 2.8 0 1 1 3.8 2.6c-.8.4-1.1.8-1.1 1.9M12 17h.01",
  image: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9h.01",
  inbox: "M3 13l3-9h12l3 9v7H3zM3 13h5l2 3h4l2-3h5",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M7 14h10",
  letter: "M3 6h18v12H3zM3 7l9 7 9-7",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  mute: "M4 9v6h4l5 4V5L8 9zM16.500 9.500l5 5M21.500 9.500l-5 5",
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM6 11a6 6 0 0 0 12 0M12 17v4",
  moon: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  note: "M4 4h16v12l-4 4H4zM8 9h8M8 13h5",
  out: "M10 4H4v16h6M9 12h12M17 8l4 4-4 4",
  panel: "M3 5h18v14H3zM15 5v14",
  pause: "M8 5v14M16 5v14",
  people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20a6.5 6.5 0 0 1 13 0M16 5.5a3.2 3.2 0 0 1 0 6M18 14.5a6 6 0 0 1 3.5 5.5",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5a7.5 7.5 0 0 1 15 0",
  phone: "M4 5h16v11H9l-4 4v-4H4zM8.500 10.500h.01M12 10.500h.01M15.500 10.500h.01",
  pin: "M12 21s7-6.5 7-11.5a7 7 0 0 0-14 0C5 14.5 12 21 12 21zM12 7a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  play: "M7 4l13 8-13 8z",
  plus: "M12 4v16M4 12h16",
  queue: "M4 5h16v4H4zM4 11h16v4H4zM4 17h10v3H4z",
  quick: "M3 8h8v6H3zM13 8h8v6h-8z",
  reply: "M10 6 4 12l6 6M4 12h9a7 7 0 0 1 7 7",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5 21 21",
  send: "M3 11.5 21 3l-6 18-4-8zM11 13 21 3",
  slash: "M16 4 8 20",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 9.5h.01M15.5 9.5h.01M8 14c2 3 6 3 8 0",
  sound: "M4 9v6h4l5 4V5L8 9zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  sticker: "M4 4h16v10l-6 6H4zM14 20v-6h6M9 9.500h.01M15 9.500h.01M9 13c1 1.500 3 2 4.500 1",
  sun: "M12 7.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M5 19l1.4-1.4M17.6 6.4 19 5",
  swap: "M4 8h14l-3-3M20 16H6l3 3",
  tag: "M3 4h8l10 10-7 7L4 11zM7.500 8h.01",
  taps: "M9 11V5.5a1.5 1.5 0 0 1 3 0V11l5 1.2c1.2.3 2 1.4 1.8 2.6L18 20H10l-4-6c1-1 2-.8 3 .5zM5 4l1.5 1.5M15 4l1.5-1.5",
  unfold: "m6 15 6-6 6 6",
  video: "M3 6h12v12H3zM15 10l6-3v10l-6-3",
} as const;

export type IconName = keyof typeof PATHS;

/** One page's signs, as large as its text wants them unless said otherwise. */
export function signs(usual: number): (props: { name: IconName; size?: number }) => JSX.Element {
  return function Icon({ name, size = usual }) {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
      >
        <path d={PATHS[name]} />
      </svg>
    );
  };
}
