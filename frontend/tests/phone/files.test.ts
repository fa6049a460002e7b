import { expect, test } from "vitest";
import { kindOf } from "../../src/phone/files";

test("files are sent as what LINE's app would make of them", () => {
  expect(["image/png", "image/svg+xml", "video/mp4", "audio/mpeg", "application/pdf", ""].map(kindOf)).toEqual([
    "image",
    "file",
    "video",
    "audio",
    "file",
    "file",
  ]);
});
