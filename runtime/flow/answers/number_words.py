"""Numbers as words, and what people put around a number, by language.

`AROUND` lists what may stand before and after a number without changing it: counters, units, politeness. Entries
are separated by `/`; case, width and kana do not matter.
"""

from __future__ import annotations

HAN_DIGITS: dict[str, int] = {
    **dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True)),
    **dict(zip("壱弐参肆伍陸柒捌玖", range(1, 10), strict=True)),
    "壹": 1,
    "貳": 2,
    "贰": 2,
    "參": 3,
    "叁": 3,
    "陆": 6,
    "柒": 7,
    "兩": 2,
    "两": 2,
    "○": 0,
}
HAN_TENS: dict[str, int] = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
HAN_TWENTIES: dict[str, str] = {"廿": "二十", "卅": "三十", "卌": "四十"}
HAN_LARGE: dict[str, int] = {"萬": 10**4, "万": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}

KANA: dict[str, str] = {
    "ぜろ": "〇",
    "れい": "〇",
    "いち": "一",
    "いっ": "一",
    "に": "二",
    "さん": "三",
    "よん": "四",
    "し": "四",
    "よ": "四",
    "ご": "五",
    "ろく": "六",
    "ろっ": "六",
    "なな": "七",
    "しち": "七",
    "はち": "八",
    "はっ": "八",
    "きゅう": "九",
    "く": "九",
    "じゅう": "十",
    "じゅっ": "十",
    "じっ": "十",
    "ひゃく": "百",
    "びゃく": "百",
    "ぴゃく": "百",
    "ひゃっ": "百",
    "せん": "千",
    "ぜん": "千",
    "まん": "万",
    "おく": "億",
}
"""Kana readings, katakana folded to hiragana."""

JAPANESE: dict[str, int] = {
    "ひとつ": 1,
    "一つ": 1,
    "ふたつ": 2,
    "二つ": 2,
    "みっつ": 3,
    "三つ": 3,
    "よっつ": 4,
    "四つ": 4,
    "いつつ": 5,
    "五つ": 5,
    "むっつ": 6,
    "六つ": 6,
    "ななつ": 7,
    "七つ": 7,
    "やっつ": 8,
    "八つ": 8,
    "ここのつ": 9,
    "九つ": 9,
    "とお": 10,
    "ひとり": 1,
    "一人": 1,
    "独り": 1,
    "ふたり": 2,
    "二人": 2,
    "おひとりさま": 1,
    "お一人様": 1,
    "おひとり": 1,
    "お一人": 1,
    "ひとりだけ": 1,
    "自分だけ": 1,
    "自分ひとり": 1,
    "自分一人": 1,
    "おふたり": 2,
    "お二人": 2,
    "おふたりさま": 2,
    "お二人様": 2,
}
"""Native counts that stand for themselves."""

THAI_DIGITS: dict[str, int] = {
    "ศูนย์": 0,
    "หนึ่ง": 1,
    "หนึง": 1,
    "นึง": 1,
    "เอ็ด": 1,
    "เอด": 1,
    "สอง": 2,
    "ยี่": 2,
    "ยี": 2,
    "สาม": 3,
    "สี่": 4,
    "สี": 4,
    "ห้า": 5,
    "หก": 6,
    "เจ็ด": 7,
    "เจด": 7,
    "แปด": 8,
    "เก้า": 9,
    "เก้": 9,
}
THAI_TENS: dict[str, int] = {"สิบ": 10, "ร้อย": 100, "พัน": 1_000, "หมื่น": 10_000, "แสน": 100_000}
THAI_LARGE: dict[str, int] = {"ล้าน": 10**6}

THAI: dict[str, int] = {
    **dict.fromkeys(("คนเดียว", "ที่เดียว", "ชิ้นเดียว", "อันเดียว", "แก้วเดียว", "ถ้วยเดียว", "จานเดียว", "ชุดเดียว", "อย่างเดียว"), 1),
    "โหล": 12,
    "หนึ่งโหล": 12,
    "โหลนึง": 12,
    "ครึ่งโหล": 6,
}
CHINESE: dict[str, int] = {
    **dict.fromkeys(
        ("就我", "只有我", "就我一個", "就我一個人", "我一個", "我一個人", "自己一個", "自己一個人", "我自己"), 1
    ),
    "一打": 12,
    "半打": 6,
    "倆": 2,
    "我們倆": 2,
}
INDONESIAN_COUNTS: dict[str, int | float] = {
    "setengah": 0.5,
    **dict.fromkeys(("sendiri", "sendirian", "saya sendiri", "seorang", "seorang diri", "sebuah", "seporsi"), 1),
    **dict.fromkeys(("segelas", "secangkir", "sepotong", "sebotol", "sekotak", "sebungkus", "sepiring", "satu aja"), 1),
    "berdua": 2,
    "bertiga": 3,
    "berempat": 4,
    "berlima": 5,
    "berenam": 6,
    "bertujuh": 7,
    "berdelapan": 8,
    "sepasang": 2,
    "selusin": 12,
    "satu lusin": 12,
    "setengah lusin": 6,
}
"""Counts that stand for themselves: alone, the two of us, a dozen."""

