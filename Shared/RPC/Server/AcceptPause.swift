import Logging
import NIOCore

/// Keeps a listener alive, and quiet, while the process has no descriptors or memory left for another connection.
final class AcceptPause: ChannelDuplexHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel
    typealias OutboundIn = Never

    private static let pause = TimeAmount.milliseconds(100)
    private let logger: Logger
    private var isPaused = false
    private var readIsPending = false

    init(logger: Logger) {
        self.logger = logger
    }

    func read(context: ChannelHandlerContext) {
        if isPaused { readIsPending = true } else { context.read() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPaused else { return }
        isPaused = true
        logger.warning(
            "cannot accept connections for now; raise the descriptor limit or lower maxConnections",
            metadata: ["error": "\(error)"])
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isPaused = false
            if self.readIsPending {
                self.readIsPending = false
                context.read()
            }
        }
    }
}
