"""Words around quantities: currencies, percent, years of age, degrees, units of time.

Entries are separated by `/`; case and width do not matter. Words of several currencies (元, $, ¥) are settled by the
question's currency or by the language.
"""

from __future__ import annotations

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

CURRENCIES: dict[str, str] = {
    "JPY": "円 / 圓 / ￥ / ¥ / yen / jpy / えん / 日圓 / 日元 / 日幣 / เยน",
    "THB": "บาท / ฿ / baht / thb / bht / バーツ / 泰銖 / 泰铢",
    "TWD": "nt$ / 元 / 塊錢 / 塊 / 圓 / $ / twd / ntd / nt / 台幣 / 新台幣 / 新臺幣 / 臺幣 / 台湾ドル",
    "IDR": "rp. / rp / rupiah / idr / ルピア / รูเปียห์ / 印尼盾",
    "USD": "us$ / usd / dollars / dollar / bucks / $ / ドル / 米ドル / ดอลลาร์ / เหรียญ / 美元 / 美金 / dolar",
    "EUR": "€ / eur / euros / euro / ユーロ / ยูโร / 歐元 / 欧元",
    "GBP": "£ / gbp / pounds / pound / ポンド / ปอนด์ / 英鎊 / 英镑",
    "HKD": "hk$ / hkd / 港幣 / 港币 / 港元 / 香港ドル / $ / 元 / 蚊",
    "CNY": "rmb / cny / 人民幣 / 人民币 / 元 / 块 / 块钱 / ￥ / ¥ / yuan / หยวน / 人民元",
    "KRW": "₩ / krw / won / ウォン / วอน / 韓元 / 韩元 / 韓圜",
    "SGD": "s$ / sgd / $ / 新幣 / 新加坡元 / シンガポールドル",
    "MYR": "rm / myr / ringgit / リンギット / ริงกิต / 令吉",
    "PHP": "₱ / php / peso / pesos / ペソ / 披索",
    "VND": "₫ / vnd / dong / đồng / ドン / ดอง / 越南盾",
}
HOME: dict[str, str] = {
    "ja": "JPY", "th": "THB", "zh": "TWD", "zh-cn": "CNY", "zh-hans": "CNY", "zh-hk": "HKD", "id": "IDR", "en": "USD",
    "ko": "KRW", "vi": "VND", "ms": "MYR", "en-gb": "GBP", "en-sg": "SGD",
}  # fmt: skip
"""Whose money a word of several currencies means, by language."""

PERCENT = """
    % / percent / per cent / pct / パーセント / ぱーせんと / เปอร์เซ็นต์ / เปอร์เซนต์ / เปอร์เซ็น / persen / 百分之 / ร้อยละ
    パー / 趴
"""
HALVES = "half / a half / 半分 / 半数 / ครึ่ง / ครึ่งหนึ่ง / 一半 / setengah / separuh / half of it"

AGE = """
    years of age / years old / year old / yrs old / yr old / years / yrs / yo / y/o / age / aged / i am / i'm / im
    歳 / 才 / さい / 満 / 年齢は / 歲 / 岁 / 我今年 / 今年 / 我 / 足歲
    ปี / ขวบ / อายุ / tahun / thn / th / umur / usia / saya
"""

CELSIUS = """
    degrees celsius / degree celsius / degrees c / °c / celsius / 摂氏 / 攝氏 / 摄氏 / องศาเซลเซียส / เซลเซียส
    derajat celsius / 度c
"""
FAHRENHEIT = """
    degrees fahrenheit / degree fahrenheit / degrees f / °f / fahrenheit / 華氏 / 华氏 / องศาฟาเรนไฮต์ / ฟาเรนไฮต์
    derajat fahrenheit / 度f
"""
DEGREES = "degrees / degree / ° / 度 / องศา / derajat"
BELOW = "零下 / 氷点下 / below zero / ติดลบ / di bawah nol"

UNITS: dict[int, str] = {
    SECOND: "seconds / second / secs / sec / s / 秒間 / 秒鐘 / 秒钟 / 秒 / びょう / วินาที / detik / dtk",
    MINUTE: "minutes / minute / mins / min / m / 分間 / 分鐘 / 分钟 / 分 / ぷん / ふん / นาที / menit / mnt",
    HOUR: "hours / hour / hrs / hr / h / 時間 / 小時 / 小时 / 鐘頭 / 钟头 / じかん / ชั่วโมง / ชม. / ชม / jam",
    DAY: "days / day / d / 日間 / 日 / 天 / にち / วัน / hari / hr",
    7 * DAY: "weeks / week / wks / wk / w / 週間 / 週 / 星期 / 禮拜 / 礼拜 / 周 / สัปดาห์ / อาทิตย์ / minggu / mgg",
    30 * DAY: "months / month / か月間 / か月 / ヶ月間 / ヶ月 / カ月 / ケ月 / 個月 / 个月 / เดือน / bulan / bln",
}
"""Milliseconds → words."""

WHOLE: dict[str, str] = {
    "sejam": "1 jam",
    "sehari": "1 hari",
    "seminggu": "1 minggu",
    "sebulan": "1 bulan",
    "semenit": "1 menit",
    "ชั่วโมงนึง": "1 ชั่วโมง",
    "ชั่วโมงหนึ่ง": "1 ชั่วโมง",
    "ชั่วโมงเดียว": "1 ชั่วโมง",
    "วันนึง": "1 วัน",
    "วันเดียว": "1 วัน",
    "อาทิตย์นึง": "1 อาทิตย์",
    "สัปดาห์นึง": "1 สัปดาห์",
    "เดือนนึง": "1 เดือน",
    "丸一日": "1日",
    "まる一日": "1日",
    "半年": "6個月",
}
"""Lengths of which the one is part of the word, in figures."""

ABOUT = """
    about / around / roughly / approximately / for / it takes / maybe / 約 / だいたい / 大体
    およそ / 大約 / 大约 / 大概 / 差不多
    ประมาณ / ราวๆ / ราว / สัก / kira-kira / sekitar / kurang lebih / selama
"""
TAILS = """
    です / くらいです / ぐらいです / ほどです / くらい / ぐらい / ほど / ごろ / 左右 / 上下 / 吧
    or so / please / thanks / long / ค่ะ / ครับ / คะ / 謝謝 / 谢谢 / 喔 / lah / deh / saja kak / aja kak
    คับ / นะ / ละกัน / ya / aja / saja / kak / くらいかな / かな / でお願いします / お願いします / で
"""
