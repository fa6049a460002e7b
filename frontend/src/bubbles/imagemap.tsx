/** Imagemaps: one image with areas, and perhaps a video over a part of it. */

import { useState } from "preact/hooks";
import { Player } from "./media";
import { Picture } from "./picture";
import { isRecord, list, number, record, source, text } from "./read";
import type { Loose } from "./read";
import { named, useTap } from "./taps";
import { say } from "./words";

/** LINE asks for the width its screen needs, out of 240, 300, 460, 700 and 1040. */
const WIDTH = 700;

export function Imagemap({ message }: { message: Loose }) {
  const size = record(message.baseSize);
  const [width, height] = [Math.max(1, number(size.width, 1040)), Math.max(1, number(size.height, 1040))];
  const video = record(message.video);
  const label = text(message.altText) || say("imagemap");
  return (
    <div class="bubble-imagemap" style={{ aspectRatio: `${width} / ${height}` }}>
      <Picture url={`${text(message.baseUrl)}/${WIDTH}`} alt={label} />
      {isRecord(message.video) && <Moving video={video} place={inside(video.area, width, height)} />}
      {list(message.actions)
        .filter(isRecord)
        .map((area, index) => (
          <Area key={index} area={area} place={inside(area.area, width, height)} />
        ))}
    </div>
  );
}

interface Bounds {
  left: string;
  top: string;
  width: string;
  height: string;
}

/** Pixels of `baseSize` as parts of what is shown. */
function inside(given: unknown, width: number, height: number): Bounds {
  const area = record(given);
  const part = (value: unknown, whole: number): string => `${(number(value) / whole) * 100}%`;
  return {
    left: part(area.x, width),
    top: part(area.y, height),
    width: part(area.width, width),
    height: part(area.height, height),
  };
}

function Area({ area, place }: { area: Loose; place: Bounds }) {
  const tap = useTap(area, named(area));
  return <div class="bubble-area" style={{ ...place }} {...tap} />;
}

/** Its link shows when the video is over, or when it cannot be played here. */
function Moving({ video, place }: { video: Loose; place: Bounds }) {
  const [over, setOver] = useState(false);
  const link = record(video.externalLink);
  const tap = useTap(video.externalLink);
  return (
    <div class="bubble-moving" style={{ ...place }}>
      <Player
        url={source(video.originalContentUrl)}
        preview={video.previewImageUrl}
        ended={() => setOver(true)}
        failed={() => setOver(true)}
      />
      {over && isRecord(video.externalLink) && (
        <div class="bubble-end" {...tap}>
          {text(link.label)}
        </div>
      )}
    </div>
  );
}
