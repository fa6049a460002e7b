/** Pictures that this browser draws for the server: a film's poster, and JPEG of what only some browsers can read. */

/** Longest side in pixels: of a poster, and of a picture on LINE. */
const POSTER = 960;
const PICTURE = 4096;
/** How long, in ms, a film may take to show something. */
const PATIENCE = 6000;

const HEIC = /\.hei[cf]$/i;
export const isHeic = (file: File): boolean => /^image\/hei[cf]/.test(file.type) || (!file.type && HEIC.test(file.name));

/** A picture out of a film; none when this browser cannot play it. */
export async function posterOf(film: Blob): Promise<Blob | null> {
  const url = URL.createObjectURL(film);
  const video = document.createElement("video");
  video.muted = true;
  video.playsInline = true;
  video.preload = "auto";
  try {
    const shown = once(video, "loadeddata");
    video.src = url;
    await shown;
    // The first moment of many films is black.
    const at = Number.isFinite(video.duration) ? Math.min(1, video.duration / 3) : 0;
    if (at > 0) {
      const there = once(video, "seeked");
      video.currentTime = at;
      await there;
    }
    return await drawn(video, video.videoWidth, video.videoHeight, POSTER);
  } catch {
    return null;
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(url);
  }
}

/** The same as JPEG where this browser can read it; else the file itself, and the server says what to do. */
export async function readable(file: File): Promise<File> {
  if (!isHeic(file)) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const made = await drawn(bitmap, bitmap.width, bitmap.height, PICTURE);
    bitmap.close();
    return made ? new File([made], file.name.replace(HEIC, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

function once(video: HTMLVideoElement, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(reject, PATIENCE);
    const stop = (then: () => void) => () => {
      clearTimeout(late);
      then();
    };
    video.addEventListener(event, stop(resolve), { once: true });
    video.addEventListener("error", stop(reject), { once: true });
  });
}

function drawn(from: CanvasImageSource, width: number, height: number, most: number): Promise<Blob | null> {
  const part = Math.min(1, most / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * part);
  canvas.height = Math.round(height * part);
  const brush = canvas.getContext("2d");
  if (!brush || !canvas.width || !canvas.height) return Promise.resolve(null);
  brush.drawImage(from, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.88));
}
