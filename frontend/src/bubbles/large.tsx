import { useEffect, useRef } from "preact/hooks";
import { Picture } from "./picture";
import { say } from "./words";

/** An image over the whole page, until it is clicked or Escape is pressed. */
export function Large({ url, alt, close }: { url: string; alt: string; close: () => void }) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => box.current?.showModal(), []);
  return (
    <dialog
      class="bubble-large"
      ref={box}
      aria-label={alt}
      onClose={close}
      onClick={(event) => {
        event.stopPropagation();
        box.current?.close();
      }}
    >
      <Picture url={url} alt={alt} fit="contain" />
      <button type="button" aria-label={say("close")} title={say("close")}>
        ×
      </button>
    </dialog>
  );
}