INDONESIAN: dict[str, int] = {
    "nol": 0,
    "kosong": 0,
    "satu": 1,
    "dua": 2,
    "tiga": 3,
    "empat": 4,
    "lima": 5,
    "enam": 6,
    "tujuh": 7,
    "delapan": 8,
    "lapan": 8,
    "sembilan": 9,
    "sepuluh": 10,
    "sebelas": 11,
}
INDONESIAN_LARGE: dict[str, int] = {
    "ribu": 10**3,
    "rb": 10**3,
    "juta": 10**6,
    "jt": 10**6,
    "miliar": 10**9,
    "milyar": 10**9,
    "triliun": 10**12,
}

ENGLISH: dict[str, int] = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
ENGLISH_TENS: dict[str, int] = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
ENGLISH_LARGE: dict[str, int] = {"thousand": 10**3, "million": 10**6, "billion": 10**9}

DIGIT_LARGE: dict[str, int] = {
    **HAN_LARGE,
    **HAN_TENS,
    **INDONESIAN_LARGE,
    **ENGLISH_LARGE,
    "k": 10**3,
    "ล้าน": 10**6,
    "แสน": 10**5,
    "หมื่น": 10**4,
    "พัน": 10**3,
    "ร้อย": 10**2,
    "ratus": 10**2,
    "hundred": 10**2,
    "puluh": 10,
}
"""What may follow digits and multiplies them: 3千, 1.5万, 50rb, 2 million."""

MINUS: tuple[str, ...] = ("minus", "negative", "マイナス", "負", "负", "ลบ", "ติดลบ", "min")

BEFORE: dict[str, str] = {
    "ja": """
        約 / およそ / だいたい / 大体 / 全部で / 合計 / 合計で / 計 / えっと / えーと / あと / 大人 / ¥ / 第
        はい / じゃあ / では / 多分 / 人数は / 予約は / 全員で / みんなで / 合わせて / あわせて / 席は / 数は
    """,
    "th": """
        ประมาณ / เอา / ขอ / จำนวน / ทั้งหมด / รวม / มี / สัก / อายุ / ราคา / ฿ / ไป / มา / อยู่ / จอง / สำหรับ / เป็น
        ผู้ใหญ่ / แค่ / เพียง / ห้องละ / รับ / ขอเป็น / เอาเป็น / ค่ะ / ครับ
    """,
    "zh": """
        大約 / 大约 / 大概 / 約 / 约 / 共 / 總共 / 总共 / 一共 / 我要 / 要 / 有 / 我們 / 我们 / 我們有 / 我们有
        差不多 / 第 / nt$ / 只要 / 大人 / 就 / 訂 / 那就 / 給我 / 来 / 來 / 改成 / 改
    """,
    "id": """
        sekitar / kira kira / kurang lebih / kira-kira / untuk / buat / mau / saya mau / ada / rp / rp. / sebanyak
        jumlahnya / total / umur / usia / kami / cuma / hanya / pesan / dewasa / yang / berjumlah / kita / bersama / kami datang / jadi / tolong
    """,
    "en": """
        about / around / approximately / roughly / for / we are / were / its / it is / there are / there will be
        there will be about / i want / i need / id like / i would like / party of / a party of / table for
        a table for / just / only / im / i am / make it / make that / lets say / say / $ / us$ / € / £ / total of
        a total of / all / maybe / the / i have / we have / i think / only the / up to
    """,
}

