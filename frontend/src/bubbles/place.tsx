/** Locations: a drawn piece of a map (no maps are fetched) with a pin, the title and the address. */

import { number, text } from "./read";
import type { Loose } from "./read";
import { hash } from "./text";
import { say } from "./words";

export function Place({ message }: { message: Loose }) {
  const [latitude, longitude] = [number(message.latitude), number(message.longitude)];
  const title = text(message.title) || say("location");
  const there = `${latitude},${longitude}`;
  return (
    <a
      class="bubble-place"
      href={`https://www.google.com/maps/search/?api=1&query=${there}`}
      target="_blank"
      rel="noopener noreferrer"
      title={there}
      aria-label={[say("map", title), text(message.address)].filter(Boolean).join(", ")}
    >
      <span class="bubble-place-words">
        <b>{title}</b>
        {text(message.address) && <span>{text(message.address)}</span>}
      </span>
      <Streets seed={hash(there)} />
    </a>
  );
}

function Streets({ seed }: { seed: number }) {
  const tilt = (seed % 40) - 20;
  const shift = (seed >> 6) % 30;
  return (
    <svg class="bubble-map" viewBox="0 0 240 130" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
      <rect width="240" height="130" fill="#e9e6dc" />
      <g transform={`rotate(${tilt} 120 65) translate(${shift - 15} 0)`}>
        <path d="M-80 96q120-30 200 6t220-20v120h-420z" fill="#bcd8ea" />
        <rect x="20" y="-30" width="72" height="58" fill="#cfe3c0" />
        <path d="M-80 40h420M-80 84h420M8-80v320M104-80v320M190-80v320" stroke="#fff" stroke-width="9" />
        <path d="M-80 62h420M56-80v320M150-80v320" stroke="#fff" stroke-width="4" />
        <path d="M-80-10 340 120" stroke="#f6dc8f" stroke-width="8" />
      </g>
      <ellipse cx="120" cy="72" rx="9" ry="3" fill="#0003" />
      <path d="M120 71c-5-9-13-15-13-24a13 13 0 0 1 26 0c0 9-8 15-13 24z" fill="#e5484d" stroke="#a92b30" />
      <circle cx="120" cy="46" r="4.500" fill="#fff" />
    </svg>
  );
}
