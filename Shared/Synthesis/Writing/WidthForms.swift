/// The same text in other widths and scripts.
enum WidthForms {
    /// ASCII letters, digits and marks as full-width ones.
    static func fullWidth(_ text: String) -> String {
        mapped(text) { 0x21...0x7E ~= $0 ? $0 + 0xFEE0 : $0 }
    }

    static func hiragana(_ text: String) -> String {
        mapped(text) { 0x30A1...0x30F6 ~= $0 ? $0 - 0x60 : $0 }
    }

    static func katakana(_ text: String) -> String {
        mapped(text) { 0x3041...0x3096 ~= $0 ? $0 + 0x60 : $0 }
    }

    /// Katakana as half-width ones; voiced kana become two.
    static func halfWidthKana(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            if 0x30A1...0x30FC ~= scalar.value, let form = halfKana[Int(scalar.value - 0x30A1)] {
                result += form
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Kana as Latin letters, the way they are typed; long vowels are dropped, the rest is kept.
    static func latinized(_ text: String) -> String {
        var result = ""
        var doubles = false
        for scalar in text.unicodeScalars {
            let kana = 0x30A1...0x30F6 ~= scalar.value ? scalar.value - 0x60 : scalar.value
            if kana == 0x3063 {
                doubles = true
            } else if 0x3041...0x3093 ~= kana {
                let letters = latin[Int(kana - 0x3041)]
                // きゃ is kya, っか is kka.
                if [0x3083, 0x3085, 0x3087].contains(kana), result.hasSuffix("i") { result.removeLast() }
                if doubles { result += letters.prefix(1) }
                result += letters
                doubles = false
            } else if scalar != "ー" {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func mapped(_ text: String, _ change: (UInt32) -> UInt32) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(UnicodeScalar(change(scalar.value)) ?? scalar) }
        return String(result)
    }

    /// Half-width forms from ァ (U+30A1) to ー (U+30FC).
    private static let halfKana: [String?] = {
        let plain = Array("ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロワヲンー".unicodeScalars)
        let half = Array("ｧｱｨｲｩｳｪｴｫｵｶｷｸｹｺｻｼｽｾｿﾀﾁｯﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓｬﾔｭﾕｮﾖﾗﾘﾙﾚﾛﾜｦﾝｰ".unicodeScalars)
        let voiced = Array("ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ".unicodeScalars)
        let unvoiced = Array("ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ".unicodeScalars)
        let aspirated = Array("パピプペポ".unicodeScalars)
        var forms = [String?](repeating: nil, count: 0x30FC - 0x30A1 + 1)
        for (from, to) in zip(plain, half) { forms[Int(from.value - 0x30A1)] = String(to) }
        for (from, to) in zip(voiced, unvoiced) { forms[Int(from.value - 0x30A1)] = String(to) + "ﾞ" }
        for (from, to) in zip(aspirated, "ﾊﾋﾌﾍﾎ".unicodeScalars) {
            forms[Int(from.value - 0x30A1)] = String(to) + "ﾟ"
        }
        return forms
    }()

    /// From ぁ (U+3041) to ん (U+3093).
    private static let latin = fields(
        """
        a a i i u u e e o o ka ga ki gi ku gu ke ge ko go sa za shi ji su zu se ze so zo ta da chi ji t tsu zu te de to do \
        na ni nu ne no ha ba pa hi bi pi fu bu pu he be pe ho bo po ma mi mu me mo ya ya yu yu yo yo ra ri ru re ro wa wa \
        i e o n
        """, " ")
}
