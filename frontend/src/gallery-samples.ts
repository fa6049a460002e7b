/** One or more messages of every kind, with texts of the gallery's own. */

import type { Shot } from "./gallery";

const drawn = (width: number, height: number, back: string, words: string): string =>
  `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="${back}"/>` +
      `<circle cx="30%" cy="40%" r="18%" fill="#ffffff66"/><text x="50%" y="55%" text-anchor="middle" font-size="${height / 8}" fill="#fff">${words}</text></svg>`,
  )}`;

const TEA = drawn(600, 400, "#5f7f3a", "tea");
const TALL = drawn(300, 600, "#8a5a44", "tall");
const WIDE = drawn(1200, 300, "#31497a", "wide");

const say = (label: string): object => ({ type: "message", label, text: label });
const back = (label: string): object => ({ type: "postback", label, data: `do=${label}`, displayText: label });
const open = (label: string): object => ({ type: "uri", label, uri: "https://example.com/menu" });

const column = (title: string, image: string): object => ({
  thumbnailImageUrl: image,
  imageBackgroundColor: "#fdf8ee",
  title,
  text: `${title}, picked in spring`,
  defaultAction: open("Page"),
  actions: [back("Buy"), say("More")],
});

const template = (body: object): object => ({ type: "template", altText: "A template", template: body });
const flex = (contents: object): object => ({ type: "flex", altText: "A card", contents });
const words = (text: string, more: object = {}): object => ({ type: "text", text, ...more });
const box = (layout: string, contents: object[], more: object = {}): object => ({ type: "box", layout, contents, ...more });

const TEXTS: Shot = {
  title: "text, textV2",
  messages: [
    words("Welcome! Our teas are on https://example.com/teas?kind=green, or write to tea@example.com.\n\nSee you!"),
    words("A LINE emoji $ in a line, and one more $", {
      emojis: [
        { index: 13, productId: "5ac1bfd5040ab15980c9b435", emojiId: "001" },
        { index: 39, productId: "5ac1bfd5040ab15980c9b435", emojiId: "002" },
      ],
    }),
    words("$", { emojis: [{ index: 0, productId: "5ac21a8c040ab15980c9b43f", emojiId: "055" }] }),
    {
      type: "textV2",
      text: "Hello {guest} and {all}! {{braces}} stay {smile}",
      substitution: {
        guest: { type: "mention", mentionee: { type: "user", userId: "U00000000000000000000000000000001" } },
        all: { type: "mention", mentionee: { type: "all" } },
        smile: { type: "emoji", productId: "5ac1bfd5040ab15980c9b435", emojiId: "010" },
      },
    },
    words("いらっしゃいませ。京都のお茶と和菓子のお店です。詳しくはhttps://example.com/ja をご覧ください。"),
    words("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    words("مرحبا بكم في متجر الشاي"),
    words("gone", { entry: { state: "unsent" } }),
    { type: "coupon", couponId: "01JYNW8JMQVFBNWF1APF8Z3FS7", deliveryTag: "spring" },
    { type: "brand_new", anything: ["goes", 1, null] },
  ],
};

const MINE: Shot = {
  title: "what people send",
  mine: true,
  messages: [
    words("Do you have matcha?"),
    words("@Tea shop please", { mention: { mentionees: [{ index: 0, length: 9, type: "user", isSelf: true }] } }),
    words("Two bags, I mean three", { entry: { state: "edited" } }),
    words("This one!", { entry: { quoted: "0.0" } }),
    { type: "sticker", packageId: "446", stickerId: "1988", stickerResourceType: "STATIC", keywords: ["hello", "tea"] },
    { type: "sticker", packageId: "11537", stickerId: "52002744", stickerResourceType: "ANIMATION_SOUND", keywords: ["joy"] },
    { type: "sticker", packageId: "30563", stickerId: "651698", stickerResourceType: "MESSAGE", text: "Thanks a lot" },
    { type: "image", contentProvider: { type: "external", originalContentUrl: TEA } },
    ...[TEA, TALL, WIDE].map((url, n) => ({
      type: "image",
      contentProvider: { type: "external", originalContentUrl: url },
      imageSet: { id: "A", index: n + 1, total: 3 },
    })),
    { type: "video", duration: 9000, contentProvider: { type: "line" } },
    { type: "audio", duration: 7400, contentProvider: { type: "line" } },
    { type: "file", fileName: "order <2026>.pdf", fileSize: 182_034 },
    { type: "location", title: "Tea garden", address: "1-2-3 Uji, Kyoto", latitude: 34.8892, longitude: 135.8077 },
  ],
};

const MEDIA: Shot = {
  title: "media of bots",
  messages: [
    { type: "image", originalContentUrl: TEA, previewImageUrl: TEA },
    { type: "image", originalContentUrl: TALL, previewImageUrl: TALL },
    { type: "image", originalContentUrl: WIDE, previewImageUrl: WIDE },
    { type: "image", originalContentUrl: "http://localhost:1/x.png", previewImageUrl: "http://localhost:1/y.png" },
    { type: "video", originalContentUrl: "http://localhost:1/x.mp4", previewImageUrl: TEA, trackingId: "walk-1" },
    { type: "audio", originalContentUrl: "http://localhost:1/x.m4a", duration: 63_000 },
    { type: "location", title: "The shop", address: "4-5-6 Gion, Kyoto", latitude: 35.0037, longitude: 135.7788 },
    { type: "sticker", packageId: "6325", stickerId: "10979904" },
    {
      type: "imagemap",
      baseUrl: "http://localhost:1/map",
      altText: "Floor plan",
      baseSize: { width: 1040, height: 700 },
      video: {
        originalContentUrl: "http://localhost:1/x.mp4",
        previewImageUrl: TEA,
        area: { x: 40, y: 40, width: 560, height: 315 },
        externalLink: { linkUri: "https://example.com/more", label: "More" },
      },
      actions: [
        { type: "message", label: "Ground floor", text: "ground", area: { x: 0, y: 400, width: 520, height: 300 } },
        { type: "uri", linkUri: "https://example.com", area: { x: 520, y: 400, width: 520, height: 300 } },
      ],
    },
  ],
};

const TEMPLATES: Shot = {
  title: "templates",
  messages: [
    template({ type: "buttons", ...column("Sencha", TEA), actions: [back("Buy"), say("More"), open("Page"), back("Later")] }),
    template({ type: "buttons", text: "Only words, and a picker", actions: [{ type: "datetimepicker", label: "When", data: "d", mode: "date" }] }),
    template({ type: "buttons", ...column("Square", TALL), imageAspectRatio: "square", imageSize: "contain" }),
    template({ type: "confirm", text: "Shall we send it to Kyoto?", actions: [back("Yes"), back("No")] }),
    template({ type: "carousel", columns: ["Sencha", "Hojicha", "Matcha", "Genmaicha"].map((name) => column(name, TEA)) }),
    template({
      type: "image_carousel",
      columns: ["Sencha", "Hojicha", "Matcha"].map((name) => ({ imageUrl: TEA, action: back(name) })),
    }),
  ],
};

const FLEX: Shot = {
  title: "Flex: boxes and texts",
  messages: [
    flex({
      type: "bubble",
      hero: { type: "image", url: TEA, size: "full", aspectRatio: "20:13", aspectMode: "cover", action: open("Page") },
      body: box("vertical", [
        words("Sencha", { weight: "bold", size: "xl" }),
        box("baseline", [
          { type: "icon", url: TEA, size: "sm" },
          { type: "icon", url: TEA, size: "sm" },
          words("4.0", { size: "sm", color: "#999999", margin: "md", flex: 0 }),
        ], { margin: "md" }),
        words("", {
          margin: "lg",
          wrap: true,
          contents: [
            { type: "span", text: "Spans " },
            { type: "span", text: "in bold,\n", weight: "bold", color: "#ff5551" },
            { type: "span", text: "italic", style: "italic", size: "xl" },
            { type: "span", text: " and struck", decoration: "line-through" },
          ],
        }),
        words("Three lines at most, then an ellipsis. ".repeat(6), { wrap: true, maxLines: 3, size: "sm", margin: "md", lineSpacing: "8px" }),
        words("This line is far too long for the box and shrinks until it fits", { adjustMode: "shrink-to-fit", margin: "md" }),
        { type: "separator", margin: "lg", color: "#ff0000" },
        box("horizontal", [
          words("top\n2\n3", { wrap: true }),
          words("center", { gravity: "center" }),
          { type: "separator" },
          words("bottom", { gravity: "bottom", align: "end" }),
        ], { margin: "md", spacing: "sm", backgroundColor: "#f0f0f0" }),
      ]),
      footer: box("vertical", [
        { type: "button", style: "primary", action: back("Buy now") },
        { type: "button", style: "secondary", height: "sm", action: say("Ask") },
        { type: "button", height: "sm", action: open("A link") },
        { type: "filler" },
      ], { spacing: "sm" }),
      styles: { footer: { separator: true, separatorColor: "#000000", backgroundColor: "#fdf8ee" } },
    }),
    flex({
      type: "bubble",
      size: "kilo",
      direction: "rtl",
      body: box("horizontal", [words("אחת", { flex: 0 }), words("שתיים", { margin: "xl", offsetStart: "8px" })], {
        background: { type: "linearGradient", angle: "90deg", startColor: "#ffe08a", centerColor: "#ffffff", centerPosition: "30%", endColor: "#8ad0ff" },
        paddingAll: "20px",
        cornerRadius: "xl",
      }),
    }),
    flex({
      type: "bubble",
      size: "micro",
      action: say("whole card"),
      body: box("vertical", [
        words("Under it"),
        box("vertical", [words("NEW", { color: "#ffffff", size: "xs", align: "center" })], {
          position: "absolute",
          offsetTop: "8px",
          offsetEnd: "8px",
          width: "44px",
          backgroundColor: "#ff334b",
          cornerRadius: "20px",
        }),
      ], { height: "90px" }),
    }),
    flex({
      type: "bubble",
      hero: {
        type: "video",
        url: "http://localhost:1/x.mp4",
        previewUrl: TEA,
        aspectRatio: "20:13",
        altContent: { type: "image", url: TEA },
        action: open("More about it"),
      },
      body: box("vertical", [words("A video above")]),
    }),
    flex({
      type: "carousel",
      contents: ["nano", "nano", "nano", "nano"].map((size, n) => ({
        type: "bubble",
        size,
        body: box("vertical", [words(`Card ${n}`), words("x ".repeat(n * 9 + 1), { wrap: true, size: "xs" })]),
        footer: box("vertical", [{ type: "button", action: say(`Pick ${n}`) }]),
      })),
    }),
  ],
};

export const SAMPLES: readonly Shot[] = [TEXTS, MINE, MEDIA, TEMPLATES, FLEX];