AFTER: dict[str, str] = {
    "ja": """
        人 / 名 / 名様 / 名さま / 人様 / 人さま / セット / ケ / 串 / 碗 / 組様 / 人前 / 人分 / 個 / つ / 枚 / 本 / 台 / 回 / 件 / 点 / 円 / 歳 / 才 / 番 / 番目
        号 / 号室 / 階 / 泊 / 日 / 日間 / 週間 / 時間 / 分 / 分間 / ヶ月 / か月 / ヵ月 / ヶ月間 / 年 / 年間 / 杯
        冊 / 匹 / 頭 / 着 / 足 / 組 / 箱 / 皿 / 缶 / 袋 / 玉 / 席 / 部屋 / 室 / 品 / 通 / 度 / kg / キロ / cm
        センチ / km / g / グラム / m / メートル / ml / % / パーセント / にん / めい / めいさま / こ / まい / ほん
        ぽん / ぼん / かい / さい / えん / 位 / です / だ / でーす / っす / になります / で / でお願いします
        でおねがいします / お願いします / おねがいします / お願い / お願いいたします / ください / 下さい
        にします / ね / よ / かな / くらい / ぐらい / ほど / 程度 / だけ / のみ / を / がいい / がいいです
        と思います / いきます / 行きます / 予約 / 希望 / 希望です / 予定です / ちょうど / 分でお願いします
        になると思います / で予約したいです / で予約お願いします / で行きます / で伺います / でおねがいいたします
    """,
    "th": """
        คน / ท่าน / ที่ / ที่นั่ง / ถ้วย / ไม้ / ลูก / ก้อน / เสิร์ฟ / ชิ้น / อัน / ใบ / ตัว / แก้ว / จาน / ขวด / กล่อง / ห้อง / คืน / วัน / ชั่วโมง / ชม / นาที / บาท
        ปี / ขวบ / ครั้ง / คู่ / ชุด / เล่ม / คัน / หลัง / กิโล / กิโลกรัม / กก / เมตร / ซม / เซนติเมตร / เซน / โต๊ะ / รายการ
        อาทิตย์ / สัปดาห์ / เดือน / กรัม / แผ่น / ดอก / ถุง / ซอง / เตียง / % / เปอร์เซ็นต์ / องศา / คะแนน / ค่ะ / คะ / ครับ
        คับ / ค้าบ / ครับผม / ค่า / จ้า / จ้ะ / นะ / เท่านั้น / พอ / ด้วย / ก็พอ / เลย / น่าจะ / ละกัน / แล้วกัน / ก็ได้ / แล้ว
        กว่าๆ / ขอบคุณ / ถ้วน / พอดี
    """,
    "zh": """
        人 / 位 / 碗 / 顆 / 颗 / 串 / 支 / 粒 / 片 / 壺 / 客 / 人訂位 / 位訂位 / 人用餐 / 個 / 个 / 個人 / 个人 / 名 / 件 / 張 / 张 / 份 / 杯 / 瓶 / 本 / 台 / 次 / 天 / 晚 / 日 / 週 / 周
        個月 / 个月 / 年 / 歲 / 岁 / 元 / 塊 / 块 / 塊錢 / 块钱 / 號 / 号 / 樓 / 楼 / 間 / 间 / 桌 / 組 / 组 / 套
        雙 / 双 / 條 / 条 / 隻 / 只 / 盒 / 箱 / 包 / 小時 / 小时 / 個小時 / 个小时 / 分鐘 / 分钟 / 公斤 / 公分
        公尺 / 公里 / 斤 / kg / cm / % / 左右 / 而已 / 就好 / 就好了 / 就可以了 / 就夠了 / 吧 / 喔 / 哦 / 啊
        謝謝 / 谢谢 / 個位子 / 个位子 / 的 / 了 / 大人 / 個大人 / 位大人 / 好了 / 台幣 / 度 / 分
    """,
    "id": """
        orang / org / tamu / buah / biji / lembar / kali / hari / malam / jam / menit / minggu / bulan / bln / tahun
        thn / kamar / porsi / gelas / botol / kotak / pcs / bungkus / ekor / unit / meja / kursi / kg / kilo
        kilogram / km / cm / meter / gram / rupiah / persen / % / potong / pasang / tiket / paket / cangkir
        piring / dewasa / kak / kakak / ka / mas / mbak / mba / pak / bu / min / gan / sis / ya / yah / dong / deh
        aja / saja / lah / tolong / terima kasih / makasih / cukup / kok / nih / sih / an
    """,
    "en": """
        people / persons / person / guests / guest / adults / adult / seats / seat / pax / nights / night / days
        day / weeks / week / months / month / hours / hour / hrs / hr / minutes / minute / mins / min / years
        year / years old / year old / yrs / yo / times / time / pieces / piece / pcs / items / item / tickets
        ticket / tables / table / rooms / room / copies / cups / boxes / bottles / of us / of them / of those
        in total / total / altogether / dollars / dollar / bucks / usd / yen / jpy / baht / thb / nt / twd
        rupiah / idr / euros / kg / kilos / kilo / km / cm / m / meters / % / percent / percent please / degrees
        points / please / pls / plz / thanks / thank you / thx / sir / maam / only / or so / exactly / will do
        is fine / is enough / should do / i think / i guess / x
    """,
}
