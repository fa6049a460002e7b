"""Words of agreement and refusal by language, as people write them in chats.

`yes` and `no` decide. `soft` is a yes that a no outweighs (お願いします). `particle` is yes when it begins the
text, and politeness behind other words (Thai ครับ, Indonesian ya). `polite` says nothing. `open` leaves
it undecided, whatever else is said. Entries are separated by `/`; case, width and kana do not matter.
"""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "ja": {
        "yes": """
            はい / はーい / はあい / はぁい / うん / ええ / うい / へい / うむ / そう / そうです / そうだ
            そうだね / そうですね / そうね / そうなんです / その通り / その通りです / そのとおり / そのとおりです
            正解 / 正しい / 正しいです / 合ってる / 合ってます / 合っています / あってる / あってます
            あっています / あってるよ / 間違いない / 間違いないです / 間違いありません / まちがいない
            まちがいありません / 問題ない / 問題ないです / 問題ありません / もちろん / もちろんです / 勿論 / 当然
            いい / いいよ / いいですよ / いいね / いいと思います / 良い / 良いです / 良いですよ / よい / よいです
            よろしい / よろしいです / それでいい / それでいいです / これでいい / これでいいです / それでよい
            これでよい / それで良い / それで良いです / これで良い / これで良いです / それで大丈夫
            それで大丈夫です / これで大丈夫 / これで大丈夫です / それで結構です / これで結構です / オッケー / おけ
            おっけ / おk / オーケー / オーケイ / 了解 / 了解です / 了解しました / 了解いたしました / りょ
            りょうかい / りょうかいです / 承知 / 承知です / 承知しました / 承知いたしました / かしこまりました
            わかった / 分かった / わかりました / 分かりました / 頼む / 頼みます / たのむ / たのみます / します
            する / したい / したいです / やる / やります / やりたい / やりたいです / ほしい / ほしいです / 欲しい
            欲しいです / 希望します / 希望です / 必要 / 必要です / いる / いります / 要る / 要ります / ある
            あります / あるよ / できる / できます / 出来る / 出来ます / イエス / ぜひ / 是非 / 賛成 / 賛成です
            同意 / 同意します / 承諾します / 予約します / 注文します / hai / yes / ok / はぁーい / りょーかい
            そうしてください / そうして / ですです / せやな / ほな頼むわ / いいですね / 良いと思います / いいですとも
            完璧 / 完璧です / ばっちり / ばっちりです / いけます / 行けます / 可能 / 可能です / 構わない / 構いません
            かまわない / かまいません / 差し支えない / 差し支えありません / 異議なし / 異議ありません / 喜んで
            確定 / 確定で / 確定です / 確定します / 確定してください / 進めてください / 続けてください
            予約してください / 注文してください / 送ってください / お送りください / 知らせてください / お知らせください
            まる / 丸
        """,
        "no": """
            いいえ / いえ / いーえ / いえー / いや / いやいや / いやだ / いやです / やだ / やです
            嫌 / 嫌だ / 嫌です / ううん / ノー / ちがう / ちがうよ / ちがいます / ちがった / 違う / 違うよ
            違います / 違いますよ / 違った / 違うんです / そうじゃない / そうじゃないです / そうではない
            そうではないです / そうではありません / そうじゃありません / だめ / だめだ / だめです / 駄目 / 駄目だ
            駄目です / 無理 / 無理です / むり / むりです / できない / できないです / できません / 出来ない
            出来ません / しない / しないです / しません / したくない / したくないです / したくありません
            やらない / やりません / やめる / やめます / やめた / やめとく / やめとくわ / やめときます / やめておく
            やめておきます / やめて / やめてください / 止める / 止めます / 止めておきます / いらない
            いらないです / いりません / 要らない / 要らないです / 要りません / 不要 / 不要です / 必要ない
            必要ないです / 必要ありません / 結構 / 結構です / けっこうです / 遠慮する / 遠慮します / 遠慮しておく
            遠慮しておきます / ない / ないです / ないよ / ありません / 無い / 無いです / なし / なしで / なしです
            無し / 無しで / 無しです / 特にない / 特にないです / 特にありません / 特になし / とくにない
            とくにないです / とくにありません / 間違い / 間違いです / 間違ってる / 間違ってます / 間違っています
            間違えました / まちがい / まちがいです / 正しくない / 正しくないです / 正しくありません / よくない
            よくないです / よくありません / 良くない / 良くないです / 良くありません / 合ってない / 合ってないです
            合っていない / 合っていません / 合ってません / 断る / 断ります / お断り / お断りします / 反対
            反対です / 同意しない / 同意しません / まだ / まだです / 欲しくない / ほしくない / 欲しくないです
            ほしくないです / ほしくありません / 予約しない / 予約しません / iie / no / 今はいいです / 今回はいいです
            もういいです / やっぱりいいです / やっぱいいです / やはりいいです / 今は大丈夫です / 今回は大丈夫です
            今は大丈夫 / 今回は大丈夫 / もう大丈夫です / また今度 / また今度で / また今度にします / 今度にします / またにします
            またの機会に / またの機会にします / 違いました / あってない / あってないです / あってません / あっていません
            ちゃう / ちゃうよ / ちゃいます / いらん / いらんわ / いらんです / んーん / いんや / しなくていい / しなくていいです
            しなくて大丈夫 / しなくて大丈夫です / なくていい / なくていいです / なくて大丈夫です / 知らせなくていいです
            送らなくていいです / 消さないで / 送らないで / 遠慮いたします / ご遠慮します / 遠慮させてください
            遠慮させていただきます / 正しくはない / ばつ / ペケ
        """,
        "soft": """
            お願いします / おねがいします / お願い / おねがい / お願い致します / お願いいたします / お願いしまーす
            願います / よろしく / よろしくです / よろしくお願いします / 宜しくお願いします
            よろしくお願いいたします / 宜しくお願い致します / お願いできますか / お願いできますでしょうか / お願いしたいです
            お願いしたい / どうぞ / おなしゃす
        """,
        "polite": """
            です / でーす / だ / だよ / だね / ます / ね / ねー / よ / よー / な / わ / さ / ー / っ / と / あ
            あっ / あー / ああ / まあ / ま / えと / えっと / えーと / えー / では / じゃあ / じゃ / それでは
            それで / これで / で / ですが / ですけど / 今は / 今回は / 今日は / とりあえず / 大丈夫 / 大丈夫です
            だいじょうぶ / だいじょうぶです / いいです / ありがとう / ありがとうございます / 有難う
            有難うございます / ありがと / どうも / すみません / すいません / ごめん / ごめんね / ごめんなさい
            申し訳ありません / 申し訳ないです / 悪いけど / 笑 / w / ww / ください / 下さい / もう / ちょっと
            申し訳ありませんが / 申し訳ございません / 申し訳ございませんが / 申し訳ないですが / すみませんが
            すいませんが / せっかくですが / 悪いですが / やっぱり / やっぱ / やはり / え / うーん / んー / うーむ / っす
            いいっす / 大丈夫っす / だいじょぶ / だいじょぶです / この内容で / その内容で / こちらで / 特に / とくに
            m(_ _)m
        """,
        "open": """
            いいえじゃない / いいえではない / はいじゃない / はいではない / いやじゃない / 嫌じゃない / 無理じゃない
            だめじゃない / 駄目じゃない / 違くない / いいのか / いいかも / どちらでも / どっちでも / 後で / あとで / 後ほど
            のちほど / 検討します / 考えます / 考え中
        """,
    },
    "th": {
        "yes": """
            ใช่ / ไช่ / ใข่ / ช่าย / ใช่แล้ว / ใช่เลย / โอเค / โอเคร / โอเช / โอ / ตกลง / ได้ / ได้เลย / ได้สิ / ได้อยู่ / เอา
            เอาเลย / เอาสิ / เอาด้วย / ถูก / ถูกต้อง / ถูกแล้ว / ถูกต้องแล้ว / แน่นอน / แน่นอนอยู่แล้ว / ชัวร์ / จริง / จริงๆ
            ต้องการ / อยาก / อยากได้ / มี / มีแล้ว / เคย / เห็นด้วย / ยืนยัน / ดี / ดีเลย / ดีมาก / เยี่ยม / เยี่ยมเลย / จัดไป
            จัดมา / จัดเลย / เยส / รับ / รับทราบ / รับด้วย / ทราบแล้ว / เข้าใจแล้ว / เข้าใจ / สนใจ / พร้อม / พร้อมแล้ว
            เรียบร้อย / เรียบร้อยแล้ว / ยอมรับ / ยินดี / สะดวก / เอาค่ะ / เออ / อือ / อื้อ / อืม / อืมม / จอง / จองเลย / ไป
            ไม่มีปัญหา / ได้ไม่มีปัญหา / โอเคเลย / yes / ok / เค / โอเค๊ / คอนเฟิร์ม / คอนเฟิม / ขอคอนเฟิร์ม / อื้ม / อ่าฮะ
            แม่น / แม่นแล้ว / ยินยอม / อนุญาต / ตามนั้น / ลุย / ลุยเลย / ว่าง / สั่ง / สั่งเลย / ส่งเลย / ส่งมาเลย / เตือนด้วย
            ช่วยเตือนด้วย / ดำเนินการเลย / ดำเนินการได้เลย / ทำเลย / ไม่ติด / ไม่ติดอะไร / ไม่ติดปัญหา / ไม่ขัดข้อง
        """,
        "no": """
            ไม่ / ม่าย / ไม่ใช่ / ไม่ไช่ / ไม่ใช่เลย / มิใช่ / ไม่เอา / ไม่เอาแล้ว / ไม่ได้ / ไม่ต้อง / ไม่ต้องการ / ไม่ต้องแล้ว
            ไม่อยาก / ไม่อยากได้ / ไม่มี / ไม่มีแล้ว / ไม่เคย / ไม่ถูก / ไม่ถูกต้อง / ไม่ดี / ไม่ดีกว่า / ไม่ตกลง / ไม่โอเค / ไม่เห็นด้วย
            ไม่ยืนยัน / ไม่ยอม / ไม่ยอมรับ / ไม่จริง / ไม่สนใจ / ไม่พร้อม / ยังไม่พร้อม / ไม่เป็นไร / ไม่จำเป็น / ไม่รับ / ไม่ไป
            ไม่จอง / ไม่สะดวก / ไม่ไหว / ไม่ละ / ไม่ล่ะ / ไม่หรอก / ยัง / ยังไม่ / ยังไม่ใช่ / ยังไม่มี / ยังไม่ได้ / ยังไม่เอา
            ยังไม่ต้อง / โน / ผิด / ผิดแล้ว / เปล่า / ป่าว / อย่า / พอแล้ว / ขอผ่าน / ยกเว้น / no / ไม่ช่าย / ม่ายช่าย / ไม่เปนไร
            ไม่ต้องก็ได้ / ไม่เอาก็ได้ / ไม่ต้องเตือน / ไม่ต้องส่ง / ไม่ต้องลบ / ไม่ลบ / อย่าลบ / ไม่สั่ง / ไม่สั่งแล้ว / ไม่จองแล้ว
            ไม่ยินยอม / ไม่อนุญาต / อย่าเพิ่ง / อย่าพึ่ง / ยังก่อน / ไว้ก่อน / เอาไว้ก่อน / ไว้คราวหน้า / ไว้วันหลัง / คราวหน้า
            คราวหลัง / ไว้โอกาสหน้า / แค่นี้พอ / เท่านี้พอ / บ่เอา / บ่แม่น / บ่เป็นหยัง / ไม่ว่าง
        """,
        "particle": "ครับ / ครับผม / คับ / คับผม / ค้าบ / คร้าบ / ครัช / ฮะ / ฮับ / งับ / ค่ะ / คร่ะ / ค่า / จ้า / จร้า / จ้ะ / จ่ะ / พ่ะย่ะค่ะ",
        "polite": """
            คะ / ขา / จ๋า / นะ / น้า / น่ะ / ล่ะ / ละ / อ่ะ / อะ / สิ / ซิ / เลย / แล้ว / ๆ / ด้วย / หน่อย / หรอก / เถอะ / ก็
            เอ่อ / อ๋อ / อ้อ / ดีกว่า / ก่อน / ตอนนี้ / พี่ / น้อง / แอดมิน / 555 / ขอบคุณ / ขอบคุณมาก
            ขอบคุณมากๆ / ขอบใจ / ขอบคุณนะ / ขอโทษ / ขอโทษที / ขออภัย / กรุณา / รบกวน / สวัสดี / หวัดดี
        """,
        "open": """
            ไม่แน่ใจ / ไม่แน่ / ไม่รู้ / ไม่ทราบ / ไม่เข้าใจ / ใช่ไหม / ใช่มั้ย / ใช่หรือไม่ / ได้ไหม / ได้มั้ย / ไม่ใช่ไม่ / แล้วแต่
            ไม่ได้ไม่ / ไม่ผิด / เดี๋ยว / เดี๋ยวก่อน / คิดดูก่อน / ขอคิดดูก่อน
        """,
    },
    "zh": {
        "yes": """
            是 / 是的 / 是啊 / 是呀 / 是我 / 對 / 對的 / 對啊 / 對呀 / 对 / 对的 / 对啊 / 对呀 / 好 / 好的 / 好啊
            好呀 / 好喔 / 好哦 / 好唷 / 好吧 / 好耶 / 好滴 / 好der / 好喲 / 好咯 / 行 / 可 / 可以 / 可以的
            可以啊 / 可以呀 / 沒問題 / 没问题 / 沒有問題 / 没有问题 / 沒錯 / 没错 / 不錯 / 不错 / 正確 / 正确
            確定 / 确定 / 確認 / 确认 / 要 / 要的 / 我要 / 想 / 想要 / 我想 / 我想要 / 需要 / 我需要 / 有 / 有的
            有啊 / 會 / 会 / 嗯 / 恩 / 嗯哼 / 當然 / 当然 / 當然好 / 當然可以 / 当然可以 / 當然要 / 同意 / 我同意
            願意 / 愿意 / 我願意 / 我愿意 / 了解 / 瞭解 / 知道了 / 收到 / 明白 / 歐克 / 讚 / 贊成 / 赞成 / 就這樣
            就这样 / 這樣就好 / 这样就好 / 這樣可以 / 这样可以 / 就這個 / 就这个 / 接受 / 我接受 / 必須的 / 必须的
            係 / 係呀 / 得 / 有興趣 / 有兴趣 / 訂 / yes / ok / okok / 歐給 / ㄛㄎ / 沒有錯 / 没有错 / 無誤 / 正確無誤
            確認無誤 / 我確定 / 我確認 / 太好了 / 就這樣吧 / 就這麼辦 / 就這樣辦 / 這樣沒錯 / 這樣對 / 這樣就可以
            這樣就可以了 / 這樣ok / 是滴 / 是der / 對der / 嘿啊 / 嘿對 / 對對 / 下單 / 我要下單 / 送出 / 幫我訂
            請幫我訂 / 幫我預約 / 請幫我預約 / 請幫我確認 / 提醒我 / 請提醒我 / 請提醒 / +1
        """,
        "no": """
            不 / 不是 / 不是不是 / 不是的 / 不是我 / 不對 / 不对 / 不要 / 我不要 / 不要了 / 不用 / 不用了
            不用謝謝 / 不用谢谢 / 不必 / 不必了 / 不需要 / 不需要了 / 我不需要 / 不想 / 不想要 / 我不想 / 我不想要
            不好 / 不行 / 不可 / 不可以 / 不能 / 不會 / 不会 / 不了 / 不同意 / 我不同意 / 不願意 / 不愿意
            我不願意 / 我不愿意 / 沒 / 没 / 沒有 / 没有 / 沒有了 / 没有了 / 無 / 无 / 否 / 非 / 錯 / 错 / 錯了
            错了 / 不正確 / 不正确 / 不接受 / 我不接受 / 算了 / 免 / 免了 / 別 / 别 / 不太好 / 不太行 / 不太想
            不太要 / 沒興趣 / 没兴趣 / 還沒 / 还没 / 還沒有 / 还没有 / 尚未 / 未 / 不方便 / 不滿意 / 不满意
            不贊成 / 不赞成 / 不訂 / 不訂了 / 不可能 / 唔係 / 唔要 / 唔使 / 唔使喇 / 冇 / no / 先不 / 先不要 / 先不用
            先不要了 / 先不用了 / 先不要好了 / 先不用好了 / 暫時不要 / 暫時不用 / 還不用 / 還不要 / 還不需要 / 都不要
            都不用 / 不點 / 不點了 / 不刪 / 不刪除 / 不要刪 / 不要刪除 / 不提醒 / 不要提醒 / 不用提醒 / 不用提醒我
            不要提醒我 / 錯誤 / 有錯 / 有誤 / 打錯了 / 寫錯了 / 算了吧 / 婉拒 / 拒絕 / 拒绝 / 下次 / 下次吧 / 下次再說
            改天 / 改天吧 / 改天再說 / 晚點再說 / ㄅ要 / ㄅ用 / ㄅ想 / 母湯 / nono
        """,
        "soft": """
            麻煩了 / 麻烦了 / 麻煩你 / 麻烦你 / 麻煩您 / 麻烦您 / 拜託 / 拜托 / 拜託了 / 拜托了 / 麻煩 / 麻烦 / 請
            请
        """,
        "polite": """
            的 / 了 / 啊 / 呀 / 喔 / 哦 / 噢 / 唷 / 耶 / 啦 / 囉 / 嘍 / 喽 / 咯 / 呢 / 欸 / 誒 / 呃 / 謝謝 / 谢谢
            謝謝你 / 谢谢你 / 謝謝您 / 谢谢您 / 感謝 / 感谢 / 多謝 / 多谢 / 感恩 / 3q / 您 / 你 / 那 / 那就 / 就
            先 / 暫時 / 暂时 / 目前 / 不好意思 / 抱歉 / 對不起 / 对不起 / 不客氣 / 不客气 / 哈 / 哈哈
            呵呵 / 真的 / 喇 / 嘅 / 阿 / 呦 / ㄛ / ㄚ / ㄉ / ㄟ / ㄋ / ㄜ / dㄜ / 沒關係 / 没关系 / 沒事 / 没事
        """,
        "open": """
            好不好 / 是不是 / 對不對 / 对不对 / 要不要 / 可不可以 / 有沒有 / 有没有 / 行不行 / 會不會 / 会不会
            能不能 / 不確定 / 不确定 / 不知道 / 不曉得 / 不清楚 / 不一定 / 都可以 / 都行 / 都好 / 隨便 / 随便
            不得不 / 不用謝 / 不用谢 / 不是不 / 不會不 / 不能不 / 沒有不 / 對了 / 对了 / 要是 / 可能 / 想想 / 我想想
            想一下 / 我想一下 / 再想想 / 我再想想 / 再看看 / 我再看看 / 考慮 / 考慮一下 / 再考慮
        """,
    },
    "id": {
        "yes": """
            iya / iyaa / iyah / iyo / iye / iyes / y / yap / yep / yup / yoi / yo / yes / ok / oke / okey / okeh
            okelah / oke deh / oke sip / sip / siap / baik / baiklah / boleh / boleh banget / bisa / mau
            saya mau / aku mau / mau dong / ingin / lanjut / lanjutkan / tentu / tentu saja / pasti / jelas
            sudah / udah / ada / silakan / silahkan / gas / gaskan / gaskeun / cocok / betul / betul sekali
            benar / bener / benar sekali / tepat / tepat sekali / setuju / saya setuju / inggih / nggih / heeh
            he eh / hooh / ho oh / yakin / jadi / tertarik / perlu / butuh / tidak masalah / gak masalah
            ga masalah / nggak masalah / ya sudah / ya udah / yaudah / ya boleh / suka / sepakat / sesuai
            sudah sesuai / udah sesuai / mantap / mantul / iyap / iyaps / yowes / monggo / njih / enggih / konfirmasi
            saya konfirmasi / ya konfirmasi / tidak keberatan / gak keberatan / dengan senang hati / ingatkan / ingatkan saya / tolong ingatkan / tolong diingatkan
        """,
        "no": """
            tidak / tdk / tak / ga / gak / gk / g / nggak / ngga / nggk / enggak / engga / ndak / nda / kagak
            kaga / gausah / gamau / bukan / bkn / jangan / jgn / belum / blm / blom / belom / tidak mau / gak mau
            ga mau / nggak mau / ngga mau / enggak mau / tidak usah / gak usah / ga usah / nggak usah / ngga usah
            enggak usah / tak usah / tidak jadi / gak jadi / ga jadi / nggak jadi / ngga jadi / tidak bisa
            gak bisa / ga bisa / nggak bisa / ngga bisa / tidak ada / gak ada / ga ada / nggak ada / ngga ada
            tidak perlu / gak perlu / ga perlu / nggak perlu / ngga perlu / tak perlu / tidak boleh / gak boleh
            ga boleh / nggak boleh / tidak benar / gak bener / tidak betul / tidak setuju / saya tidak setuju
            gak setuju / ga setuju / nggak setuju / tidak tertarik / gak tertarik / tidak cocok / belum bisa
            belum ada / tidak ingin / tidak suka / tidak pernah / belum pernah / salah / ogah / saya tidak mau
            bukan saya / bukan itu / jangan dulu / tidak terima kasih / enggak dulu / gak dulu / ga dulu / no
            tdk mau / tdk usah / tdk perlu / tdk jadi / tdk bisa / tdk ada / blum / ora usah / gajadi / gabisa
            gaada / gaperlu / tidak sesuai / gak sesuai / belum sesuai / belum benar / belum betul / ada yang salah
            masih salah / nggak tertarik / ga tertarik / tidak perlu diingatkan / tidak usah diingatkan
            gak perlu diingatkan / gak usah diingatkan / jangan dihapus / jangan hapus / tidak dihapus / biarkan saja
            biarin aja / tolak / saya tolak / nanti saja / nanti aja / nanti dulu / lain kali / lain kali saja
            lain kali aja
        """,
        "particle": "ya / yaa",
        "polite": """
            kak / kakak / ka / mas / mbak / mba / pak / bapak / bu / ibu / min / admin / gan / sis / bang / bro
            dong / donk / deh / dech / sih / lah / kok / nih / aja / saja / saya / aku / itu / ini / dulu / sekali
            banget / hehe / haha / wkwk / wkwkwk / eh / oh / hmm / nah / dan / ah / tidak apa apa / gak apa apa
            ga apa apa / nggak apa apa / gapapa / gak papa / ga papa / gpp / terima kasih / terimakasih / makasih / makasi
            trims / thanks / thx / maaf / tolong
        """,
        "open": """
            tidak tahu / gak tahu / ga tahu / nggak tahu / tidak tau / gak tau / ga tau / nggak tau / ngga tau
            tidak yakin / belum tahu / belum tau / gak yakin / ga yakin / nggak yakin / ya atau tidak
            iya atau tidak / bisa jadi / tidak salah / gak salah / ga salah / nggak salah / bukan tidak / nanti
            kapan kapan / terserah / bebas / ya kan / pikir pikir dulu / pikir dulu
        """,
    },
    "en": {
        "yes": """
            yes / y / ye / yea / yeah / yeh / yep / yup / yess / yip / ya / yah / yas / aye / sure / sure thing
            for sure / ok / okay / okey / okie / okie dokie / k / kk / alright / all right / right / thats right
            that is right / correct / thats correct / that is correct / exactly / absolutely / definitely
            certainly / of course / indeed / affirmative / true / go ahead / go for it / do it / lets do it
            lets go / sounds good / sounds great / looks good / looks right / fine / thats fine / thats ok
            thats okay / no problem / no worries / why not / i do / i am / i would / i will / i can / i have
            i did / yes i do / id like that / id love to / i would like that / i want / i want to / i agree
            agreed / agree / confirm / confirmed / i confirm / you bet / totally / by all means / roger / uh huh
            uhuh / mhm / mm hmm / mmhmm / great / perfect / good / cool / accept / i accept / yes please / yes sir
            it is / they are / we do / we are / we will / lgtm / very well
        """,
        "no": """
            no / n / nope / nop / nah / naw / nay / never / no way / no thanks / no thank you / no thx / not
            not really / not now / not yet / not today / not at all / of course not / absolutely not
            definitely not / certainly not / i dont / i do not / im not / i am not / i wont / i will not
            i wouldnt / i would not / i cant / i cannot / i havent / i have not / i didnt / dont / do not
            negative / false / wrong / incorrect / not correct / thats wrong / that is wrong / thats not right
            thats not correct / that is not right / that is not correct / not right / no need / i dont think so
            dont think so / i think not / rather not / id rather not / i would rather not / i disagree / disagree
            not interested / im not interested / not this time / i dont want to / i dont want it
            i dont want that / dont want to / i dont agree / i do not agree / not ok / not okay / not good
            not fine / it isnt / it is not / its not / we dont / we are not / nothing / no more / i decline
            decline / no no / nein
        """,
        "soft": "please / please do",
        "polite": """
            thanks / thank you / thank you very much / thank you so much / thanks a lot / many thanks / thx / ty
            sir / maam / madam / miss / um / uh / well / oh / hey / hi / hello / ah / sorry / im sorry / then
            just / actually / so / dear / man / bro / dude / lol / haha / really / very much / that / it / and
            honestly / i / for now / at the moment / thats all / all good / im good / im fine / im ok
        """,
        "open": """
            not sure / im not sure / i dont know / dont know / not no / yes or no / yes and no / not wrong
            i dont mind / dont mind / not never
        """,
    },
}
"""Language → kind → words."""

SIGNS: dict[str, str] = {
    "yes": "👍 / 👌 / 🙆 / 🙆‍♀️ / 🙆‍♂️ / ⭕ / ⭕️ / ✅ / ✔️ / ☑️ / 🆗 / 💯 / 🙋 / 🫡 / ◯ / ○ / 〇",
    "no": "👎 / 🙅 / 🙅‍♀️ / 🙅‍♂️ / ❌ / ✖️ / ❎ / 🚫 / 🙅🏻 / × / ✕ / ✗ / ✘",
}
"""Signs that answer on their own."""
