/** Words of the agent's side. */

import { speaker, type Words } from "../words/words";

const WORDS = {
  you: ["You, the agent", "あなた（担当者）"],
  online: ["Online", "対応可"],
  away: ["Away", "離席中"],
  offline: ["Offline", "オフライン"],
  openDesk: ["Open the desk", "デスクを開く"],
  noDesk: [
    "This bot has nobody to hand chats over to. Add a workstream to noren.yaml:",
    "このボットには引き継ぎ先がありません。noren.yaml にワークストリームを追加してください。",
  ],
  noCases: ["Nobody asks for a person.", "有人対応の依頼はありません。"],
  cases: ["Cases", "案件"],
  showChat: ["Show this chat", "このトークを表示"],
  botHasIt: ["The bot has this chat.", "このトークはボットが対応しています。"],
  accept: ["Accept", "応答"],
  reject: ["Reject", "断る"],
  claim: ["Take it", "引き受ける"],
  take_over: ["Take over from the bot", "ボットから引き継ぐ"],
  wake: ["Go on", "再開する"],
  done: ["Done with the notes", "後処理を完了"],
  pause: ["Pause the bot", "ボットを止める"],
  resume: ["Let the bot speak", "ボットを再開"],
  reply: ["Reply", "返信"],
  replyHint: ["What the agent says. Enter sends.", "担当者の返信（Enterで送信）"],
  note: ["Note", "メモ"],
  noteHint: ["Only people at the desk see it", "デスクの担当者だけが見られます"],
  resolve: ["Resolve", "解決"],
  goOnAt: ["then the bot goes on", "その後ボットは"],
  below: ["below its step", "ステップの次から続ける"],
  transfer: ["Transfer to", "転送先"],
  snooze: ["Snooze 1 h", "1時間スヌーズ"],
  somebodyElse: ["{0} has this case.", "{0}さんが担当しています。"],
  notes: ["Notes", "メモ"],
  queued: ["waits", "待機中"],
  offered: ["offered", "呼び出し中"],
  requested: ["asked for", "依頼中"],
  assigned: ["taken", "担当決定"],
  active: ["in talk", "対応中"],
  waiting: ["waits for the user", "返信待ち"],
  snoozed: ["put aside", "スヌーズ中"],
  wrap_up: ["notes", "後処理"],
  left: ["left a message", "伝言"],
} satisfies Words<string>;

export const say = speaker(WORDS);

/** What a state of a case is called. */
export function stateWord(state: string): string {
  const known = state === "offline" ? "left" : state;
  return Object.hasOwn(WORDS, known) ? say(known as keyof typeof WORDS) : state;
}
