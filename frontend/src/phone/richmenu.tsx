/** The rich menu: its bar in place of the text field, and its picture with areas to tap. */

import { bot, menu } from "../state";
import { BASE } from "../api";
import { tapMenu } from "./doing";
import { Icon } from "./icons";
import { focusText, panel, typing, unfolded } from "./ui";
import { say } from "./words";

export function MenuBar() {
  const shown = menu.value;
  if (!shown || typing.value) return null;
  const open = unfolded.value;
  return (
    <div class="menubar">
      <button type="button" class="button-plain menubar-keys" aria-label={say("to_keyboard")} title={say("to_keyboard")} onClick={() => focusText()}>
        <Icon name="keyboard" />
        <span aria-hidden="true">Aa</span>
      </button>
      <button
        type="button"
        class="menubar-text"
        aria-expanded={open}
        title={say(open ? "menu_close" : "menu_open")}
        onClick={() => (unfolded.value = !open)}
      >
        {shown.chatBarText}
        <Icon name={open ? "fold" : "unfold"} size={16} />
      </button>
    </div>
  );
}

export function RichMenu() {
  const shown = menu.value;
  if (!shown || typing.value || panel.value || !unfolded.value) return null;
  const { width, height } = shown.size;
  const part = (value: number, whole: number): string => `${(value / whole) * 100}%`;
  return (
    <div class="richmenu" role="group" aria-label={shown.name} style={{ aspectRatio: `${width} / ${height}` }}>
      <img src={`${BASE}/bots/${bot.value}/menus/${shown.richMenuId}/image`} alt="" />
      {shown.areas.map(({ bounds }, index) => (
        <button
          key={`${shown.richMenuId} ${index}`}
          type="button"
          aria-label={shown.buttons[index]?.label || say("menu_area", index + 1)}
          title={shown.buttons[index]?.label}
          style={{
            left: part(bounds.x, width),
            top: part(bounds.y, height),
            width: part(bounds.width, width),
            height: part(bounds.height, height),
          }}
          onClick={() => tapMenu(index)}
        />
      ))}
    </div>
  );
}
