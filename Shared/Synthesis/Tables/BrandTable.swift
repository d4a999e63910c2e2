/// Of what brand names are made: pairs of a Latin and a kana syllable, or of a character and its reading.
enum BrandTable {
    /// Domain letter, number of Latin names, number of Japanese names, the mean of the tiers in percent, a second domain
    /// some of them also serve, and what may stand beside a name.
    static let domains = """
        f 58 4 0 m atelier,house,none,none
        m 46 3 10 s works,supply,none,none
        k 24 4 -10 f kids,petit,none
        l 30 0 110 j paris,none,none,maison
        s 42 2 5 m sports,gear,none,none
        e 46 2 5 a tech,labo,none,none
        a 20 8 0 e home,none,none
        c 42 6 5 f beaute,cosme,none,none
        t 30 6 0 k toys,games,none,none
        h 22 12 0 a living,craft,none,none
        j 22 4 20 l jewelry,none,none
        i 18 3 10 e sound,none,none
        v 26 3 5 s racing,parts,none
        o 4 22 0 h foods,none
        p 14 12 0 h paper,craft,none
        r 16 3 10 s gear,works,none
        """

    /// What may stand before or after a name: key, Latin form, kana form; `~` is the name.
    static let affixes = """
        none,~,~
        atelier,Atelier ~,アトリエ~
        house,~ House,~ハウス
        works,~ Works,~ワークス
        supply,~ Supply,~サプライ
        kids,~ Kids,~キッズ
        petit,Petit ~,プチ~
        paris,~ & Co.,~アンドコー
        maison,Maison ~,メゾン~
        sports,~ Sports,~スポーツ
        gear,~ Gear,~ギア
        tech,~ Tech,~テック
        labo,~ Lab,~ラボ
        home,~ Home,~ホーム
        beaute,~ Beauté,~ボーテ
        cosme,~ Cosme,~コスメ
        toys,~ Toys,~トイズ
        games,~ Games,~ゲームス
        living,~ Living,~リビング
        craft,~ Craft,~クラフト
        jewelry,~ Jewelry,~ジュエリー
        sound,~ Sound,~サウンド
        racing,~ Racing,~レーシング
        parts,~ Parts,~パーツ
        foods,~ Foods,~フーズ
        paper,~ Paper,~ペーパー
        """

    static let starts = """
        Nor ノル,Vel ヴェル,Lu ル,Mori モリ,Ka カ,Ari アリ,Sol ソル,Ber ベル,Fio フィオ,Gra グラ,Ele エレ,Rin リン,Hal ハル,Cas カス,\
        Du デュ,Ori オリ,Pal パル,Zen ゼン,Wil ウィル,Qui クイ,Mar マル,Ser セル,Tal タル,Bri ブリ,Cle クレ,Dra ドラ,Yu ユ,Jo ジョ,\
        Ne ネ,Fal ファル,Pri プリ,Ro ロ,Em エム,Lav ラヴ,Ste ステ,Tri トリ,Gil ギル,Os オス,Ver ヴェル,Cor コル,Bel ベル,Flo フロ,\
        Min ミン,Sha シャ,Cha チャ,Hyu ヒュ,Kro クロ,Ax アクス,Gen ジェン,Lim リム
        """
    static let middles = """
        ma マ,ve ヴェ,ri リ,do ド,lo ロ,na ナ,ti ティ,sa サ,ko コ,be ベ,ga ガ,li リ,ru ル,fe フェ,mi ミ,de デ,pa パ,te テ,va ヴァ,\
        ne ネ,si シ,la ラ,re レ,mo モ
        """
    static let ends = """
        ra ラ,lle ル,ne ヌ,sto スト,dia ディア,nia ニア,ren レン,vis ヴィス,ta タ,no ノ,rix リックス,bel ベル,ton トン,za ザ,\
        lia リア,ven ヴェン,go ゴ,ce ス,ria リア,dor ドール,lux ルクス,mond モンド,fy フィ,ley リー,ca カ,zo ゾ,tis ティス,ster スター,\
        ette エット,elle エル
        """
    static let kanjiStarts = """
        霧 きり,月 つき,星 ほし,雪 ゆき,桐 きり,楓 かえで,鶴 つる,杉 すぎ,紅 べに,藍 あい,霞 かすみ,雲 くも,露 つゆ,嶺 みね,翠 みどり,暁 あかつき
        """
    static let kanjiMiddles = """
        野 の,里 さと,浜 はま,瀬 せ,森 もり,岬 みさき,沢 さわ,原 はら,坂 さか,庭 にわ,畑 はた,苑 その
        """
    /// By the domain they suit: food, household, machines, and all else.
    static let kanjiEnds = """
        o 堂 どう,屋 や,本舗 ほんぽ,園 えん,商店 しょうてん
        h 窯 がま,工房 こうぼう,製作所 せいさくしょ,堂 どう
        e 工業 こうぎょう,製作所 せいさくしょ,産業 さんぎょう,工房 こうぼう
        f 工房 こうぼう,商店 しょうてん,屋 や,堂 どう
        """
}
