/// Scalars that pass for others. Glyphs decide: tables are by the scalar as written, before case folding.
public enum LookAlikes {
    /// A letter of another script, or in a frame, to the Latin letter, digit or katakana it looks like.
    static let table: ScalarMap = {
        var map = ScalarMap()
        map.pair("АВЕЅІЈКМНОРСТУХԚԜҮһԁԛԝ", "abesijkmhopctyxqwyhdqw")
        map.pair("авеѕіјкмнорстухгпьяш", "abesijkmhopctyxrnbrw")
        map.pair("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεηικνορτυχωϲϳ", "abezhikmnoptyxabyenikvoptuxwcj")
        map.pair("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnoprstuvwyz")
        map.pair("ɑɡıɩɛɒɔøđłħŧƀɨʉØĐŁĦŦ", "agiieacodlhtbiuodlht")
        map.pair("օսհցգոյ", "ouhggnj")
        map.pair("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ", "abcdeghijklmprstvwz")
        map.pair("ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ", "abcdefghijklmnoprstuvwxyz")
        map.pair("力二口囗工夕卜八三千才又厶匕刂丿乂〆亻", "カニロロエタトハミチオヌムヒリノメメイ")
        for letter in UInt32(0)..<26 {
            for first in [UInt32(0x1F150), 0x1F170, 0x1F1E6] { map[first + letter] = 0x61 + letter }
        }
        for digit in UInt32(1)...9 {
            for first in [UInt32(0x2776), 0x2780, 0x278A, 0x24F5] { map[first + digit - 1] = 0x30 + digit }
        }
        map[0x24FF] = 0x30
        return map
    }()

    /// A letter with a mark to the letter without it; kana keep theirs, which tell か from が.
    static let bases: ScalarMap = {
        var map = ScalarMap()
        let folding = FoldingTable.shared
        var pairs: [UInt32: UInt32] = [:]
        for (pair, composite) in zip(folding.pairs, folding.composites) where pair & 0xFFFF_FFFF < 0x370 {
            pairs[composite] = UInt32(pair >> 32)
        }
        for (composite, first) in pairs {
            var base = first
            while let next = pairs[base] { base = next }
            let image = table[base]
            map[composite] = image == 0 ? base : image
        }
        return map
    }()

    /// What a digit or a mark may stand for: letters of its shape, and kana of its name.
    public static let leetSpellings: [(mark: Unicode.Scalar, letters: String)] = [
        ("0", "oオレ"), ("1", "ilイヒ"), ("2", "zニフ"), ("3", "eサミ"), ("4", "aシヨ"), ("5", "sゴコ"), ("6", "gbロム"),
        ("7", "tナ"), ("8", "bハヤバ"), ("9", "gqクキ"), ("@", "a"), ("$", "s"), ("!", "il"),
    ]

    /// Kana that are taken for each other.
    static let confusedKana = ["ソン", "シツ"]

    /// One scalar for all that digits, marks or a hasty eye mix up: equal classes are a hint, ``canStand(_:for:)`` decides.
    public static let classes: ScalarMap = {
        var parent: [UInt32: UInt32] = [:]
        func root(_ scalar: UInt32) -> UInt32 {
            var scalar = scalar
            while let next = parent[scalar], next != scalar { scalar = next }
            return scalar
        }
        var groups = leetSpellings.map { String($0.mark) + $0.letters } + confusedKana
        groups += numerals.map { String($0.digit) + String($0.scalar) }
        for group in groups {
            let scalars = group.unicodeScalars.map(\.value)
            for scalar in scalars {
                if parent[scalar] == nil { parent[scalar] = scalar }
                let (one, other) = (root(scalars[0]), root(scalar))
                parent[max(one, other)] = min(one, other)
            }
        }
        var map = ScalarMap()
        for scalar in parent.keys { map[scalar] = root(scalar) }
        return map
    }()

    /// Whether `written` may have been meant as `letter`, which it is not equal to.
    public static func canStand(_ written: UInt32, for letter: UInt32) -> Bool {
        let list = Int(standInLists[written])
        guard list > 0 else { return false }
        return standIns[list - 1].contains(letter)
    }

    private static let standIns: [[UInt32]] = standInTable.map(\.letters)

    private static let standInLists: ScalarMap = {
        var map = ScalarMap()
        for (number, row) in standInTable.enumerated() { map[row.written] = UInt32(number + 1) }
        return map
    }()

    /// What each mark, numeral or kana may stand for.
    private static let standInTable: [(written: UInt32, letters: [UInt32])] = {
        var table: [UInt32: [UInt32]] = [:]
        for (mark, letters) in leetSpellings { table[mark.value, default: []] += letters.unicodeScalars.map(\.value) }
        for (scalar, digit) in numerals { table[scalar.value, default: []].append(digit.value) }
        for pair in confusedKana {
            let kana = pair.unicodeScalars.map(\.value)
            for one in kana { table[one, default: []] += kana.filter { $0 != one } }
        }
        return table.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }()

    /// Digits as Japanese writes them. Some are read as the kana they look like, see ``table``.
    static let numerals: [(scalar: Unicode.Scalar, digit: Unicode.Scalar)] = Array(
        zip("〇零一壱弐参四五六七九ニミハ".unicodeScalars, "00112345679238".unicodeScalars))

    /// The digit that a scalar as written stands for, plus one; 0 for none.
    static let digits: ScalarMap = {
        var map = ScalarMap()
        for value in UInt32(0)...9 { map[0x30 + value] = value + 1 }
        for (scalar, digit) in zip("〇零○◯一壱二弐三参四五六七八九".unicodeScalars, "0000112233456789".unicodeScalars) {
            map[scalar.value] = digit.value - 0x2F
        }
        return map
    }()
}
