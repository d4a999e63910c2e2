import Logging
import NIOCore

/// Keeps a listener alive, and quiet, while the process has no descriptors or memory left for another connection.
package final class AcceptPause: ChannelInboundHandler {
    package typealias InboundIn = any Channel

    private static let pause = TimeAmount.milliseconds(100)
    private let logger: Logger
    private var isPaused = false

    package init(logger: Logger) {
        self.logger = logger
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPaused else { return }
        isPaused = true
        logger.warning(
            "cannot accept connections for now; raise the descriptor limit or lower maxConnections",
            metadata: ["error": "\(error)"])
        // A read that failed is still asked for, so that holding back the next one would not keep the loop from trying
        // again and again, with all of a core.
        setReading(false, context)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isPaused = false
            self.setReading(true, context)
        }
    }

    private func setReading(_ isReading: Bool, _ context: ChannelHandlerContext) {
        // Fails for a listener that is closed, which reads no more anyway.
        try? context.channel.syncOptions?.setOption(.autoRead, value: isReading)
    }
}
