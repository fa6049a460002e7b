/** Messages no rule would let through: every known property of every type, with values of the wrong kind and form. */

export const SCRIPT = `"><img src=x onerror=alert(1)><script>alert(2)</script>'\`\${x}`;
const DEEP = { type: "box", layout: "vertical", contents: [] as unknown[] };
for (let inner = DEEP, n = 0; n < 120; n += 1) {
  const next = { type: "box", layout: "horizontal", contents: [] as unknown[] };
  inner.contents.push(next);
  inner = next;
}

const VALUES: readonly unknown[] = [
  undefined, null, true, 0, -1, 1e308, "", " ", SCRIPT, "javascript:alert(1)", [], {}, [null, 1, "x", []], [[[]]],
  { type: SCRIPT, contents: SCRIPT, action: SCRIPT }, { type: "__proto__" }, "constructor", "\u202e\ud800", "x".repeat(2_000), DEEP,
];

const image = { type: "image", url: "https://example.com/i.png" };
const action = { type: "uri", label: "go", uri: "https://example.com" };
const area = { x: 0, y: 0, width: 10, height: 10 };
const text = { type: "text", text: "words", contents: [{ type: "span", text: "span" }], action };
const bubble = {
  type: "bubble", size: "mega", direction: "ltr", action, styles: { body: { backgroundColor: "#ffffff", separator: true } },
  header: { type: "box", layout: "baseline", contents: [{ ...image, type: "icon" }, text] },
  hero: { type: "video", url: "https://example.com/v.mp4", previewUrl: image.url, altContent: image, aspectRatio: "1:1", action },
  body: {
    type: "box", layout: "vertical", contents: [text, image, { type: "separator" }, { type: "filler" }, { type: "spacer" }],
    action, spacing: "md", paddingAll: "md", background: { type: "linearGradient", angle: "0deg", startColor: "#000000", endColor: "#ffffff" },
  },
  footer: { type: "box", layout: "horizontal", contents: [{ type: "button", action, style: "primary", adjustMode: "shrink-to-fit" }] },
};
const column = { imageUrl: image.url, thumbnailImageUrl: image.url, title: "t", text: "x", action, defaultAction: action, actions: [action] };

/** One sound message of every kind. */
export const SOUND: readonly Record<string, unknown>[] = [
  { type: "text", text: "hello $", emojis: [{ index: 6, productId: "p", emojiId: "1" }], mention: { mentionees: [{ index: 0, length: 2, userId: "U" }] } },
  { type: "textV2", text: "{a} {b}", substitution: { a: { type: "mention", mentionee: { type: "user", userId: "U" } }, b: { type: "emoji", productId: "p", emojiId: "1" } } },
  { type: "sticker", packageId: "1", stickerId: "2", stickerResourceType: "SOUND", keywords: ["k"], text: "t" },
  { type: "image", originalContentUrl: image.url, previewImageUrl: image.url, imageSet: { id: "A", index: 1, total: 2 }, contentProvider: { type: "external", originalContentUrl: image.url } },
  { type: "video", originalContentUrl: image.url, previewImageUrl: image.url, trackingId: "t" },
  { type: "audio", originalContentUrl: image.url, duration: 1000 },
  { type: "file", fileName: "f.txt", fileSize: 3 },
  { type: "location", title: "t", address: "a", latitude: 1, longitude: 2 },
  {
    type: "imagemap", baseUrl: "https://example.com/m", altText: "a", baseSize: { width: 1040, height: 1040 }, actions: [{ type: "message", text: "t", label: "l", area }],
    video: { originalContentUrl: image.url, previewImageUrl: image.url, area, externalLink: { linkUri: image.url, label: "l" } },
  },
  { type: "template", altText: "a", template: { type: "buttons", ...column, imageAspectRatio: "square", imageSize: "contain", imageBackgroundColor: "#ffffff" } },
  { type: "template", altText: "a", template: { type: "confirm", text: "x", actions: [action, action] } },
  { type: "template", altText: "a", template: { type: "carousel", columns: [column] } },
  { type: "template", altText: "a", template: { type: "image_carousel", columns: [column] } },
  { type: "flex", altText: "a", contents: bubble },
  { type: "flex", altText: "a", contents: { type: "carousel", contents: [bubble] } },
  { type: "coupon", couponId: "c", deliveryTag: "d" },
  { type: "note", text: "came" },
  { type: "unheard_of", x: 1 },
];

/** Every property, at every depth, of `whole` replaced by `value`, one at a time. */
function* changed(whole: unknown, value: unknown): Generator<unknown> {
  if (typeof whole !== "object" || whole === null) return;
  for (const key of Object.keys(whole)) {
    const put = (inner: unknown): unknown => (Array.isArray(whole) ? whole.map((old, at) => (String(at) === key ? inner : old)) : { ...whole, [key]: inner });
    yield put(value);
    for (const inner of changed((whole as Record<string, unknown>)[key], value)) yield put(inner);
  }
}

/** Sound messages with one property spoilt. */
export function* odd(message: Record<string, unknown>): Generator<Record<string, unknown>> {
  for (const value of VALUES) {
    for (const spoilt of changed(message, value)) {
      const given = spoilt as Record<string, unknown>;
      if (typeof given.type === "string") yield given;
    }
  }
}

/** Messages with a script in every text. */
export function scripted(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(scripted);
  if (typeof part !== "object" || part === null) return typeof part === "string" ? SCRIPT : part;
  const kept = ["type", "layout", "size", "style"];
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, kept.includes(key) ? value : scripted(value)]));
}
