/** Images inside boxes whose size is known before they load; where one cannot be loaded, a quiet drawing of one. */

import { useState } from "preact/hooks";
import { source, text } from "./read";
import { say } from "./words";

interface Props {
  url: unknown;
  alt: string;
  fit?: "cover" | "contain";
  /** Hears width ÷ height of the image itself. */
  sized?: (ratio: number) => void;
}

export function Picture({ url, alt, fit = "cover", sized }: Props) {
  const from = source(url);
  const [broken, setBroken] = useState("");
  if (!from || broken === from) return <Missing url={text(url)} alt={alt} />;
  return (
    <img
      class={`bubble-image is-${fit}`}
      src={from}
      alt={alt}
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      draggable={false}
      onError={() => setBroken(from)}
      onLoad={(event) => {
        const { naturalWidth, naturalHeight } = event.currentTarget;
        if (naturalWidth && naturalHeight) sized?.(naturalWidth / naturalHeight);
      }}
    />
  );
}

function Missing({ url, alt }: { url: string; alt: string }) {
  return (
    <span class="bubble-missing" role="img" aria-label={alt || say("no_image")} title={[say("no_image"), url].join("\n")}>
      <svg viewBox="0 0 24 18" aria-hidden="true">
        <path d="M1 17 8 7l5 6 3-4 7 8z" fill="currentColor" />
        <circle cx="17" cy="4" r="2" fill="currentColor" />
      </svg>
    </span>
  );
}
