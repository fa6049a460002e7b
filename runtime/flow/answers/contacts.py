"""How to reach somebody: e-mail addresses, telephone numbers, web addresses."""

from __future__ import annotations

import re
import unicodedata

from runtime.flow.answers.numbers import LANGUAGES, read_number

EMAIL = re.compile(r"[^@\s<>()\[\],;:\"]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}")
PHONE = re.compile(r"\+?\d{7,15}")
URL = re.compile(r"(?:https?://)?[^\s/:@.]+(?:\.[^\s/:@.]+)+(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE)
_MAIL_AROUND = re.compile(
    r"^(?:(?:my (?:e-?mail|mail)(?: address)?(?: is)?|(?:alamat )?email(?: saya)?(?: adalah)?|e-?mail|mail"
    r"|メール(?:アドレス)?は?|メアドは?|อีเมล(?:คือ)?|(?:我的)?(?:信箱|電子郵件|電子信箱|email)是?)\s*[:：]?\s*)"
    r"|[\s,，、]*(?:です|でお願いします|ค่ะ|คะ|ครับ|นะคะ|นะครับ|謝謝|please|thanks|ya|kak)$",
    re.IGNORECASE,
)
_PHONE_AROUND = re.compile(
    r"^(?:(?:my (?:phone|number)(?: number)?(?: is)?|call me at|tel|phone|mobile|cell"
    r"|(?:携帯|電話|連絡先)(?:番号)?は?|番号は?|(?:我的)?(?:電話|手機|電話號碼|手機號碼|連絡電話|聯絡電話)是?|เบอร์(?:โทร|มือถือ)?(?:คือ)?|โทร|มือถือ"
    r"|(?:nomor|nomer|no)\.?(?: (?:hp|wa|telepon|telp|saya|hp saya|wa saya))?(?: adalah)?|hp|wa|telp|telepon)"
    r"\s*[.:：]?\s*)"
    r"|[\s,，、]*(?:です|でお願いします|でお願いいたします|になります|ค่ะ|คะ|ครับ|คับ|นะคะ|นะครับ|謝謝|谢谢|喔"
    r"|please|thanks|thank you|ya|kak|terima kasih|makasih)[。.!！]?$",
    re.IGNORECASE,
)
_GAPS = re.compile(r"[\s().\-‐–—ー－−/・]")
_EXTENSION = re.compile(r"\s*(?:ext\.?|extension|内線|分機|ต่อ|#)\s*\d{1,6}$", re.IGNORECASE)


def read_email(text: str) -> str | None:
    """`mai@example.com`, in small letters; None when the text is not one address."""
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("。")
    plain = _MAIL_AROUND.sub("", _MAIL_AROUND.sub("", plain)).strip().strip("<>").lower().removeprefix("mailto:")
    return plain if len(plain) <= 254 and EMAIL.fullmatch(plain) else None


def read_phone(text: str) -> str | None:
    """Digits, with a `+` before a country's code; None when the text is no telephone number.

    An extension is left out. Digits may be of any script, or spoken one by one: ศูนย์แปดหนึ่ง…
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if len(plain) > 80:
        return None
    for _ in range(3):
        plain = _PHONE_AROUND.sub("", plain)
    plain = _EXTENSION.sub("", plain)
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    plain = _GAPS.sub("", plain)
    if not any(char.isdigit() for char in plain):
        plain = _spoken(text)
    return plain if PHONE.fullmatch(plain) else None


def _spoken(text: str) -> str:
    """Digits said one after the other, separated by spaces."""
    parts = text.split()
    if not 7 <= len(parts) <= 15:
        return ""
    found = [next((n for tag in LANGUAGES if (n := read_number(one, tag)) is not None), None) for one in parts]
    fits = all(isinstance(one, int) and 0 <= one <= 9 for one in found)
    return "".join(str(one) for one in found) if fits else ""


def read_url(text: str) -> str | None:
    """An address with `https://` before it; None when the text is none."""
    plain = text.strip()
    if not URL.fullmatch(plain) or len(plain) > 2_000:
        return None
    return plain if plain.lower().startswith("http") else f"https://{plain}"
