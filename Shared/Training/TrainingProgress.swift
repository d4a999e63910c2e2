/// A step of training, for a progress display.
public struct TrainingProgress: Sendable {
    public var step: String
    /// The share of the step that is done, 0 to 1.
    public var share: Double
}
