"""What is said by itself around a handover, in five languages; noren.yaml may change each, or silence it.

In braces: `agent`, `queue`, `position`, `minutes`, `next_open`, `holiday`. What is not known is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from runtime.settings.handover import Delivery

Texts = Mapping[str, str]

MESSAGES: Final[Mapping[str, Texts]] = {
    "accepted": {
        "en": "Connecting you to a person. One moment, please.",
        "ja": "担当者におつなぎいたします。少々お待ちください。",
        "th": "กำลังเชื่อมต่อคุณกับเจ้าหน้าที่ กรุณารอสักครู่",
        "zh-TW": "正在為您轉接客服人員，請稍候。",
        "id": "Kami sambungkan Anda dengan petugas. Mohon tunggu sebentar.",
    },
    "position": {
        "en": "You are number {position} in line.",
        "ja": "ただいま{position}番目にお待ちいただいております。",
        "th": "คุณอยู่ในคิวลำดับที่ {position}",
        "zh-TW": "您目前排在第 {position} 位。",
        "id": "Anda berada di urutan ke-{position} dalam antrean.",
    },
    "wait": {
        "en": "You are number {position} in line, about {minutes} min.",
        "ja": "ただいま{position}番目にお待ちいただいております。目安は約{minutes}分です。",
        "th": "คุณอยู่ในคิวลำดับที่ {position} รอประมาณ {minutes} นาที",
        "zh-TW": "您目前排在第 {position} 位，預計等候約 {minutes} 分鐘。",
        "id": "Anda berada di urutan ke-{position}, perkiraan tunggu {minutes} menit.",
    },
    "next": {
        "en": "You are next in line.",
        "ja": "次にご案内いたします。",
        "th": "คุณเป็นคิวถัดไป",
        "zh-TW": "下一位就是您。",
        "id": "Berikutnya giliran Anda.",
    },
    "many": {
        "en": "Many people are waiting. We answer as soon as we can.",
        "ja": "ただいま大変混み合っております。順番にご案内いたします。",
        "th": "ขณะนี้มีผู้รอจำนวนมาก เราจะตอบกลับโดยเร็วที่สุด",
        "zh-TW": "目前等候人數較多，我們會儘快為您服務。",
        "id": "Saat ini banyak yang menunggu. Kami akan menjawab secepat mungkin.",
    },
    "joined": {
        "en": "{agent} is here for you now.",
        "ja": "{agent}が担当いたします。",
        "th": "{agent} พร้อมให้บริการคุณแล้ว",
        "zh-TW": "{agent} 將為您服務。",
        "id": "{agent} siap membantu Anda.",
    },
    "transferred": {
        "en": "A colleague will go on with this.",
        "ja": "別の担当者が引き続きご案内いたします。",
        "th": "เจ้าหน้าที่ท่านอื่นจะดูแลคุณต่อ",
        "zh-TW": "將由另一位客服人員繼續為您服務。",
        "id": "Petugas lain akan melanjutkan.",
    },
    "dropped": {
        "en": "The connection to your contact broke off. Somebody else will be with you.",
        "ja": "担当者との接続が切れました。別の担当者がご案内いたします。",
        "th": "การเชื่อมต่อกับเจ้าหน้าที่ขัดข้อง เจ้าหน้าที่ท่านอื่นจะดูแลคุณต่อ",
        "zh-TW": "與客服人員的連線已中斷，將由另一位客服人員為您服務。",
        "id": "Sambungan dengan petugas terputus. Petugas lain akan membantu Anda.",
    },
    "no_agent": {
        "en": "Sorry, nobody is free at the moment.",
        "ja": "申し訳ございません。ただいま対応できる担当者がおりません。",
        "th": "ขออภัย ขณะนี้ไม่มีเจ้าหน้าที่ว่าง",
        "zh-TW": "很抱歉，目前沒有客服人員可以為您服務。",
        "id": "Mohon maaf, saat ini tidak ada petugas yang tersedia.",
    },
    "full": {
        "en": "Sorry, too many people are waiting at the moment.",
        "ja": "申し訳ございません。ただいま大変混み合っております。",
        "th": "ขออภัย ขณะนี้มีผู้รอจำนวนมาก",
        "zh-TW": "很抱歉，目前等候人數過多。",
        "id": "Mohon maaf, saat ini antrean sedang penuh.",
    },
    "closed": {
        "en": "We are closed now. We are back on {next_open}.",
        "ja": "ただいま受付時間外です。次の受付開始は{next_open}です。",
        "th": "ขณะนี้อยู่นอกเวลาทำการ เราจะเปิดอีกครั้งใน{next_open}",
        "zh-TW": "目前為非服務時間，將於 {next_open} 恢復服務。",
        "id": "Saat ini kami sedang tutup. Kami buka kembali pada {next_open}.",
    },
    "holiday": {
        "en": "We are closed today ({holiday}). We are back on {next_open}.",
        "ja": "本日は{holiday}のため、お休みをいただいております。次の受付開始は{next_open}です。",
        "th": "วันนี้เราหยุด ({holiday}) เราจะเปิดอีกครั้งใน{next_open}",
        "zh-TW": "今天適逢{holiday}，暫停服務，將於 {next_open} 恢復服務。",
        "id": "Hari ini kami libur ({holiday}). Kami buka kembali pada {next_open}.",
    },
    "left_message": {
        "en": "Your message is noted. We answer here as soon as we are back.",
        "ja": "メッセージを承りました。受付再開後、こちらでご返信いたします。",
        "th": "เรารับข้อความของคุณแล้ว และจะตอบกลับที่นี่เมื่อเปิดทำการ",
        "zh-TW": "我們已收到您的留言，恢復服務後會在這裡回覆您。",
        "id": "Pesan Anda sudah kami catat. Kami akan membalasnya di sini setelah buka kembali.",
    },
    "cancelled": {
        "en": "All right, the request is cancelled.",
        "ja": "かしこまりました。ご依頼を取り消しました。",
        "th": "ยกเลิกคำขอเรียบร้อยแล้ว",
        "zh-TW": "好的，已取消轉接。",
        "id": "Baik, permintaan Anda sudah dibatalkan.",
    },
    "already": {
        "en": "Your request is on its way already.",
        "ja": "すでにおつなぎの手配をしております。",
        "th": "คำขอของคุณกำลังดำเนินการอยู่แล้ว",
        "zh-TW": "您的轉接要求已在處理中。",
        "id": "Permintaan Anda sedang kami proses.",
    },
    "over": {
        "en": "That request has ended.",
        "ja": "そのご依頼はすでに終了しております。",
        "th": "คำขอนั้นสิ้นสุดแล้ว",
        "zh-TW": "該轉接要求已結束。",
        "id": "Permintaan tersebut sudah berakhir.",
    },
    "ended": {"en": "", "ja": "", "th": "", "zh-TW": "", "id": ""},
    "silent": {
        "en": "We close this chat for now. Write any time.",
        "ja": "しばらくご返信がないため、いったん終了いたします。いつでもご連絡ください。",
        "th": "เราขอปิดการสนทนานี้ก่อน ส่งข้อความถึงเราได้ทุกเมื่อ",
        "zh-TW": "因一段時間未收到您的回覆，我們先結束對話，歡迎隨時再與我們聯絡。",
        "id": "Kami tutup dulu percakapan ini. Silakan hubungi kami kapan saja.",
    },
    "survey": {
        "en": "How was our help?",
        "ja": "今回の対応はいかがでしたでしょうか。",
        "th": "คุณพึงพอใจกับการช่วยเหลือของเราเพียงใด",
        "zh-TW": "您對這次的服務滿意嗎？",
        "id": "Bagaimana bantuan dari kami?",
    },
    "comment": {
        "en": "Thank you! Would you like to tell us more?",
        "ja": "ありがとうございます。よろしければご意見をお聞かせください。",
        "th": "ขอขอบคุณ หากมีความเห็นเพิ่มเติม บอกเราได้เลย",
        "zh-TW": "謝謝您！還有什麼想告訴我們的嗎？",
        "id": "Terima kasih! Ada lagi yang ingin Anda sampaikan?",
    },
    "thanks": {
        "en": "Thank you!",
        "ja": "ありがとうございました。",
        "th": "ขอขอบคุณ",
        "zh-TW": "謝謝您！",
        "id": "Terima kasih!",
    },
    "refused_file": {
        "en": "Sorry, this kind of file cannot be passed on.",
        "ja": "申し訳ございません。この種類のファイルはお受け取りできません。",
        "th": "ขออภัย ไม่สามารถส่งต่อไฟล์ชนิดนี้ได้",
        "zh-TW": "很抱歉，無法轉交此類檔案。",
        "id": "Mohon maaf, jenis berkas ini tidak dapat kami teruskan.",
    },
}

CANCEL: Final[Texts] = {
    "en": "Cancel request",
    "ja": "取り消す",
    "th": "ยกเลิกคำขอ",
    "zh-TW": "取消轉接",
    "id": "Batalkan",
}
"""The button under what is said to those who wait, at most 20 characters."""

PUSHED: Final[Mapping[str, Delivery]] = {"no_agent": "push", "survey": "push"}
"""Messages whose built-in delivery is not `free_only`. A survey is only asked where noren.yaml wants one."""

SLOT: Final = re.compile(r"\{([a-z_]+)\}")


def text_of(texts: Texts, language: str) -> str:
    """In that language, its base language, English, or the first there is."""
    for name in (language, language.partition("-")[0], *_written(texts, language), "en"):
        if name in texts:
            return texts[name]
    return next(iter(texts.values()), "")


def _written(texts: Texts, language: str) -> tuple[str, ...]:
    """`zh` and `zh-Hant` find `zh-TW`."""
    base = language.partition("-")[0]
    return tuple(name for name in texts if name.partition("-")[0] == base)


def filled(text: str, slots: Mapping[str, object]) -> str:
    return SLOT.sub(lambda found: str(slots.get(found[1], "")), text).strip()
