/** What a tap on a button does: one way for bubbles, quick replies and rich menus. */

import { post } from "../api";
import type { Doing } from "../bubbles/bubble";
import type { Button, Entry } from "../shapes";
import { me, menu } from "../state";
import { told } from "../toasts";
import { copy, here } from "./acts";
import { askLink, askPicker, askPicture, askPlace, askVoice } from "./asking";
import { doubled, focusText, panel, sheet, unfolded, write } from "./ui";

interface Done {
  type: string;
  uri?: string;
  desktop?: string;
  clipboard?: string;
  input?: { option: string; text: string };
}

export const doing: Doing = {
  tap: (entry: Entry, index: number) => {
    const button = entry.buttons?.find((b) => b.index === index);
    if (button) tapped(button, { message: entry.id, index });
  },
};

/** Tap a quick reply. Tells whether it went well. */
export const chosen = (entry: Entry, button: Button): Promise<boolean> => carry({ message: entry.id, index: button.index });

/** Tap an area of the rich menu. */
export function tapMenu(index: number): void {
  const button = menu.value?.buttons.find((b) => b.index === index);
  if (button) tapped(button, { menu: true, index });
}

type More = Record<string, unknown>;

/** Some actions ask the person for something first; the answer goes along with the tap. */
function tapped(button: Button, target: More): void {
  const go = (more: More = {}): void => void carry({ ...target, ...more });
  const { action } = button;
  if (action.type === "datetimepicker") askPicker(action, (value) => go({ value }));
  else if (action.type === "camera") askPicture("camera", go);
  else if (action.type === "cameraRoll") askPicture("album", go);
  else if (action.type === "location") askPlace(go);
  else go();
}

async function carry(body: More): Promise<boolean> {
  const path = `${here()}/tap`;
  const whole = { ...body, user: me.value };
  try {
    // Twice at once, as an impatient finger does it; what the first tap opens is opened once.
    const second = doubled.value ? post(path, whole).catch(() => null) : null;
    follow(await post<Done>(path, whole));
    await second;
    return true;
  } catch (error) {
    told(error);
    return false;
  }
}

/** What the app does after the tap, as the platform tells it. */
function follow(done: Done): void {
  if (done.uri !== undefined) askLink(done.uri, done.desktop);
  if (done.clipboard !== undefined) void copy(done.clipboard);
  if (done.input) prepare(done.input);
}

/** `inputOption`: https://developers.line.biz/en/reference/messaging-api/#postback-action */
function prepare({ option, text }: { option: string; text: string }): void {
  sheet.value = null;
  panel.value = "";
  if (option === "closeRichMenu") unfolded.value = false;
  if (option === "openRichMenu") unfolded.value = true;
  if (option === "openVoice") askVoice();
  if (option === "openKeyboard") {
    if (text) write(text);
    focusText();
  }
}
