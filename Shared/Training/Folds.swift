/// Assigns listings to folds by their ids, so that the fold of a listing does not change when others come or go.
enum Folds {
    static func fold(of id: String, seed: UInt64, count: Int) -> Int { Int(hash(of: id, seed: seed) % UInt64(count)) }

    static func hash(of id: String, seed: UInt64) -> UInt64 {
        // 64-bit FNV-1a, then the finaliser of SplitMix64 (Steele, Lea and Flood 2014), as ids often differ in a digit.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for byte in id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ hash >> 30) &* 0xBF58_476D_1CE4_E5B9
        hash = (hash ^ hash >> 27) &* 0x94D0_49BB_1331_11EB
        return hash ^ hash >> 31
    }
}
