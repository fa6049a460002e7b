"""Words of dates by language: days from today, weekdays, months, eras, and what people put around a date.

Entries are separated by `/`; case, width and kana do not matter.
"""

from __future__ import annotations

RELATIVE: dict[str, dict[int, str]] = {
    "ja": {
        -2: "一昨日 / おととい / おとつい",
        -1: "昨日 / きのう / 前日",
        0: "今日 / きょう / 本日 / 今夜 / 今晩 / 当日",
        1: "明日 / あした / あす / みょうにち / 明晩",
        2: "明後日 / あさって / みょうごにち",
        3: "明々後日 / 明明後日 / しあさって",
    },
    "th": {
        -2: "เมื่อวานซืน / เมื่อวานซืนนี้ / วานซืน",
        -1: "เมื่อวาน / เมื่อวานนี้",
        0: "วันนี้ / คืนนี้ / เย็นนี้ / วันนี้เลย",
        1: "พรุ่งนี้ / วันพรุ่งนี้ / พรุ้งนี้ / พุ่งนี้ / พรุ่งนี้เลย",
        2: "มะรืน / มะรืนนี้ / วันมะรืน / วันมะรืนนี้",
        3: "มะเรื่อง / มะเรื่องนี้ / วันมะเรื่อง",
    },
    "zh": {
        -3: "大前天",
        -2: "前天 / 前日",
        -1: "昨天 / 昨日 / 尋日",
        0: "今天 / 今日 / 今晚 / 本日 / 當天",
        1: "明天 / 明日 / 明晚 / 聽日 / 翌日",
        2: "後天 / 后天 / 後日",
        3: "大後天 / 大后天",
    },
    "id": {
        -2: "kemarin dulu / kemarin lusa",
        -1: "kemarin / kmrn / kemaren",
        0: "hari ini / hr ini / malam ini / nanti malam / sekarang",
        1: "besok / bsk / besuk / esok / esok hari / besok hari / keesokan hari",
        2: "lusa / hari lusa",
        3: "tulat",
    },
    "en": {
        -2: "day before yesterday / the day before yesterday",
        -1: "yesterday / yday",
        0: "today / tonight / 2day / this evening / now",
        1: "tomorrow / tmr / tmrw / tmw / tomorow / tommorow / tommorrow / 2moro / tomorrow night",
        2: "day after tomorrow / the day after tomorrow / overmorrow",
    },
}
"""Language → days from today → words."""

WEEKDAYS: dict[str, tuple[str, ...]] = {
    "ja": (
        "月曜日 / 月曜 / げつようび / げつよう",
        "火曜日 / 火曜 / かようび / かよう",
        "水曜日 / 水曜 / すいようび / すいよう",
        "木曜日 / 木曜 / もくようび / もくよう",
        "金曜日 / 金曜 / きんようび / きんよう",
        "土曜日 / 土曜 / どようび / どよう",
        "日曜日 / 日曜 / にちようび / にちよう",
    ),
    "th": (
        "วันจันทร์ / จันทร์ / จัน / วันจัน",
        "วันอังคาร / อังคาร",
        "วันพุธ / พุธ / วันพุด",
        "วันพฤหัสบดี / วันพฤหัส / พฤหัสบดี / พฤหัส / พฤหัสฯ / วันพฤหัสฯ / พฤหัด / วันพฤหัด",
        "วันศุกร์ / ศุกร์ / วันศุก / ศุก",
        "วันเสาร์ / เสาร์ / วันเสา",
        "วันอาทิตย์ / อาทิตย์",
    ),
    "zh": (
        "星期一 / 禮拜一 / 礼拜一 / 週一 / 周一",
        "星期二 / 禮拜二 / 礼拜二 / 週二 / 周二",
        "星期三 / 禮拜三 / 礼拜三 / 週三 / 周三",
        "星期四 / 禮拜四 / 礼拜四 / 週四 / 周四",
        "星期五 / 禮拜五 / 礼拜五 / 週五 / 周五",
        "星期六 / 禮拜六 / 礼拜六 / 週六 / 周六 / 拜六",
        "星期日 / 星期天 / 禮拜日 / 禮拜天 / 礼拜日 / 礼拜天 / 週日 / 周日",
    ),
    "id": (
        "hari senin / senin / snn / snin / senen / hari senen",
        "hari selasa / selasa / sls",
        "hari rabu / rabu / rbu",
        "hari kamis / kamis / kms",
        "hari jumat / jumat / jum'at / hari jum'at / jum at / jmt",
        "hari sabtu / sabtu / sbt",
        "hari minggu / hari ahad / ahad / minggu",
    ),
    "en": (
        "monday / mon",
        "tuesday / tue / tues",
        "wednesday / wed / weds / wednsday",
        "thursday / thu / thur / thurs",
        "friday / fri",
        "saturday / sat",
        "sunday / sun",
    ),
}
"""Language → Monday to Sunday."""

