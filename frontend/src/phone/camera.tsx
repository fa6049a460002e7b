/** A picture from the camera of this machine, from its disk, or drawn here. */

import { useEffect, useRef, useState } from "preact/hooks";
import { tried } from "../toasts";
import { base64, drawn } from "./files";
import { say } from "./words";

interface Props {
  /** Whether to try the machine's own camera. */
  live: boolean;
  done: (more: { data: string; content_type: string }) => void;
}

export function Picture({ live, done }: Props) {
  const give = async (file: Blob): Promise<void> => done({ data: await base64(file), content_type: file.type });
  return (
    <>
      {live && <Live give={give} />}
      <div class="sheet-row">
        <button type="button" class="button button-main" data-focus onClick={() => void tried(drawn().then(give))}>
          {say("sample")}
        </button>
        <label class="button sheet-file">
          {say("from_disk")}
          <input
            class="hidden-text"
            type="file"
            accept="image/*"
            capture={live ? "environment" : undefined}
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              if (file) void tried(give(file));
            }}
          />
        </label>
      </div>
    </>
  );
}

/** The browser asks for leave first; without a camera the other ways are there. */
function Live({ give }: { give: (file: Blob) => Promise<void> }) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<"off" | "on" | "none">("off");
  const stream = useRef<MediaStream | null>(null);
  useEffect(() => () => stream.current?.getTracks().forEach((track) => track.stop()), []);

  async function begin(): Promise<void> {
    try {
      stream.current = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      setState("on");
      if (video.current) video.current.srcObject = stream.current;
    } catch {
      setState("none");
    }
  }

  async function shoot(): Promise<void> {
    const from = video.current;
    if (!from) return;
    const canvas = document.createElement("canvas");
    canvas.width = from.videoWidth;
    canvas.height = from.videoHeight;
    canvas.getContext("2d")?.drawImage(from, 0, 0);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    if (blob) await give(blob);
  }

  if (state === "none") return <p class="sheet-hint">{say("no_camera")}</p>;
  return (
    <>
      <video ref={video} class="sheet-preview" autoplay playsinline muted hidden={state !== "on"} />
      <button type="button" class="button" onClick={() => void (state === "on" ? tried(shoot()) : begin())}>
        {say(state === "on" ? "shutter" : "camera")}
      </button>
    </>
  );
}
