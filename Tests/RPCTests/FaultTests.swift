import NIOCore
import RPC
import Testing

@Suite(.timeLimit(.minutes(2)))
struct FaultTests {
    @Test func anOversizeFrameIsRefusedAndTheConnectionGoesOn() async throws {
        try await EchoServer.run(.loopback { $0.maxMessageLength = 1000 }) { server in
            let peer = try await RawPeer.connect(to: server.address)
            try await peer.send(Frame.bytes(.request, streamID: 1, payload: [UInt8](repeating: 0, count: 300_000)))
            try await peer.send(Frame.request(EchoMethods.echo, streamID: 3))
            #expect(await eventually { peer.codes == [1: .resourceExhausted, 3: .ok] })
            await peer.close()
        }
    }

    @Test func aResponseOverTheLimitIsAStatus() async throws {
        try await EchoServer.run(.loopback { $0.maxMessageLength = 1000 }) { server in
            try await server.withClient { client in
                let wanted = ByteBuffer(integer: UInt32(5000))
                let failure = try await status { _ = try await client.call(EchoMethods.grow, payload: wanted) }
                #expect(failure?.code == .resourceExhausted)
            }
        }
    }

    @Test func aRequestOverTheLimitFailsAtTheClient() async throws {
        try await EchoServer.run { server in
            try await server.withClient { client in
                let huge = ByteBuffer(repeating: 0, count: 5 << 20)
                let failure = try await status { _ = try await client.call(EchoMethods.echo, payload: huge) }
                #expect(failure?.code == .resourceExhausted)
                #expect(server.executions.count == 0)
            }
        }
    }

    @Test func aDeadlineEndsACallOnBothSides() async throws {
        try await EchoServer.run(spinTime: .milliseconds(300)) { server in
            // The server's side: the first runs too long, the second is past its deadline before it could run.
            let peer = try await RawPeer.connect(to: server.address)
            let requests = [1, 3].flatMap {
                Frame.request(EchoMethods.spin, streamID: UInt32($0), timeout: 100_000_000)
            }
            try await peer.send(requests)
            #expect(await eventually { peer.codes == [1: .deadlineExceeded, 3: .deadlineExceeded] })
            #expect(server.executions.count == 1)
            await peer.close()
            // The client's side: it does not wait for the answer.
            try await server.withClient { client in
                let failure = try await status {
                    _ = try await client.call(EchoMethods.spin, payload: ByteBuffer(), timeout: .milliseconds(5))
                }
                #expect(failure?.code == .deadlineExceeded)
                let answer = try await client.call(EchoMethods.echo, payload: ByteBuffer(string: "on"))
                #expect(answer == ByteBuffer(string: "on"))
            }
        }
    }

    @Test func aCancelledCallEndsAtOnceAndTheConnectionGoesOn() async throws {
        try await EchoServer.run { server in
            try await server.withClient { client in
                let task = Task { try await client.call(EchoMethods.hold, payload: ByteBuffer()) }
                #expect(await eventually { server.executions.count == 1 })
                task.cancel()
                let failure = try await status { _ = try await task.value }
                #expect(failure?.code == .cancelled)
                #expect(client.isConnected)
                server.release.add()
                let answer = try await client.call(EchoMethods.echo, payload: ByteBuffer(string: "on"))
                #expect(answer == ByteBuffer(string: "on"))
            }
        }
    }

    @Test func aPeerThatClosesItsHalfGetsItsAnswers() async throws {
        try await EchoServer.run { server in
            let peer = try await RawPeer.connect(to: server.address)
            let requests = (0..<50).flatMap { Frame.request(EchoMethods.spin, streamID: UInt32($0 * 2 + 1)) }
            try await peer.send(requests)
            try await peer.closeOutput()
            #expect(await eventually { peer.codes.count == 50 && peer.isClosed })
            #expect(peer.codes.values.allSatisfy { $0 == .ok })
            #expect(await eventually { server.server.connectionCount == 0 })
        }
    }

