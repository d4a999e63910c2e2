import CMeCab

/// Splits Japanese text into morphemes. Owned by one worker: a tagger and a lattice must not be shared between threads.
final class MeCabSegmenter {
    private let dictionary: MeCabDictionary
    private let tagger: OpaquePointer
    private let lattice: OpaquePointer

    /// A lattice's memory grows with its sentence and stays; longer text is cut into pieces of this many bytes.
    static let longestSentence = 1_536

    init(dictionary: MeCabDictionary) throws(MeCabError) {
        guard let tagger = mecab_model_new_tagger(dictionary.model) else { throw .outOfMemory }
        guard let lattice = mecab_model_new_lattice(dictionary.model) else {
            mecab_destroy(tagger)
            throw .outOfMemory
        }
        self.dictionary = dictionary
        self.tagger = tagger
        self.lattice = lattice
    }

    deinit {
        mecab_lattice_destroy(lattice)
        mecab_destroy(tagger)
    }

    /// Calls `body` with the byte range of every morpheme of `text[range]`, in order. `text` is valid UTF-8.
    func forEachMorpheme(
        of text: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ body: (Range<Int>) -> Void
    ) {
        guard let base = text.baseAddress else { return }
        var start = range.lowerBound
        while start < range.upperBound {
            var end = min(range.upperBound, start + Self.longestSentence)
            while end < range.upperBound, text[end] & 0xC0 == 0x80 { end -= 1 }
            segment(base, start..<end, body)
            start = end
        }
    }

    private func segment(_ base: UnsafePointer<UInt8>, _ range: Range<Int>, _ body: (Range<Int>) -> Void) {
        // The lattice keeps pointing at the text until it is cleared, and nodes point into it.
        let sentence = UnsafeRawPointer(base + range.lowerBound).assumingMemoryBound(to: CChar.self)
        mecab_lattice_set_sentence2(lattice, sentence, range.count)
        defer { mecab_lattice_clear(lattice) }
        guard mecab_parse_lattice(tagger, lattice) != 0 else {
            body(range)
            return
        }
        var node = mecab_lattice_get_bos_node(lattice)?.pointee.next
        while let current = node?.pointee, let surface = current.surface, current.next != nil {
            let start = range.lowerBound + (surface - sentence)
            body(start..<start + Int(current.length))
            node = current.next
        }
    }
}
