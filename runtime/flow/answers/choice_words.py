"""How people point at one of several choices, by language. Entries are separated by `/`."""

from __future__ import annotations

NUMERALS: dict[str, str] = {
    "ja": """
        一 / 二 / 三 / 四 / 五 / 六 / 七 / 八 / 九 / 十 / いち / に / さん / よん / ご / ろく / なな / はち
        きゅう / じゅう / ひとつ
    """,
    "th": "หนึ่ง / สอง / สาม / สี่ / ห้า / หก / เจ็ด / แปด / เก้า / สิบ",
    "zh": "一 / 二 / 三 / 四 / 五 / 六 / 七 / 八 / 九 / 十",
    "id": "satu / dua / tiga / empat / lima / enam / tujuh / delapan / sembilan / sepuluh",
    "en": "one / two / three / four / five / six / seven / eight / nine / ten",
}

ORDINALS: dict[str, dict[int, str]] = {
    "ja": {
        1: "最初 / 最初の / 先頭 / 一つ目 / ひとつめ / 一個目 / いちばん / 一番上 / 一番上の / 上の / 上のほう / 前者",
        2: "二つ目 / ふたつめ / 二個目",
        3: "三つ目 / みっつめ / 三個目",
        4: "四つ目 / よっつめ",
        5: "五つ目 / いつつめ",
        -1: "最後 / 最後の / 一番下 / 一番下の / 下の / 下のほう / 後者 / 一番最後",
    },
    "th": {
        1: "อันแรก / แรก / ข้อแรก / ตัวแรก / ตัวเลือกแรก / รายการแรก / อันบน / ข้อบน / อันบนสุด",
        -1: "อันล่าง / ข้อล่าง / อันสุดท้าย / สุดท้าย / ข้อสุดท้าย / ตัวสุดท้าย / ตัวเลือกสุดท้าย / รายการสุดท้าย / อันล่างสุด",
    },
    "zh": {
        1: "頭一個 / 最上面 / 最前面 / 最上面那個 / 上面那個 / 上面的 / 前者",
        -1: "後者 / 下面那個 / 下面的 / 最後一個 / 最后一个 / 最後 / 最下面 / 最下面那個 / 最後那個",
    },
    "id": {
        1: "pertama / yang pertama / kesatu / paling atas / yang atas / yang di atas / yang paling atas",
        2: "kedua / yang kedua",
        3: "ketiga / yang ketiga",
        4: "keempat / yang keempat",
        5: "kelima / yang kelima",
        6: "keenam / yang keenam",
        7: "ketujuh / yang ketujuh",
        8: "kedelapan / yang kedelapan",
        9: "kesembilan / yang kesembilan",
        10: "kesepuluh / yang kesepuluh",
        -1: "terakhir / yang terakhir / paling bawah / yang bawah / yang di bawah / yang paling bawah",
    },
    "en": {
        1: "first / first one / 1st / 1st one / top / top one",
        2: "second / second one / 2nd / 2nd one",
        3: "third / third one / 3rd / 3rd one",
        4: "fourth / fourth one / 4th / 4th one",
        5: "fifth / fifth one / 5th / 5th one",
        6: "sixth / sixth one / 6th / 6th one",
        7: "seventh / seventh one / 7th / 7th one",
        8: "eighth / eighth one / 8th / 8th one",
        9: "ninth / ninth one / 9th / 9th one",
        10: "tenth / tenth one / 10th / 10th one",
        -1: "last / last one / bottom one / latter",
    },
}
"""Language → place in the list (-1: the last) → words."""

PLACES: dict[str, tuple[str, ...]] = {
    "ja": (
        r"(\S+?)番目?の?(?:やつ|もの)?",
        r"(\S+?)(?:つ目|個目|つめ|こめ)の?(?:やつ|もの)?",
        r"(?:no\.?|番号は?|選択肢)\s*(\S+)",
    ),
    "th": (r"(?:ข้อ|อันที่|ที่|ตัวที่|ตัวเลือกที่|หมายเลข|เบอร์|รายการที่|แบบที่|อัน|เลข)\s*(\S+)",),
    "zh": (r"第(\S+?)(?:個|个|項|项|種|种)?", r"(\S+?)號", r"(?:選項|选项|編號|号码|號碼|選|选)\s*(\S+)"),
    "id": (r"(?:nomor|nomer|no\.?|pilihan|opsi|yang nomor|yang no\.?)\s*(\S+)", r"ke-?(\d+)"),
    "en": (r"(?:number|no\.?|option|choice|#|item|nr\.?)\s*(\S+)",),
}
"""Patterns around a number that make it a place in the list."""

BEFORE: dict[str, str] = {
    "ja": "じゃあ / では / えっと / えーと / やっぱり / できれば",
    "th": "เอา / ขอ / เลือก / ขอเป็น / เอาเป็น / อยากได้ / ต้องการ / สนใจ / เป็น / งั้น / ขอเลือก / ชอบ",
    "zh": "我要 / 我想要 / 想要 / 要 / 我選 / 我选 / 選 / 选 / 那就 / 就 / 給我 / 给我 / 來 / 我要選",
    "id": "saya mau / aku mau / mau / pilih / saya pilih / yang / pesan / minta / mau yang / ambil / aku pilih",
    "en": """
        i want / i want the / id like / i'd like / i'd like the / i would like / i would like the / the / a / an
        ill take / i'll take / i'll take the / i'll have / i'll have the / give me / give me the / let's go with
        lets go with / i choose / i pick / i prefer / my choice is / maybe / can i have / can i have the / go with
        go for / i'd go for / it's / its
    """,
}

AFTER: dict[str, str] = {
    "ja": """
        です / で / でお願いします / をお願いします / お願いします / おねがいします / にします / がいい
        がいいです / がよい / を選びます / で頼む / に決めた / ください / をください / 下さい / を下さい
        が欲しい / がほしい / がほしいです / の方 / のほう / を / にする / のやつ / 希望 / 希望です / を希望します
        ね / よ / かな
    """,
    "th": "ค่ะ / คะ / ครับ / คับ / ค้าบ / ครับผม / ค่า / จ้า / จ้ะ / นะ / เลย / ก็ได้ / ดีกว่า / แล้วกัน / ละกัน / ขอบคุณ / หน่อย / ด้วย",
    "zh": "吧 / 喔 / 哦 / 好了 / 謝謝 / 谢谢 / 啊 / 就好 / 的 / 那個 / 那个 / 這個 / 这个 / 好",
    "id": """
        ya / kak / pak / bu / mas / mbak / min / deh / aja / saja / dong / tolong / terima kasih / makasih / itu
        yang itu
    """,
    "en": """
        please / pls / plz / thanks / thank you / one / would be great / sounds good / is fine / then / for me
        i think
    """,
}
