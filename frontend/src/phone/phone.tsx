/** The phone: one chat of one person with LINE's app. */

import { useState } from "preact/hooks";
import { chat, loaded, theBot } from "../state";
import { sendFiles } from "./acts";
import { Banner } from "./banner";
import { Composer } from "./composer";
import { ChatHeader } from "./header";
import { MessageMenu } from "./menu";
import { Notification } from "./notification";
import { Panel } from "./panel";
import { QuickReplies } from "./quick";
import { MenuBar, RichMenu } from "./richmenu";
import { SheetLayer } from "./sheet";
import { ChatView } from "./view";
import { say } from "./words";
import "./phone.css";
import "./chat.css";
import "./composer.css";
import "./sheet.css";

export function Phone() {
  return (
    <section class="phone" aria-label={say("chat_with", theBot.value?.display_name ?? "")}>
      <div class="phone-case">
        <Inside />
        <Notification />
        <SheetLayer />
      </div>
      <MessageMenu />
    </section>
  );
}

function Inside() {
  const [over, setOver] = useState(false);
  if (!loaded.value) return <p class="phone-empty">{say("starting")}</p>;
  if (!theBot.value) return <p class="phone-empty">{say("no_bot")}</p>;
  if (!chat.value) return <p class="phone-empty">{say("no_chat")}</p>;
  return (
    <div
      class={over ? "phone-inside phone-over" : "phone-inside"}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void sendFiles([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <ChatHeader />
      <Banner />
      <ChatView />
      <QuickReplies />
      <MenuBar />
      <Composer />
      <Panel />
      <RichMenu />
      {over && <p class="phone-drop">{say("drop_here")}</p>}
    </div>
  );
}