    @Test func resetsAndClosesInMidFrameLeaveNothingBehind() async throws {
        try await EchoServer.run { server in
            let bytes = Frame.request(EchoMethods.echo, streamID: 1, payload: [UInt8](repeating: 1, count: 500))
            for cut in [1, 9, 10, 11, 300] {
                let peer = try await RawPeer.connect(to: server.address)
                try await peer.send(Array(bytes.prefix(cut)))
                if cut % 2 == 0 { try await peer.reset() } else { await peer.close() }
            }
            #expect(await eventually { server.observer.ends.withLock { $0.count } == 5 })
            #expect(await eventually { server.server.connectionCount == 0 })
            try await server.withClient { client in
                _ = try await client.call(EchoMethods.echo, payload: ByteBuffer())
            }
            #expect(server.executions.count == 1)
        }
    }

    @Test func aPeerThatDoesNotReadIsHeldBackAndThenClosed() async throws {
        try await EchoServer.run(
            .loopback {
                $0.maxUnsentLength = 64 << 10
                $0.slowReaderTimeout = .milliseconds(300)
            }
        ) { server in
            let peer = try await RawPeer.connect(to: server.address)
            try await peer.stopReading()
            peer.askForMebibytes(200)
            #expect(await eventually { server.observer.ends.withLock { $0 } == [.slowReader] })
            #expect(server.observer.finished.count < 150)
            await peer.close()
        }
    }

    @Test func peersThatDoNotReadKeepNoOneElseWaiting() async throws {
        try await EchoServer.run(
            .loopback {
                $0.maxUnsentLength = 64 << 10
                $0.maxQueueTime = .milliseconds(25)
            }
        ) { server in
            var peers: [RawPeer] = []
            for _ in 0..<3 {
                let peer = try await RawPeer.connect(to: server.address)
                try await peer.stopReading()
                peer.askForMebibytes(1000)
                peers.append(peer)
            }
            // Long before those peers are cut off; a machine that stalls may refuse a few.
            let end = ContinuousClock.now + .seconds(5)
            var answeredInARow = 0
            try await server.withClient { client in
                while answeredInARow < 50, ContinuousClock.now < end {
                    let failure = await code { _ = try await client.call(EchoMethods.echo, payload: ByteBuffer()) }
                    answeredInARow = failure == nil ? answeredInARow + 1 : 0
                }
            }
            #expect(answeredInARow == 50)
            #expect(server.observer.ends.withLock { $0.isEmpty })
            for peer in peers { await peer.close() }
        }
    }

    @Test func aSlowReaderThatCatchesUpGetsEverything() async throws {
        try await EchoServer.run(
            .loopback {
                $0.maxUnsentLength = 64 << 10
            }
        ) { server in
            let peer = try await RawPeer.connect(to: server.address)
            try await peer.pauseReading(for: .milliseconds(200))
            peer.askForMebibytes(40)
            #expect(await eventually { peer.codes.count == 40 })
            #expect(peer.codes.values.allSatisfy { $0 == .ok })
            await peer.close()
        }
    }

