import { expect, test } from "vitest";
import { opens } from "../../src/phone/links";

test("only addresses of the web are opened, and never a script", () => {
  expect(opens("https://example.com")).toBe("browser");
  expect(opens("HTTP://example.com")).toBe("browser");
  expect(opens("tel:0312345678")).toBe("call");
  expect(opens("line://ti/p/@x")).toBe("app");
  expect(opens("javascript:alert(1)")).toBe("app");
  expect(opens("data:text/html,x")).toBe("app");
});
