#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

enum TitleMath {
    @inline(__always)
    static func log(_ value: Float) -> Float { logf(value) }

    @inline(__always)
    static func exp(_ value: Float) -> Float { expf(value) }
}
