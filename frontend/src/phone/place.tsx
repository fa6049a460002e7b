/** A location: one of some well-known places, this machine's own, or any. */

import { useState } from "preact/hooks";
import { say } from "./words";

export interface Place {
  title: string;
  address: string;
  latitude: number;
  longitude: number;
}

const PLACES: readonly Place[] = [
  { title: "東京駅 Tokyo Station", address: "1 Chome-9 Marunouchi, Chiyoda City, Tokyo", latitude: 35.6812, longitude: 139.7671 },
  { title: "สยาม Siam", address: "Rama I Road, Pathum Wan, Bangkok", latitude: 13.7456, longitude: 100.5341 },
  { title: "台北101 Taipei 101", address: "No. 7, Section 5, Xinyi Road, Taipei", latitude: 25.0339, longitude: 121.5645 },
  { title: "Monas", address: "Gambir, Central Jakarta", latitude: -6.1754, longitude: 106.8272 },
  { title: "Null Island", address: "", latitude: 0, longitude: 0 },
];

export function PlaceForm({ done }: { done: (place: Place) => void }) {
  const [place, setPlace] = useState<Place>(PLACES[0]!);
  const change = (part: Partial<Place>) => setPlace((before) => ({ ...before, ...part }));

  function here(): void {
    navigator.geolocation.getCurrentPosition(({ coords }) =>
      change({ title: "", address: "", latitude: coords.latitude, longitude: coords.longitude }),
    );
  }

  return (
    <form
      class="picker"
      onSubmit={(event) => {
        event.preventDefault();
        done(place);
      }}
    >
      <div class="sheet-row">
        {PLACES.map((one) => (
          <button
            key={one.title}
            type="button"
            class="button"
            aria-pressed={one.latitude === place.latitude && one.longitude === place.longitude}
            onClick={() => setPlace(one)}
          >
            {one.title}
          </button>
        ))}
        {"geolocation" in navigator && (
          <button type="button" class="button" onClick={here}>
            {say("right_here")}
          </button>
        )}
      </div>
      <div class="sheet-row">
        <Text label={say("place_title")} value={place.title} set={(title) => change({ title })} />
        <Text label={say("address")} value={place.address} set={(address) => change({ address })} />
      </div>
      <div class="sheet-row">
        <Degrees label={say("latitude")} value={place.latitude} most={90} set={(latitude) => change({ latitude })} />
        <Degrees label={say("longitude")} value={place.longitude} most={180} set={(longitude) => change({ longitude })} />
      </div>
      <div class="sheet-row sheet-end">
        <button class="button button-main" data-focus>
          {say("send")}
        </button>
      </div>
    </form>
  );
}

function Text({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input value={value} maxLength={100} onInput={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

interface DegreesProps {
  label: string;
  value: number;
  most: number;
  set: (value: number) => void;
}

function Degrees({ label, value, most, set }: DegreesProps) {
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        step="any"
        required
        min={-most}
        max={most}
        value={value}
        onInput={(event) => set(event.currentTarget.valueAsNumber)}
      />
    </label>
  );
}
