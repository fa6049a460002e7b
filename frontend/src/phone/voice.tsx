/** A voice message: recorded here, from the disk, or made-up silence. */

import { useEffect, useRef, useState } from "preact/hooks";
import { tried } from "../toasts";
import { send } from "./acts";
import { base64, encoded } from "./files";
import { say } from "./words";

export function Voice({ close }: { close: () => void }) {
  const recorder = useRef<MediaRecorder | null>(null);
  const [state, setState] = useState<"off" | "on" | "none">("off");
  useEffect(() => () => recorder.current?.stream.getTracks().forEach((track) => track.stop()), []);

  async function begin(): Promise<void> {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const parts: Blob[] = [];
      const begun = Date.now();
      const one = new MediaRecorder(stream);
      one.ondataavailable = (event) => parts.push(event.data);
      one.onstop = () => void tried(finish(new Blob(parts, { type: one.mimeType }), Date.now() - begun));
      one.start();
      recorder.current = one;
      setState("on");
    } catch {
      setState("none");
    }
  }

  async function finish(sound: Blob, duration: number): Promise<void> {
    close();
    await send({ type: "audio", data: await base64(sound), content_type: sound.type.split(";")[0], duration });
  }

  return (
    <>
      {state === "none" && <p class="sheet-hint">{say("no_microphone")}</p>}
      <div class="sheet-row">
        {state !== "none" && (
          <button
            type="button"
            class="button button-main"
            data-focus
            onClick={() => (state === "on" ? recorder.current?.stop() : void begin())}
          >
            {say(state === "on" ? "stop" : "record")}
          </button>
        )}
        <label class="button sheet-file">
          {say("from_disk")}
          <input
            class="hidden-text"
            type="file"
            accept="audio/*"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              close();
              if (file) void tried(encoded(file, "audio").then(send));
            }}
          />
        </label>
        <button
          type="button"
          class="button"
          onClick={() => {
            close();
            void send({ type: "audio", duration: 1000 });
          }}
        >
          {say("silence")}
        </button>
      </div>
    </>
  );
}