    @Test func anIdleConnectionIsClosed() async throws {
        try await EchoServer.run(.loopback { $0.idleTimeout = .milliseconds(50) }) { server in
            let silent = try await RawPeer.connect(to: server.address)
            let slow = try await RawPeer.connect(to: server.address)
            // Bytes alone do not keep it: a frame of a mebibyte, a byte at a time.
            slow.push([0, 16, 0, 0, 0, 0, 0, 1, 1, 0])
            while !slow.isClosed {
                slow.push([7])
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(await eventually { silent.isClosed })
            #expect(server.observer.ends.withLock { $0 } == [.idle, .idle])
        }
    }

    @Test func aFrameThatDoesNotArriveWholeIsGivenUp() async throws {
        try await EchoServer.run(.loopback { $0.slowWriterTimeout = .milliseconds(100) }) { server in
            let peer = try await RawPeer.connect(to: server.address)
            peer.push(Frame.request(EchoMethods.echo, streamID: 1))
            #expect(await eventually { peer.codes[1] == .ok })
            // Between frames there is no hurry.
            try await Task.sleep(for: .milliseconds(300))
            #expect(!peer.isClosed)
            peer.push([0, 16, 0, 0, 0, 0, 0, 3, 1, 0])
            while !peer.isClosed {
                peer.push([7])
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(await eventually { server.observer.ends.withLock { $0 } == [.slowWriter] })
        }
    }

    /// Peers that send much and do not end it keep neither short messages out, nor long ones once they are gone.
    @Test func longMessagesAreHeldUpToALimit() async throws {
        let length = 1 << 20
        try await EchoServer.run(
            .loopback {
                $0.maxMessageLength = length
                $0.maxHeldLength = 4 * length
                $0.slowWriterTimeout = .seconds(600)
            }
        ) { server in
            let long = ByteBuffer(repeating: 1, count: length - 200)
            let unfinished = Array(
                Frame.bytes(.request, streamID: 1, payload: [UInt8](repeating: 0, count: length)).dropLast())
            var peers: [RawPeer] = []
            for _ in 0..<12 {
                let peer = try await RawPeer.connect(to: server.address)
                try await peer.send(unfinished)
                peers.append(peer)
            }
            let all = peers
            #expect(await eventually { all.count { $0.codes[1] == .resourceExhausted } == 8 })
            try await server.withClient { client in
                #expect(await code { _ = try await client.call(EchoMethods.echo, payload: long) } == .resourceExhausted)
                let short = ByteBuffer(repeating: 1, count: 5_000)
                #expect(try await client.call(EchoMethods.echo, payload: short) == short)
                // One ends what it began, one goes away, and there is room for one again, and again.
                let held = all.filter { $0.codes[1] == nil }
                try await held[0].send([0])
                #expect(await eventually { held[0].codes[1] == .invalidArgument })
                try await held[1].reset()
                #expect(await eventually { server.observer.ends.withLock { $0.count } == 1 })
                for _ in 0..<20 {
                    #expect(try await client.call(EchoMethods.echo, payload: long) == long)
                }
            }
            for peer in peers { await peer.close() }
        }
    }

    /// Each is answered as the protocol's page says, and none of them takes the connection with it.
    @Test func faultsOfTheProtocolAreAnsweredAndTheConnectionGoesOn() async throws {
        try await EchoServer.run { server in
            let peer = try await RawPeer.connect(to: server.address)
            var bytes = Frame.request(EchoMethods.echo, streamID: 5)
            bytes += Frame.request(EchoMethods.echo, streamID: 2)  // even
            bytes += Frame.request(EchoMethods.echo, streamID: 3)  // below the last
            bytes += Frame.bytes(.data, streamID: 7, payload: [1])
            bytes += Frame.bytes(FrameType(rawValue: 9), streamID: 9, payload: [1])  // unknown
            bytes += Frame.bytes(.response, streamID: 11)
            bytes += Frame.request(EchoMethods.echo, streamID: 13, flags: .remoteOpen)
            bytes += Frame.bytes(.request, streamID: 15, payload: [0xff])  // no request
            bytes += Frame.request(EchoMethods.echo, streamID: 17, timeout: -1)
            bytes += Frame.bytes(.request, streamID: 19, payload: [UInt8](repeating: 0, count: (4 << 20) + 1))
            bytes += Frame.request(EchoMethods.echo, streamID: .max)
            try await peer.send(bytes)
            let expected: [UInt32: RPCStatusCode] = [
                5: .ok, 2: .invalidArgument, 3: .invalidArgument, 7: .invalidArgument, 13: .unimplemented,
                15: .invalidArgument, 17: .deadlineExceeded, 19: .resourceExhausted, .max: .ok,
            ]
            #expect(await eventually { peer.codes.count >= expected.count })
            #expect(peer.codes == expected && server.executions.count == 2)
            // An id that was used: its first answer has been read, so a second one replaces it.
            try await peer.send(Frame.request(EchoMethods.echo, streamID: 5))
            #expect(await eventually { peer.codes[5] == .invalidArgument })
            #expect(!peer.isClosed)
            await peer.close()
        }
    }

    @Test func connectionsOverTheLimitAreClosedAndCounted() async throws {
        try await EchoServer.run(.loopback { $0.maxConnections = 2 }) { server in
            let first = try await RawPeer.connect(to: server.address)
            let second = try await RawPeer.connect(to: server.address)
            #expect(await eventually { server.server.connectionCount == 2 })
            let third = try await RawPeer.connect(to: server.address)
            #expect(await eventually { third.isClosed && server.observer.refused.count == 1 })
            await first.close()
            #expect(await eventually { server.server.connectionCount == 1 })
            try await server.withClient { _ = try await $0.call(EchoMethods.echo, payload: ByteBuffer()) }
            await second.close()
        }
    }

    @Test func overloadIsAnsweredAtOnce() async throws {
        try await EchoServer.run(
            .loopback {
                $0.maxQueuedPerConnection = 8
            }, spinTime: .milliseconds(2)
        ) { server in
            let peer = try await RawPeer.connect(to: server.address)
            try await peer.send((0..<100).flatMap { Frame.request(EchoMethods.spin, streamID: UInt32($0 * 2 + 1)) })
            #expect(await eventually { peer.codes.count == 100 })
            let served = peer.codes.values.count { $0 == .ok }
            let shed = peer.codes.values.count { $0 == .resourceExhausted }
            #expect(served >= 8 && shed > 0 && served + shed == 100)
            #expect(shed == server.observer.shed.count && served == server.executions.count)
            await peer.close()
        }
    }

    @Test func aBusyConnectionDoesNotStarveAnother() async throws {
        try await EchoServer.run(
            .loopback {
                $0.maxQueuedPerConnection = 5000
            }, spinTime: .milliseconds(1)
        ) { server in
            let busy = try await RawPeer.connect(to: server.address)
            try await busy.send((0..<5000).flatMap { Frame.request(EchoMethods.spin, streamID: UInt32($0 * 2 + 1)) })
            try await server.withClient { client in
                for _ in 0..<5 { _ = try await client.call(EchoMethods.echo, payload: ByteBuffer()) }
            }
            #expect(busy.codes.count < 5000, "the other connection had to wait for all of the busy one's 5000 requests")
            await busy.close()
        }
    }

    @Test func randomBytesNeverBringTheServerDown() async throws {
        try await EchoServer.run { server in
            for seed in 0..<100 {
                var random = SplitMix64(seed: UInt64(seed))
                let peer = try await RawPeer.connect(to: server.address)
                var bytes = random.bytes(200)
                if seed % 2 == 0 { bytes.replaceSubrange(0..<2, with: [0, 0]) }
                peer.push(bytes)
                peer.push(Frame.request(EchoMethods.echo, streamID: 1).map { seed % 3 == 0 ? $0 ^ 1 : $0 })
                await peer.close()
            }
            try await server.withClient { client in
                let answer = try await client.call(EchoMethods.echo, payload: ByteBuffer(string: "still here"))
                #expect(answer == ByteBuffer(string: "still here"))
            }
        }
    }
}

extension RawPeer {
    /// Makes `count` calls whose answers have 1 MiB each: a few fill the socket's buffers, and the rest must wait.
    fileprivate func askForMebibytes(_ count: Int) {
        push(
            (0..<count).flatMap {
                Frame.request(EchoMethods.grow, streamID: UInt32($0 * 2 + 1), payload: [0, 16, 0, 0])
            })
    }
}
