import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs something on an event loop after the loop has looked at its sockets.
///
/// A task that a task hands to the loop runs before the loop looks at its sockets again, so work that re-submits itself
/// would keep the sockets waiting. A byte through a pipe is seen together with the sockets, and costs two short system
/// calls. Touched on its event loop only, but for `make` and `close`.
final class LoopWaker: @unchecked Sendable {
    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        let onWake: @Sendable () -> Void

        init(onWake: @escaping @Sendable () -> Void) {
            self.onWake = onWake
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            onWake()
        }
    }

    private let channel: any Channel
    private let writeEnd: CInt

    private init(channel: any Channel, writeEnd: CInt) {
        self.channel = channel
        self.writeEnd = writeEnd
    }

    /// `onWake` runs on `eventLoop`, once for every `wake` that came after the last run. Throws when there are no
    /// descriptors left.
    static func make(on eventLoop: any EventLoop, onWake: @escaping @Sendable () -> Void) async throws -> LoopWaker {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw IOError(errnoCode: errno, reason: "pipe") }
        do {
            let channel = try await NIOPipeBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(Reader(onWake: onWake))
                    }
                }
                .takingOwnershipOfDescriptor(input: ends[0]).get()
            return LoopWaker(channel: channel, writeEnd: ends[1])
        } catch {
            for end in ends { Self.closeDescriptor(end) }
            throw error
        }
    }

    func wake() {
        var byte: UInt8 = 0
        // The pipe has room: there is never more than one byte in it for each unanswered wake.
        _ = write(writeEnd, &byte, 1)
    }

    /// Ends it; not to be followed by `wake`.
    func close() async {
        try? await channel.close().get()
        Self.closeDescriptor(writeEnd)
    }

    private static func closeDescriptor(_ descriptor: CInt) {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #elseif canImport(Musl)
            _ = Musl.close(descriptor)
        #elseif canImport(Darwin)
            _ = Darwin.close(descriptor)
        #endif
    }
}
