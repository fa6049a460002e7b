"""Yes and no as people write them in five languages, and what is neither."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.flow.answers import read_yes_no
from runtime.flow.answers.yes_no_words import SIGNS, WORDS

YES = {
    "ja": """
        はい|はーい！|うん|うんうん|ええ、お願いします|はい、大丈夫です|もちろんです！|OKです|ｏｋ|オッケー👌|はいっ|お願いします
        いいですよ〜|それで大丈夫です|はい👍|りょうかいです|そうです|ハイ|はいはい|わかりました|いいよー|よろしくお願いします
        是非お願いします|合ってます|はいー|yes|うん、いいよ|ﾊｲ|大丈夫です、お願いします|はい！ありがとうございます|了解しました
        はい、どうぞ|そうしてください|この内容でお願いします|お願いできますか|りょーかいです|ばっちりです|いいですね！|構いません
        確定してください|え、はい|うーん、はい|〇|まる|お願いしますm(_ _)m
    """,
    "th": """
        ใช่|ใช่ค่ะ|ใช่ครับ|ครับ|ค่ะ|ค่าาา|ได้เลยค่ะ|โอเคค่ะ|ตกลงครับ|เอาค่ะ|ถูกต้องค่ะ|ใช่ๆ|ช่ายยย|ไช่ครับ|แน่นอนครับ 👍|ครับผม
        ok ค่ะ|yes ค่ะ|ก็ได้ค่ะ|ได้ค่ะ ขอบคุณค่ะ|จ้า|ใช่แล้วครับ|อืม|ครับพี่|ยืนยันค่ะ|ไม่มีปัญหาครับ
        ครับ ขอบคุณครับ|ค่ะ ขอบคุณค่ะ|เคค่ะ|คอนเฟิร์มครับ|โอเคค่าา|สั่งเลยค่ะ|เตือนด้วยค่ะ|ไม่ติดค่ะ|ตามนั้นเลยครับ|แม่นแล้ว
    """,
    "zh-TW": """
        好|好的|好喔～|是|是的|對|對對對|對啊|要|可以|沒問題|沒錯|嗯|嗯嗯|好，謝謝|OK|ok的|確定|當然可以|好的麻煩你了|我要|不錯
        係|行|是的，謝謝您|对|没问题|好阿|對阿|是ㄉ|好ㄛ|沒有錯|確認無誤|就這樣吧|這樣沒錯|太好了，謝謝|請提醒我|+1
        沒關係，好|下單
    """,
    "id": """
        ya|iya|Iya kak|iyaaa|ya dong|boleh|oke|ok kak|betul|siap|setuju|yoi|mau dong kak|tentu saja|baik pak|sip
        benar sekali|ya boleh kak|iya, terima kasih|tidak masalah|y|ya kak|boleh, makasih ya
        ya, terima kasih|ya kak, tolong|sudah sesuai kak|yaudah|mantap kak|tidak keberatan|gapapa kak, boleh|monggo|iyaps
    """,
    "en": """
        yes|Yes!|yep|yeah|yesss|y|sure|ok|okay|of course|yes please|that's right|That’s correct|sounds good
        no problem|why not|👍|👍🏽|👍👍|go ahead please|absolutely!|Yes, I do.|yeah sure|OK thanks|はい|ใช่ค่ะ|好的|iya|✅
    """,
}
NO = {
    "ja": """
        いいえ|いえ|いえいえ|いや|いやです|違います|ちがう|ううん|いいえ、結構です|結構です|いらない|いりません|なしで|なしでお願いします
        やめておきます|ダメ|無理です|NO|ノー|いいえ、大丈夫です|いいえ、違います|特にありません|まだです|不要です|そうじゃない
        やめときます|いいえー|ｲｲｴ|いや、いいです|すみません、いいえ
        今回はいいです|今はいいです|もういいです|やっぱりやめます|やっぱりいいです|今回は大丈夫です|また今度にします|またの機会に
        しなくていいです|消さないでください|いらんわ|ちゃいます|あってません|遠慮させてください|申し訳ありませんが結構です|✕
        うーん、いいえ|また今度お願いします
    """,
    "th": """
        ไม่|ไม่ค่ะ|ไม่ใช่|ไม่ใช่ครับ|ไม่เอาค่ะ|ไม่ต้องค่ะ|ไม่เป็นไรค่ะ|ไม่ได้|ยังค่ะ|ยังไม่มีครับ|เปล่าครับ|ไม่ต้องการ|no ค่ะ
        ไม่มีค่ะ ขอบคุณ|ไม่ไช่|ไม่ๆ|ไม่ล่ะ ขอบคุณค่ะ|ไม่ดีกว่าค่ะ|ม่ายยย
        ไม่ค่ะ ขอบคุณค่ะ|ไม่ต้องก็ได้ค่ะ|ไม่ต้องเตือนครับ|ไว้ก่อนค่ะ|ไว้คราวหน้านะคะ|อย่าเพิ่งค่ะ|ม่ายช่าย|บ่แม่น|ไม่สั่งแล้วค่ะ
    """,
    "zh-TW": """
        不|不是|不要|不用了|不用，謝謝|不好|不行|不對|沒有|不可以|否|算了|還沒|不要了，謝謝|不需要|不了，謝謝|不好意思，不用了
        唔要|錯了|不是不是|没有|不对|先不要|先不用，謝謝|先不要好了|沒關係，不用了|不是，不要|下次再說|改天吧|算了吧|有誤
        不用提醒我|ㄅ用|都不要
    """,
    "id": """
        tidak|tidak kak|nggak|ngga|gak mau|bukan|bukan kak|belum|jangan|tidak usah|ga usah deh|enggak, makasih
        tidak, terima kasih|tdk|gak|tidak ya kak|bukan ya|no|enggakkk
        tdk usah|gajadi kak|belum sesuai|masih salah|nanti saja kak|lain kali aja|jangan dihapus|gapapa kak, gak usah
        tidak, terima kasih ya kak
    """,
    "en": """
        no|No.|nope|nooo|no thanks|No, thank you|not really|n|nah|👎|I don't think so|of course not
        not now, thanks|No sorry|never|that's not right|❌|🙅‍♀️|いいえ|ไม่|tidak|不要
    """,
}
NEITHER = {
    "ja": """
        大丈夫です|いいです|うーん|え？|予約したい|はい、いいえ|たぶん|わからない|いいえじゃない|はい違います|猫|いいえば|明日
        ありがとう|👍👎|嫌いじゃない|家|イエローカレー|いいえがお|結婚|はいくつ|どちらでも|いいえんかい
        はいらない|今日はいい天気|いいえではない|無理じゃない|問題あります|後で|はい、あとで|考え中です|いいっす|大丈夫っす|丸の内
        可能性|キャンセル|どうぞお構いなく
    """,
    "th": """
        ใช่ไหม|ไม่แน่ใจ|ไม่รู้|คะ|ไหม|ใช่หรือไม่|ไม่ก็ได้|ขอบคุณค่ะ|ไม้|ใช้|ได้ไหมคะ|ไหม้|วันนี้|มีอะไรบ้าง|ไม่ใช่ไม่เอา|ขอโทษครับ
        สวัสดีครับ|แอดมินครับ|พี่ครับ|เดี๋ยวค่ะ|อ๋อค่ะ|ไม่ผิดค่ะ|ไม่เข้าใจค่ะ|ขอคิดดูก่อนค่ะ|ใช่เหรอคะ|ไม่ใช่หรอคะ|ยกเลิกค่ะ|เค้ก
    """,
    "zh-TW": """
        好不好|是不是|不好意思|好嗎|不知道|謝謝|好像|要多少錢|不確定|是嗎|沒關係|對不起|好不好吃|不客氣|都可以|有沒有|好吃|是誰
        行李|可樂|會議|對面|不丹|要不要|我想想|再看看|可能|可能吧|不是不要|對了|要是|沒事|取消
    """,
    "id": """
        tidak tahu|mungkin|yang mana|ya atau tidak|terima kasih|makasih ya|besok|tidur|bukannya|gapapa|yaitu
        gajah|iyakan apa|bisa kapan|maaf ya
        tidak apa-apa|tidak apa apa kak|nanti|ok nanti|terserah|oh ya|ya kan|pikir-pikir dulu|batal|bisa gak
    """,
    "en": """
        november|maybe|not sure|nobody|yesterday|I don't know|noon|yes or no|okra|another|yes but later|know|thanks
        nothing else matters|1|please tell me|👍 no 👎 yes|🐈|nose|eyes
    """,
}


def cases(table: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (tag, each)
        for tag, rows in table.items()
        for row in rows.strip().split("\n")
        for each in row.strip().split("|")
    ]


@pytest.mark.parametrize(("language", "text"), cases(YES))
def test_yes(language: str, text: str) -> None:
    assert read_yes_no(text, language) is True


@pytest.mark.parametrize(("language", "text"), cases(NO))
def test_no(language: str, text: str) -> None:
    assert read_yes_no(text, language) is False


@pytest.mark.parametrize(("language", "text"), cases(NEITHER))
def test_neither(language: str, text: str) -> None:
    assert read_yes_no(text, language) is None


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(("kind", "answer"), [("yes", True), ("no", False), ("open", None), ("polite", None)])
def test_every_word_of_the_tables_stands_for_itself(language: str, kind: str, answer: bool | None) -> None:
    for word in WORDS[language].get(kind, "").replace("\n", "/").split("/"):
        if word.strip():
            assert (word, read_yes_no(word, language)) == (word, answer)


def test_every_sign_of_the_table_stands_for_itself() -> None:
    assert {read_yes_no(sign.strip(), "th") for sign in SIGNS["yes"].split("/")} == {True}
    assert {read_yes_no(sign.strip(), "ja") for sign in SIGNS["no"].split("/")} == {False}


def test_long_texts_are_no_answer() -> None:
    assert read_yes_no("はい" * 40, "ja") is None
    assert read_yes_no("yes " * 500, "en") is None


@given(st.text(max_size=40), st.sampled_from(["ja", "th", "zh-TW", "id", "en", "xx", ""]))
def test_no_text_makes_it_crash(text: str, language: str) -> None:
    assert read_yes_no(text, language) in (True, False, None)


PARTS = st.sampled_from(
    ["はい", "いい", "え", "ううん", "です", "ไม่", "ใช่", "ครับ", "不", "好", "是", "ya", "tidak", "no", " ", "yes"]
)


@given(st.lists(PARTS, max_size=20).map("".join), st.sampled_from(["ja", "th", "zh", "id", "en"]))
def test_long_chains_of_words_take_no_time(text: str, language: str) -> None:
    read_yes_no(text, language)