THIS, NEXT, AFTER_NEXT, COMING = "this", "next", "after next", "coming"

WEEKS: dict[str, dict[str, tuple[str, str]]] = {
    "ja": {
        THIS: ("今週の / 今週", ""),
        NEXT: ("来週の / 来週", ""),
        AFTER_NEXT: ("再来週の / 再来週 / さ来週の", ""),
        COMING: ("次の / 今度の / つぎの / こんどの", ""),
    },
    "th": {
        THIS: ("", "นี้ / สัปดาห์นี้ / อาทิตย์นี้"),
        NEXT: ("สัปดาห์หน้า / อาทิตย์หน้า", "หน้า / สัปดาห์หน้า / อาทิตย์หน้า / ถัดไป"),
        AFTER_NEXT: ("", "สัปดาห์ถัดไปอีก / อีกสองสัปดาห์"),
        COMING: ("", "ที่จะถึง / ที่จะถึงนี้ / ที่กำลังจะถึง / ที่จะมาถึง / ที่จะมาถึงนี้"),
    },
    "zh": {
        THIS: ("這 / 这 / 這個 / 这个 / 本 / 今個 / 這一個", ""),
        NEXT: ("下 / 下個 / 下个 / 下一個 / 下一个", ""),
        AFTER_NEXT: ("下下 / 下下個 / 下下个", ""),
        COMING: ("", ""),
    },
    "id": {
        THIS: ("", "ini / minggu ini / pekan ini"),
        NEXT: ("minggu depan / pekan depan", "depan / minggu depan / pekan depan"),
        AFTER_NEXT: ("", "dua minggu lagi"),
        COMING: ("", "besok / yang akan datang / mendatang / nanti"),
    },
    "en": {
        THIS: ("", "this week"),
        NEXT: ("next", "next week"),
        AFTER_NEXT: ("", "after next / the week after next"),
        COMING: ("this / coming / this coming / upcoming / the coming", "coming"),
    },
}
"""Language → which week → words before and after a weekday."""

YEARS: dict[str, int] = {
    "再来年": 2,
    "来年": 1,
    "今年": 0,
    "後年": 2,
    "后年": 2,
    "明年": 1,
    "ปีหน้า": 1,
    "ปีนี้": 0,
    "tahun depan": 1,
    "tahun ini": 0,
    "next year": 1,
    "this year": 0,
}
"""Years from this one → words before or behind a date."""

WEEK_OR_SUNDAY: frozenset[str] = frozenset(("อาทิตย์หน้า", "อาทิตย์นี้", "minggu depan", "minggu ini", "minggu besok"))
"""Phrases that mean a week as well as a Sunday."""

MONTHS: dict[str, tuple[str, ...]] = {
    "th": (
        "มกราคม / มกรา / ม.ค / มค",
        "กุมภาพันธ์ / กุมภา / ก.พ / กพ",
        "มีนาคม / มีนา / มี.ค / มีค",
        "เมษายน / เมษา / เม.ย / เมย",
        "พฤษภาคม / พฤษภา / พ.ค / พค",
        "มิถุนายน / มิถุนา / มิ.ย / มิย",
        "กรกฎาคม / กรกฎา / กรกฏาคม / กรกฏา / ก.ค / กค",
        "สิงหาคม / สิงหา / ส.ค / สค",
        "กันยายน / กันยา / ก.ย / กย",
        "ตุลาคม / ตุลา / ต.ค / ตค",
        "พฤศจิกายน / พฤศจิกา / พ.ย / พย",
        "ธันวาคม / ธันวา / ธ.ค / ธค",
    ),
    "id": (
        "januari / jan",
        "februari / pebruari / feb",
        "maret / mar",
        "april / apr",
        "mei",
        "juni / jun",
        "juli / jul",
        "agustus / agu / agt / ags / agust",
        "september / sep / sept",
        "oktober / okt",
        "november / nopember / nov / nop",
        "desember / des",
    ),
    "en": (
        "january / jan",
        "february / feb / febuary",
        "march / mar",
        "april / apr",
        "may",
        "june / jun",
        "july / jul",
        "august / aug",
        "september / sep / sept",
        "october / oct",
        "november / nov",
        "december / dec",
    ),
}
"""Language → January to December; Japanese and Chinese number their months."""

