/** Bars and columns, drawn as SVG with their numbers beside them, so that they can be read without seeing. */

export interface Series {
  name: string;
  values: readonly number[];
}

const WIDTH = 640;
const HEIGHT = 180;
const LEFT = 34;
const BELOW = 22;

/** A round number at or above the largest. */
export function ceiling(largest: number): number {
  if (largest <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(largest));
  return [1, 2, 4, 5, 8, 10].map((step) => step * power).find((top) => top >= largest) ?? largest;
}

export function Columns({ title, labels, series }: { title: string; labels: readonly string[]; series: readonly Series[] }) {
  const top = ceiling(Math.max(0, ...series.flatMap((one) => one.values)));
  const room = (WIDTH - LEFT) / Math.max(1, labels.length);
  const wide = Math.min(26, (room * 0.7) / series.length);
  const every = Math.ceil(labels.length / 12);
  const high = HEIGHT - BELOW - 8;
  return (
    <figure class="chart">
      <figcaption>
        {title}
        {series.map((one, index) => (
          <span key={one.name} class={`key key-${index}`}>
            {one.name}
          </span>
        ))}
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
        {[0, 0.5, 1].map((part) => (
          <g key={part}>
            <line x1={LEFT} x2={WIDTH} y1={8 + high * (1 - part)} y2={8 + high * (1 - part)} class="chart-line" />
            <text x={LEFT - 6} y={12 + high * (1 - part)} class="chart-end">
              {top * part}
            </text>
          </g>
        ))}
        {labels.map((label, at) => (
          <g key={label}>
            {series.map((one, index) => {
              const value = one.values[at] ?? 0;
              const tall = (value / top) * high;
              const x = LEFT + room * at + room / 2 - (wide * series.length) / 2 + wide * index;
              return (
                <rect key={one.name} class={`bar bar-${index}`} x={x} y={8 + high - tall} width={Math.max(1, wide - 2)} height={tall} rx="2">
                  <title>{`${label}, ${one.name}: ${value}`}</title>
                </rect>
              );
            })}
            {at % every === 0 && (
              <text x={LEFT + room * at + room / 2} y={HEIGHT - 6} class="chart-label">
                {label}
              </text>
            )}
          </g>
        ))}
      </svg>
    </figure>
  );
}

/** One bar for each: who or what, how much. */
export function Bars({ title, rows, unit = (value) => String(value) }: { title: string; rows: readonly (readonly [string, number])[]; unit?: (value: number) => string }) {
  const top = Math.max(1, ...rows.map(([, value]) => value));
  return (
    <figure class="chart bars">
      <figcaption>{title}</figcaption>
      <ul>
        {rows.map(([name, value]) => (
          <li key={name}>
            <span>{name}</span>
            <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
              <rect class="bar bar-0" width={(value / top) * 100} height="8" rx="1" />
            </svg>
            <b>{unit(value)}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}
