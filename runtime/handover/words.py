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
        "ja": "担当者におつなぎします。少々お待ちください。",
        "th": "กำลังต่อสายให้เจ้าหน้าที่ กรุณารอสักครู่",
        "zh-TW": "正在為您轉接專人，請稍候。",
        "id": "Kami sambungkan dengan petugas. Mohon tunggu sebentar.",
    },
    "position": {
        "en": "You are number {position} in line.",
        "ja": "現在{position}番目にお待ちいただいています。",
        "th": "คุณอยู่ในคิวลำดับที่ {position}",
        "zh-TW": "您目前排在第 {position} 位。",
        "id": "Anda di urutan {position} dalam antrean.",
    },
    "wait": {
        "en": "You are number {position} in line, about {minutes} min.",
        "ja": "現在{position}番目、目安は約{minutes}分です。",
        "th": "คุณอยู่ในคิวลำดับที่ {position} รอประมาณ {minutes} นาที",
        "zh-TW": "您目前排在第 {position} 位，約需 {minutes} 分鐘。",
        "id": "Anda di urutan {position}, kira-kira {minutes} menit.",
    },
    "next": {
        "en": "You are next in line.",
        "ja": "次にご案内いたします。",
        "th": "คุณเป็นคิวถัดไป",
        "zh-TW": "下一位就是您。",
        "id": "Giliran Anda berikutnya.",
    },
    "many": {
        "en": "Many people are waiting. We answer as soon as we can.",
        "ja": "大変混み合っております。順番にご案内いたします。",
        "th": "ขณะนี้มีผู้รอจำนวนมาก เราจะตอบกลับโดยเร็วที่สุด",
        "zh-TW": "目前等候人數較多，我們會儘快回覆。",
        "id": "Banyak yang sedang menunggu. Kami jawab secepat mungkin.",
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
        "ja": "別の担当者に引き継ぎます。",
        "th": "เพื่อนร่วมงานของเราจะดูแลต่อ",
        "zh-TW": "將由另一位同事接手。",
        "id": "Rekan kami akan melanjutkan.",
    },
    "dropped": {
        "en": "The connection to your contact broke off. Somebody else will be with you.",
        "ja": "担当者との接続が切れました。別の者がご案内します。",
        "th": "การเชื่อมต่อกับเจ้าหน้าที่ขาดหาย จะมีคนอื่นมาดูแลคุณต่อ",
        "zh-TW": "與專人的連線中斷，將由其他同事為您服務。",
        "id": "Sambungan dengan petugas terputus. Petugas lain akan melayani Anda.",
    },
    "no_agent": {
        "en": "Sorry, nobody is free at the moment.",
        "ja": "申し訳ございません。ただいま対応できる者がおりません。",
        "th": "ขออภัย ขณะนี้ไม่มีเจ้าหน้าที่ว่าง",
        "zh-TW": "抱歉，目前沒有專人可以服務。",
        "id": "Maaf, saat ini tidak ada petugas yang tersedia.",
    },
    "full": {
        "en": "Sorry, too many people are waiting at the moment.",
        "ja": "申し訳ございません。ただいま大変混み合っております。",
        "th": "ขออภัย ขณะนี้มีผู้รอจำนวนมาก",
        "zh-TW": "抱歉，目前等候人數過多。",
        "id": "Maaf, saat ini terlalu banyak yang menunggu.",
    },
    "closed": {
        "en": "We are closed now. We are back {next_open}.",
        "ja": "ただいま営業時間外です。次の受付は{next_open}からです。",
        "th": "ขณะนี้อยู่นอกเวลาทำการ เราจะกลับมา {next_open}",
        "zh-TW": "目前非服務時間，{next_open} 起恢復服務。",
        "id": "Kami sedang tutup. Kami kembali {next_open}.",
    },
    "holiday": {
        "en": "We are closed today ({holiday}). We are back {next_open}.",
        "ja": "本日は{holiday}のためお休みです。次の受付は{next_open}からです。",
        "th": "วันนี้เราหยุด ({holiday}) เราจะกลับมา {next_open}",
        "zh-TW": "今日因{holiday}休息，{next_open} 起恢復服務。",
        "id": "Hari ini kami libur ({holiday}). Kami kembali {next_open}.",
    },
    "left_message": {
        "en": "Your message is noted. We answer here as soon as we are back.",
        "ja": "メッセージを承りました。営業再開後にこちらでご返信します。",
        "th": "เรารับข้อความของคุณแล้ว และจะตอบกลับที่นี่เมื่อเปิดทำการ",
        "zh-TW": "已收到您的留言，恢復服務後會在此回覆。",
        "id": "Pesan Anda sudah kami catat. Kami balas di sini saat buka kembali.",
    },
    "cancelled": {
        "en": "All right, the request is cancelled.",
        "ja": "かしこまりました。取り消しました。",
        "th": "ได้เลย ยกเลิกคำขอแล้ว",
        "zh-TW": "好的，已取消轉接。",
        "id": "Baik, permintaan dibatalkan.",
    },
    "already": {
        "en": "Your request is on its way already.",
        "ja": "すでにおつなぎの手配をしております。",
        "th": "คำขอของคุณกำลังดำเนินการอยู่แล้ว",
        "zh-TW": "您的轉接要求已在處理中。",
        "id": "Permintaan Anda sudah diproses.",
    },
    "over": {
        "en": "That request has ended.",
        "ja": "そのご依頼は終了しています。",
        "th": "คำขอนั้นสิ้นสุดแล้ว",
        "zh-TW": "該要求已結束。",
        "id": "Permintaan itu sudah berakhir.",
    },
    "ended": {"en": "", "ja": "", "th": "", "zh-TW": "", "id": ""},
    "silent": {
        "en": "We close this chat for now. Write any time.",
        "ja": "しばらくご返信がないため終了します。いつでもご連絡ください。",
        "th": "เราขอปิดการสนทนานี้ก่อน ทักมาได้ทุกเมื่อ",
        "zh-TW": "因一段時間未收到回覆，先結束對話，歡迎隨時再聯絡。",
        "id": "Percakapan kami tutup dulu. Silakan hubungi kapan saja.",
    },
    "survey": {
        "en": "How was our help?",
        "ja": "対応はいかがでしたか？",
        "th": "การช่วยเหลือของเราเป็นอย่างไรบ้าง",
        "zh-TW": "您對這次服務滿意嗎？",
        "id": "Bagaimana bantuan kami?",
    },
    "comment": {
        "en": "Thank you! Would you like to tell us more?",
        "ja": "ありがとうございます。よろしければご意見をお聞かせください。",
        "th": "ขอบคุณ อยากบอกอะไรเราเพิ่มไหม",
        "zh-TW": "謝謝！還有什麼想告訴我們的嗎？",
        "id": "Terima kasih! Ada yang ingin disampaikan?",
    },
    "thanks": {
        "en": "Thank you!",
        "ja": "ありがとうございました。",
        "th": "ขอบคุณ",
        "zh-TW": "謝謝您！",
        "id": "Terima kasih!",
    },
    "refused_file": {
        "en": "Sorry, this kind of file cannot be passed on.",
        "ja": "申し訳ございません。この種類のファイルはお渡しできません。",
        "th": "ขออภัย ไม่สามารถส่งต่อไฟล์ชนิดนี้ได้",
        "zh-TW": "抱歉，無法轉交此類檔案。",
        "id": "Maaf, jenis berkas ini tidak dapat diteruskan.",
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