NAMED: dict[str, dict[tuple[int, int], str]] = {
    "ja": {
        (1, 1): "元日 / 元旦 / がんじつ / がんたん",
        (12, 24): "クリスマスイブ / クリスマス・イブ / イブ",
        (12, 25): "クリスマス",
        (12, 31): "大晦日 / 大みそか / おおみそか",
    },
    "th": {
        (1, 1): "วันปีใหม่ / วันขึ้นปีใหม่",
        (12, 25): "วันคริสต์มาส / คริสต์มาส",
        (12, 31): "วันสิ้นปี / สิ้นปี",
    },
    "zh": {
        (1, 1): "元旦",
        (12, 24): "聖誕夜 / 圣诞夜 / 平安夜",
        (12, 25): "聖誕節 / 圣诞节 / 聖誕",
        (12, 31): "跨年 / 跨年夜",
    },
    "id": {
        (1, 1): "tahun baru / hari tahun baru",
        (12, 24): "malam natal",
        (12, 25): "natal / hari natal",
        (12, 31): "malam tahun baru",
    },
    "en": {
        (1, 1): "new year's day / new years day",
        (12, 24): "christmas eve / xmas eve",
        (12, 25): "christmas / christmas day / xmas",
        (12, 31): "new year's eve / new years eve",
    },
}
"""Language → month and day → names of feasts that always fall on it."""

ERAS: dict[str, int] = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    "大正": 1911,
    "明治": 1867,
    "r": 2018,
    "h": 1988,
    "s": 1925,
    "t": 1911,
    "m": 1867,
    "民國": 1911,
    "民国": 1911,
    "中華民國": 1911,
}
"""Era → the year before its first."""

ERA_SPANS: dict[str, tuple[str, str]] = {
    "令和": ("2019-05-01", "2999-12-31"),
    "平成": ("1989-01-08", "2019-04-30"),
    "昭和": ("1926-12-25", "1989-01-07"),
    "大正": ("1912-07-30", "1926-12-24"),
    "明治": ("1868-01-25", "1912-07-29"),
}

BEFORE: dict[str, str] = {
    "ja": "えっと / えーと / じゃあ / では / できれば / 日付は / 希望は / 次は / やっぱり / 来店は / 来店日は",
    "th": "วันที่ / เป็นวันที่ / เป็น / ขอ / เอา / ขอเป็น / เอาเป็น / ของ / ณ / ตรงกับ / จอง / ไป / ประมาณ",
    "zh": """
        我要 / 我想要 / 想要 / 要 / 那就 / 那 / 就 / 在 / 訂 / 大概 / 約 / 我想訂 / 想訂 / 我要訂 / 預約 / 我要預約 / 我想預約 / 改
        改成 / 改到 / 國曆 / 西元
    """,
    "id": """
        pada / tanggal / tgl / pada tanggal / untuk / buat / untuk tanggal / di / mau / hari / sekitar / untuk hari / kalau
        reservasi untuk / pesan untuk / pesan meja untuk / jadi
    """,
    "en": """
        on / for / the / maybe / its / lets say / say / make it / how about / by / at / on the / about / around
        i think / it is / from
    """,
}

AFTER: dict[str, str] = {
    "ja": """
        です / でお願いします / お願いします / おねがいします / にします / に / で / がいいです / がいい
        希望です / を希望します / 希望 / ね / よ / かな / 頃 / ごろ / の予定です / お願いいたします / でお願いいたします
        でお願いできますか / に伺います / 伺います / 行きます / に行きます / 予約したいです / に予約したいです / を予約したいです
        で予約したいです / でもいいですか / でもよろしいですか / は大丈夫ですか / は空いてますか / は空いていますか / は
    """,
    "th": "ค่ะ / คะ / ครับ / คับ / ค้าบ / ครับผม / ค่า / จ้า / จ้ะ / นะ / เลย / ก็ได้ / ได้ไหม / ได้มั้ย / ว่างไหม / ดีกว่า / แล้วกัน / ละกัน / ขอบคุณ",
    "zh": "吧 / 喔 / 哦 / 好了 / 可以嗎 / 可以 / 謝謝 / 谢谢 / 啊 / 左右 / 好嗎 / 就好 / 有位子嗎 / 有空位嗎 / 有位嗎",
    "id": """
        ya / kak / pak / bu / mas / mbak / min / deh / aja / saja / dong / tolong / terima kasih / makasih / boleh
        bisa / bisa gak / bisa ga / bisa nggak / bisa tidak / gimana / bagaimana / tolong ya
    """,
    "en": """
        please / pls / thanks / thank you / would be great / works / is fine / is good / if possible / i think
        sounds good / ok
    """,
}
