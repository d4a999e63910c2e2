import FeatureExtraction

/// Tells titles that must not be mined: those with personal data, those reserved for one buyer, and those with blocked
/// terms. Reads normalised titles.
struct TitleFilter {
    private let blocked: [[UInt8]]

    init(blockedTerms: [String]) {
        let normalizer = TextNormalizer()
        blocked = blockedTerms.map { Array(normalizer.normalized($0).utf8) }.filter { !$0.isEmpty }
    }

    /// Whether `title`, normalised, may be mined.
    func allows(_ title: [UInt8]) -> Bool {
        !hasPersonalNumber(title) && !hasAddress(title) && !isReserved(title)
            && !blocked.contains { Self.find($0, in: title) != nil }
    }

    /// Runs that may be telephone, account or postal numbers: nine digits on end, ten or more with dashes or blanks in
    /// groups as telephones have them, three and four digits with a dash.
    private func hasPersonalNumber(_ title: [UInt8]) -> Bool {
        var groups: [Int] = []
        var run = 0
        var isWord = false
        /// What came before the first group.
        var startsClean = true
        var startsWithZero = false
        for index in 0...title.count {
            let byte = index < title.count ? title[index] : 0
            if byte &- 0x30 < 10 {
                if run == 0, groups.isEmpty { (startsClean, startsWithZero) = (!isWord, byte == 0x30) }
                run += 1
                isWord = true
                continue
            }
            if run > 0 {
                groups.append(run)
                if run >= 9 { return true }
                run = 0
            }
            isWord = byte &- 0x61 < 26
            let joins = byte == 0x2D || byte == 0x2E || byte == 0x28 || byte == 0x29 || byte == 0x20
            if joins, index > 0, title[index - 1] &- 0x30 < 10 || byte == 0x28 { continue }
            if startsClean, startsWithZero || groups == [3, 3, 4] || groups == [1, 3, 3, 4], groups.count >= 3,
                (10...13).contains(groups.reduce(0, +)), groups[groups.count - 1] == 4
            {
                return true
            }
            if groups == [3, 4], startsClean, !isWord, Self.find(Array("〒".utf8), in: title) != nil { return true }
            groups.removeAll(keepingCapacity: true)
        }
        return false
    }

    private static let addresses = [
        "http:", "https:", "www.", "〒", ".com", ".co.jp", ".ne.jp", "lineid", "line id", "line:", "ラインid", "インスタid",
        "instagram:", "insta:", "ig:", "gmail", "電話番号", "携帯番号",
    ].map { Array($0.utf8) }

    private func hasAddress(_ title: [UInt8]) -> Bool {
        for (index, byte) in title.enumerated() where byte == 0x40 {
            // An address or a handle, unlike "2 @ 5".
            if index + 1 < title.count, title[index + 1] &- 0x61 < 26 || title[index + 1] == 0x5F { return true }
        }
        return Self.addresses.contains { Self.find($0, in: title) != nil }
    }

    private static let reservations = [
        "reserved", "on hold", "hold for", "(hold)", "様専用", "さま専用", "さん専用", "ちゃん専用", "専用ページ", "専用出品", "専用です",
        "専用】", "【専用", "様お取り置き", "お取り置き", "取り置き中", "様ご購入", "様へ", "様おまとめ", "様リピート", "様確認",
    ].map { Array($0.utf8) }
    private static let honorific = Array("様".utf8)
    private static let reservedFor = Array("専用".utf8)
    private static let forms = ["仕", "王", "神", "客", "多", "模", "同", "皇", "姫", "殿", "魔", "一", "奥", "若"].map {
        Array($0.utf8)
    }

    private func isReserved(_ title: [UInt8]) -> Bool {
        if Self.reservations.contains(where: { Self.find($0, in: title) != nil }) { return true }
        if title.starts(with: Self.reservedFor) || title.suffix(6).elementsEqual(Self.reservedFor) { return true }
        // A person's name, unless the mark is part of a common word.
        var from = 0
        while let place = Self.find(Self.honorific, in: title, from: from) {
            from = place + Self.honorific.count
            let before = title[..<place].suffix(3)
            let endsHere = from == title.count || Self.endsWord(title, at: from)
            if endsHere, !before.isEmpty, !Self.forms.contains(where: { $0.elementsEqual(before) }) { return true }
        }
        return false
    }

    /// Whether a mark or a blank stands there: of ASCII, or a bracket or point of Japanese.
    private static func endsWord(_ title: [UInt8], at place: Int) -> Bool {
        let byte = title[place]
        if byte < 0x80 { return !(byte &- 0x30 < 10 || byte &- 0x61 < 26) }
        return byte == 0xE3 && place + 1 < title.count && title[place + 1] == 0x80
    }

    private static func find(_ term: [UInt8], in title: [UInt8], from start: Int = 0) -> Int? {
        guard title.count >= start + term.count else { return nil }
        for place in start...(title.count - term.count) where title[place] == term[0] {
            if title[place..<place + term.count].elementsEqual(term) { return place }
        }
        return nil
    }
}
