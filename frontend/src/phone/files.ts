/** Files as the control API takes them: base64 with their type, sounds and films with their length. */

/** What LINE makes of a file that somebody sends. */
export function kindOf(type: string): "image" | "video" | "audio" | "file" {
  if (/^image\/(png|jpeg|gif|webp|heic|avif)/.test(type)) return "image";
  if (/^video\//.test(type)) return "video";
  return /^audio\//.test(type) ? "audio" : "file";
}

export async function base64(blob: Blob): Promise<string> {
  const url = await new Promise<string>((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error ?? new Error("the file cannot be read"));
    reader.readAsDataURL(blob);
  });
  return url.slice(url.indexOf(",") + 1);
}

/** A message of a file; `kind` if the person says what it is to be. */
export async function encoded(file: File, kind = kindOf(file.type)): Promise<Record<string, unknown>> {
  const message: Record<string, unknown> = { type: kind, data: await base64(file) };
  if (file.type) message.content_type = file.type;
  if (kind === "file") message.name = file.name;
  const duration = kind === "video" || kind === "audio" ? await durationOf(file, kind) : 0;
  return duration ? { ...message, duration } : message;
}

/** Milliseconds, or 0 if the browser cannot play it. */
function durationOf(file: Blob, kind: "video" | "audio"): Promise<number> {
  return new Promise((done) => {
    const player = document.createElement(kind);
    const url = URL.createObjectURL(file);
    const end = (ms: number) => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      done(ms);
    };
    const timer = setTimeout(end, 2000, 0);
    player.preload = "metadata";
    player.onloadedmetadata = () => end(Number.isFinite(player.duration) ? Math.round(player.duration * 1000) : 0);
    player.onerror = () => end(0);
    player.src = url;
  });
}

const SCENES = [
  ["🍵", "#7aa77b", "#e8e4c9"],
  ["🌸", "#f4b8c9", "#7fb2e5"],
  ["🗻", "#4a6fa5", "#f6d8ae"],
  ["🐈", "#f2c078", "#8d5b4c"],
] as const;

/** A picture drawn here and now, different each time, for whoever has no camera at hand. */
export async function drawn(): Promise<File> {
  const canvas = document.createElement("canvas");
  canvas.width = 960;
  canvas.height = 720;
  const pen = canvas.getContext("2d");
  const [sign, top, bottom] = SCENES[Math.floor(Math.random() * SCENES.length)] ?? SCENES[0];
  if (pen) {
    const sky = pen.createLinearGradient(0, 0, 0, 720);
    sky.addColorStop(0, top);
    sky.addColorStop(1, bottom);
    pen.fillStyle = sky;
    pen.fillRect(0, 0, 960, 720);
    pen.font = "260px sans-serif";
    pen.textAlign = "center";
    pen.fillText(sign, 480, 440);
    pen.fillStyle = "rgb(0 0 0 / 55%)";
    pen.font = "28px sans-serif";
    pen.textAlign = "right";
    pen.fillText(new Date().toLocaleTimeString(), 930, 690);
  }
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return new File([blob ?? new Blob()], "sample.jpg", { type: "image/jpeg" });
}
